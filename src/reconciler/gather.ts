import { parseBackendConfigNames } from "../diagnostics/gke/backend-config-annotation.ts";
import { frontendConfigName, managedCertificateNames } from "../diagnostics/gke/ingress-annotations.ts";
import { SYSTEM_DEFAULT_KEY } from "../diagnostics/gke/lookup.ts";
import { matchesLabels } from "../diagnostics/gke/selector.ts";
import type { KubeEvent } from "../model/event.ts";
import { REPORTING_CONTROLLER } from "../model/event.ts";
import type { BackendConfig, ServiceNeg } from "../model/gke-config.ts";
import type { Ingress } from "../model/ingress.ts";
import { known, mapObserved, type Observed, unknown } from "../model/observed.ts";
import type { Pod, Workload } from "../model/pod.ts";
import { type ObjectKey, type ObjectRef, objectKey, refKey } from "../model/refs.ts";
import type { EndpointSlice, Service } from "../model/service.ts";
import type { Snapshot } from "../model/snapshot.ts";
import {
  knownValues,
  MAX_NEIGHBOURS,
  mergeObserved,
  NODES_TOKEN,
  namespaceToken,
  RecordedReads,
} from "./dependencies.ts";
import type { CloudReader, Listers, Prober } from "./ports.ts";
import { secretNames, serviceNames, sharedValues } from "./references.ts";

/** Where the parts of a snapshot come from. */
export interface GatherSources {
  readonly listers: Listers;
  /** Keys of Ingresses that have one of these {@link sharedValues}. */
  readonly sharing: (value: string) => Iterable<ObjectKey>;
  readonly cloud?: Pick<CloudReader, "observe">;
  readonly prober?: Prober;
}

/** A snapshot and the tokens of everything it was read from, absent objects included. */
export interface Gathered {
  readonly snapshot: Snapshot;
  readonly reads: ReadonlySet<string>;
}

/** Assembles the frozen snapshot of one Ingress at the moment `now` (epoch milliseconds). Never throws. */
export function gather(ingress: Ingress, sources: GatherSources, now: number): Gathered {
  const { listers } = sources;
  const reads = new RecordedReads();
  const { namespace } = ingress.ref;
  const backing = gatherServices(ingress, listers, reads);
  const endpointSlices = mergeObserved(backing.keys.map((key) => listers.endpointSlices.ofService(key)));
  const serviceNegs = mergeObserved(backing.keys.map((key) => listers.serviceNegs.ofService(key)));
  const inputs: BackingInputs = { backing, listers, reads, namespace };
  const pods = gatherPods(inputs, endpointSlices);
  const backendConfigs = gatherBackendConfigs(inputs);
  const secrets = secretNames(ingress, backendConfigs.known ? backendConfigs.value : []);
  reads.tokens.add(NODES_TOKEN).add(namespaceToken("networkPolicies", namespace));
  const snapshot: Snapshot = {
    takenAt: now,
    ingress,
    ingresses: gatherSharing(ingress, sources, reads),
    services: backing.services,
    systemDefaultBackend: backing.systemDefaultBackend,
    endpointSlices,
    pods,
    workloads: gatherWorkloads(inputs),
    backendConfigs,
    frontendConfigs: reads.named("frontendConfigs", listers.frontendConfigs, namespace, [
      ...optional(frontendConfigName(ingress)),
    ]),
    managedCertificates: reads.named(
      "managedCertificates",
      listers.managedCertificates,
      namespace,
      managedCertificateNames(ingress),
    ),
    serviceNegs,
    nodes: listers.nodes.all(),
    secrets: reads.named("secrets", listers.secrets, namespace, secrets),
    networkPolicies: listers.networkPolicies.inNamespace(namespace),
    events: gatherEvents(inputs, ingress, { pods, serviceNegs }),
    ...gatherOutside(ingress, backing.keys, sources),
  };
  return { snapshot: Object.freeze(snapshot), reads: reads.tokens };
}

/** The Services behind one Ingress. */
interface Backing {
  /** What the snapshot shows: those named, and their neighbours where one is missing. */
  readonly services: Observed<readonly Service[]>;
  readonly systemDefaultBackend: Observed<Service | undefined>;
  /** Keys of the Services that get traffic, existing or not. */
  readonly keys: readonly ObjectKey[];
  /** Those of them that exist. */
  readonly existing: Observed<readonly Service[]>;
}

interface BackingInputs {
  readonly backing: Backing;
  readonly listers: Listers;
  readonly reads: RecordedReads;
  /** Namespace of the Ingress. */
  readonly namespace: string;
}

function gatherServices(ingress: Ingress, listers: Listers, reads: RecordedReads): Backing {
  const { namespace } = ingress.ref;
  const names = serviceNames(ingress);
  const services = reads.named("services", listers.services, namespace, names);
  const systemDefault = reads.object("services", listers.services, SYSTEM_DEFAULT_KEY);
  const fallback = ingress.defaultBackend === undefined ? knownValues([systemDefault])[0] : undefined;
  return {
    services,
    systemDefaultBackend: systemDefault.known
      ? systemDefault
      : { ...systemDefault, source: "systemDefaultBackend" },
    keys: [
      ...[...names].map((name) => objectKey(namespace, name)),
      ...optional(fallback && refKey(fallback.ref)),
    ],
    existing: mapObserved(services, (all) => [
      ...all.filter(({ ref }) => names.has(ref.name)),
      ...optional(fallback),
    ]),
  };
}

function gatherPods(
  inputs: BackingInputs,
  slices: Observed<readonly EndpointSlice[]>,
): Observed<readonly Pod[]> {
  const { existing } = inputs.backing;
  if (!existing.known) return existing;
  return mergeObserved(existing.value.map((service) => podsOf(service, inputs, slices)));
}

function podsOf(
  { ref, selector }: Service,
  { listers, reads, namespace }: BackingInputs,
  slices: Observed<readonly EndpointSlice[]>,
): Observed<readonly Pod[]> {
  if (selector === undefined || Object.keys(selector).length === 0) {
    const own = slices.known ? slices.value.filter((slice) => slice.service === ref.name) : [];
    const names = new Set(own.flatMap(({ endpoints }) => endpoints.flatMap(({ pod }) => pod ?? [])));
    const pods = [...names].map((name) => reads.object("pods", listers.pods, objectKey(ref.namespace, name)));
    return mergeObserved(pods.map((pod) => mapObserved(pod, (value) => optional(value))));
  }
  const matching = listers.pods.matching(ref.namespace, selector);
  if (!matching.known || matching.value.length > 0 || ref.namespace !== namespace) return matching;
  return reads.withNeighbours("pods", listers.pods, namespace, []);
}

function gatherWorkloads({
  backing,
  listers,
  reads,
  namespace,
}: BackingInputs): Observed<readonly Workload[]> {
  if (!backing.existing.known) return backing.existing;
  const selecting = backing.existing.value.filter(({ selector }) => Object.keys(selector ?? {}).length > 0);
  return mergeObserved(
    selecting.map(({ ref, selector = {} }) => {
      const matching = mapObserved(listers.workloads.inNamespace(ref.namespace), (workloads) =>
        workloads.filter(({ templateLabels }) => matchesLabels(selector, templateLabels)),
      );
      if (!matching.known || matching.value.length > 0 || ref.namespace !== namespace) return matching;
      return reads.withNeighbours("workloads", listers.workloads, namespace, []);
    }),
  );
}

function gatherBackendConfigs({
  backing,
  listers,
  reads,
  namespace,
}: BackingInputs): Observed<readonly BackendConfig[]> {
  if (!backing.existing.known) return backing.existing;
  return mergeObserved(
    backing.existing.value.map((service) => {
      const parsed = parseBackendConfigNames(service);
      if (parsed.kind === "absent") return known([]);
      const named = parsed.kind === "valid" ? [parsed.value.default, ...parsed.value.ports.values()] : [];
      const names = new Set(named.filter((name) => name !== ""));
      const found = reads.named("backendConfigs", listers.backendConfigs, service.ref.namespace, names);
      if (parsed.kind === "valid" || !found.known || service.ref.namespace !== namespace) return found;
      return reads.withNeighbours("backendConfigs", listers.backendConfigs, namespace, found.value);
    }),
  );
}

function gatherSharing(
  ingress: Ingress,
  { listers, sharing }: GatherSources,
  reads: RecordedReads,
): Observed<readonly Ingress[]> {
  const own = refKey(ingress.ref);
  const keys = new Set<ObjectKey>();
  for (const value of sharedValues(ingress)) {
    reads.tokens.add(value);
    for (const key of sharing(value)) if (key !== own) keys.add(key);
  }
  const others = [...keys].sort().slice(0, MAX_NEIGHBOURS);
  return mergeObserved(
    others.map((key) => mapObserved(listers.ingresses.get(key), (other) => optional(other))),
  );
}

interface EventSubjects {
  readonly pods: Observed<readonly Pod[]>;
  readonly serviceNegs: Observed<readonly ServiceNeg[]>;
}

function gatherEvents(
  { backing, listers }: BackingInputs,
  ingress: Ingress,
  { pods, serviceNegs }: EventSubjects,
): Observed<readonly KubeEvent[]> {
  const objects: { readonly ref: ObjectRef }[] = [ingress];
  for (const list of [backing.existing, serviceNegs]) if (list.known) objects.push(...list.value);
  if (pods.known) objects.push(...eventfulPods(pods.value));
  const events = mergeObserved(objects.map(({ ref }) => listers.events.about(ref)));
  return mapObserved(events, (all) => all.filter(({ component }) => component !== REPORTING_CONTROLLER));
}

/** The Pods whose Events may tell something; those that are not ready come first. */
function eventfulPods(pods: readonly Pod[]): readonly Pod[] {
  if (pods.length <= MAX_NEIGHBOURS) return pods;
  return [...pods.filter(({ ready }) => !ready), ...pods.filter(({ ready }) => ready)].slice(
    0,
    MAX_NEIGHBOURS,
  );
}

function gatherOutside(
  ingress: Ingress,
  services: readonly ObjectKey[],
  { cloud, prober }: GatherSources,
): Pick<Snapshot, "loadBalancer" | "probes"> {
  return {
    loadBalancer:
      cloud?.observe(ingress, services) ??
      unknown("loadBalancer", "not-configured", "read access to the load balancer in Google Cloud"),
    probes:
      prober?.results(ingress) ?? unknown("probes", "not-configured", "probing, which is off by default"),
  };
}

function optional<T>(value: T | undefined): T[] {
  return value === undefined ? [] : [value];
}
