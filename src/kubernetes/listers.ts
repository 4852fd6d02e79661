import { objectKey } from "../model/refs.ts";
import type { CachedKind, CachedTypes, DiagnosisLister, Lister, Listers } from "../reconciler/ports.ts";
import { KindCache, type KindCacheOwner } from "./kind-cache.ts";
import { KeyIndex, LabelIndex } from "./object-index.ts";

/** One cache for each kind. */
export type KindCaches = { readonly [K in CachedKind]: KindCache<K> };

/** An empty cache of every kind; `owner` is told of changes. */
export function createKindCaches(owner: KindCacheOwner<CachedKind>): KindCaches {
  const create = <K extends CachedKind>(kind: K) => new KindCache<K>(kind, owner);
  return {
    ingresses: create("ingresses"),
    services: create("services"),
    endpointSlices: create("endpointSlices"),
    pods: create("pods"),
    workloads: create("workloads"),
    backendConfigs: create("backendConfigs"),
    frontendConfigs: create("frontendConfigs"),
    managedCertificates: create("managedCertificates"),
    serviceNegs: create("serviceNegs"),
    nodes: create("nodes"),
    secrets: create("secrets"),
    networkPolicies: create("networkPolicies"),
    events: create("events"),
    diagnoses: create("diagnoses"),
  };
}

/** Everything the reconciler may ask of the caches. Creates their indexes, so call it before the first object. */
export function createListers(caches: KindCaches): Listers {
  return {
    ingresses: listerOf(caches.ingresses),
    services: listerOf(caches.services),
    endpointSlices: { ...listerOf(caches.endpointSlices), ofService: byService(caches.endpointSlices) },
    pods: { ...listerOf(caches.pods), matching: byLabels(caches.pods) },
    workloads: listerOf(caches.workloads),
    backendConfigs: listerOf(caches.backendConfigs),
    frontendConfigs: listerOf(caches.frontendConfigs),
    managedCertificates: listerOf(caches.managedCertificates),
    serviceNegs: { ...listerOf(caches.serviceNegs), ofService: byService(caches.serviceNegs) },
    nodes: listerOf(caches.nodes),
    secrets: listerOf(caches.secrets),
    networkPolicies: listerOf(caches.networkPolicies),
    events: { ...listerOf(caches.events), about: bySubject(caches.events) },
  };
}

function byService<K extends "endpointSlices" | "serviceNegs">(cache: KindCache<K>) {
  const index = cache.addIndex(
    new KeyIndex<CachedTypes[K]>(({ ref, service }) =>
      service === "" ? undefined : objectKey(ref.namespace, service),
    ),
  );
  return (service: string) => cache.observe(service.slice(0, service.indexOf("/")), () => index.get(service));
}

function byLabels(cache: KindCache<"pods">): Listers["pods"]["matching"] {
  const index = cache.addIndex(new LabelIndex(() => cache.all()));
  return (namespace, selector) => cache.observe(namespace, () => index.matching(namespace, selector));
}

function bySubject(cache: KindCache<"events">): Listers["events"]["about"] {
  const key = (about: { readonly kind: string; readonly namespace: string; readonly name: string }): string =>
    `${about.kind}/${about.namespace}/${about.name}`;
  const index = cache.addIndex(new KeyIndex<CachedTypes["events"]>((event) => key(event.about)));
  return (subject) => cache.observe(subject.namespace, () => index.get(key(subject)));
}

/** The diagnoses as they are stored. */
export function createDiagnosisLister(cache: KindCache<"diagnoses">): DiagnosisLister {
  return {
    get(key) {
      const slash = key.indexOf("/");
      return cache.get(key.slice(0, slash), key.slice(slash + 1));
    },
    all: () => [...cache.all()],
  };
}

/** Reads one cache as the reconciler wants it. */
function listerOf<K extends CachedKind>(cache: KindCache<K>): Lister<CachedTypes[K]> {
  return {
    get(key) {
      const slash = key.indexOf("/");
      const namespace = key.slice(0, slash);
      return cache.observe(namespace, () => cache.get(namespace, key.slice(slash + 1)));
    },
    inNamespace: (namespace) => cache.observe(namespace, () => cache.inNamespace(namespace)),
    all: () => cache.observe(undefined, () => [...cache.all()]),
  };
}
