import type { KubeEvent } from "../../src/model/event.ts";
import type {
  BackendConfig,
  FrontendConfig,
  ManagedCertificate,
  NetworkPolicy,
  NetworkPolicyRule,
  SecretFacts,
  ServiceNeg,
} from "../../src/model/gke-config.ts";
import type { Ingress, IngressBackend, IngressPath } from "../../src/model/ingress.ts";
import type { Observed } from "../../src/model/observed.ts";
import { type ObjectRef, refKey } from "../../src/model/refs.ts";
import type { EndpointSlice, Service } from "../../src/model/service.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import type { Manifest } from "../controlplane/kube-object.ts";
import { renderConditions, renderNode, renderPod, renderTime, renderWorkload } from "./render-pods.ts";

/**
 * The Kubernetes objects that a snapshot is a projection of: what `src/kubernetes/projections` would read from
 * them is the snapshot again, except for times and UIDs, which a server gives.
 *
 * `metadata.uid` is the snapshot's own, for the caller to match with the server's, and an object under deletion has
 * a `deletionTimestamp`, which a server ignores. Events come last.
 */
export function renderObjects(snapshot: Snapshot): Manifest[] {
  const { ingress, ingresses, services, systemDefaultBackend: fallback } = snapshot;
  const ownAndFallback = unique([...values(services), ...(fallback.known ? [fallback.value] : [])]);
  const pods = values(snapshot.pods);
  return [
    ...values(snapshot.nodes).map(renderNode),
    ...ownAndFallback.map(renderService),
    ...values(snapshot.endpointSlices).map(renderSlice),
    ...pods.map(renderPod),
    ...values(snapshot.workloads).map((workload) => renderWorkload(workload, pods)),
    ...values(snapshot.backendConfigs).map(renderBackendConfig),
    ...values(snapshot.frontendConfigs).map(renderFrontendConfig),
    ...values(snapshot.managedCertificates).map(renderManagedCertificate),
    ...values(snapshot.serviceNegs).map(renderServiceNeg),
    ...values(snapshot.secrets).map(renderSecret),
    ...values(snapshot.networkPolicies).map(renderNetworkPolicy),
    ...unique([ingress, ...values(ingresses)]).map(renderIngress),
    ...values(snapshot.events).map(renderEvent),
  ];
}

function values<T>(observed: Observed<readonly T[]>): readonly T[] {
  return observed.known ? observed.value : [];
}

function unique<T extends { readonly ref: ObjectRef }>(objects: readonly (T | undefined)[]): T[] {
  const existing = objects.filter((object) => object !== undefined);
  return [...new Map(existing.map((object) => [refKey(object.ref), object])).values()];
}

/** Type and name of an object, with the rest of its metadata. */
function head({ apiVersion, kind, namespace, name }: ObjectRef, metadata: object = {}) {
  return { apiVersion, kind, metadata: { name, ...(namespace === "" ? {} : { namespace }), ...metadata } };
}

function deletion({ deletedAt }: { readonly deletedAt?: number }) {
  return deletedAt === undefined ? {} : { deletionTimestamp: renderTime(deletedAt) };
}

function renderIngress(ingress: Ingress): Manifest {
  const { ref, uid, annotations, finalizers, className, defaultBackend, tls, addresses } = ingress;
  const rules = ingress.rules.map(({ host, paths }) => ({
    ...(host === "" ? {} : { host }),
    ...(paths === undefined ? {} : { http: { paths: paths.map(renderPath) } }),
  }));
  return {
    ...head(ref, { uid, annotations, finalizers, ...deletion(ingress) }),
    spec: {
      ...(className === undefined ? {} : { ingressClassName: className }),
      ...(defaultBackend === undefined ? {} : { defaultBackend: renderBackend(defaultBackend) }),
      rules,
      tls,
    },
    status: { loadBalancer: { ingress: addresses.map(renderAddress) } },
  };
}

/** The API insists on a type; leaving it out of a manifest of older versions meant ImplementationSpecific. */
function renderPath({ path, pathType = "ImplementationSpecific", backend }: IngressPath) {
  return { ...(path === "" ? {} : { path }), pathType, backend: renderBackend(backend) };
}

function renderBackend(backend: IngressBackend) {
  if (backend.kind === "service") return { service: { name: backend.service, port: backend.port } };
  return { resource: { apiGroup: "storage.example.com", kind: backend.resourceKind, name: backend.name } };
}

function renderAddress(address: string) {
  return /^[\d.]+$|:/.test(address) ? { ip: address } : { hostname: address };
}

function renderService(service: Service): Manifest {
  const { ref, uid, annotations, type, headless, selector, ports, ipFamilies } = service;
  const { externalTrafficPolicy, externalName } = service;
  const hasNodePorts = type === "NodePort" || type === "LoadBalancer";
  return {
    ...head(ref, { uid, annotations, ...deletion(service) }),
    spec: {
      type,
      ...(headless ? { clusterIP: "None" } : {}),
      ...(selector === undefined ? {} : { selector }),
      // A case that changes the type of a Service may leave a node port, which the API forbids.
      ports: ports.map(({ nodePort, ...port }) => (hasNodePorts ? { ...port, nodePort } : port)),
      ...(externalTrafficPolicy === undefined ? {} : { externalTrafficPolicy }),
      ...(externalName === undefined ? {} : { externalName }),
      ...(type === "ExternalName" ? {} : { ipFamilies }),
    },
  };
}

function renderSlice({ ref, service, managedBy, addressType, ports, endpoints }: EndpointSlice): Manifest {
  return {
    ...head(ref, {
      labels: {
        ...(service === "" ? {} : { "kubernetes.io/service-name": service }),
        ...(managedBy === "" ? {} : { "endpointslice.kubernetes.io/managed-by": managedBy }),
      },
    }),
    addressType,
    ports,
    endpoints: endpoints.map(({ addresses, ready, serving, terminating, nodeName, zone, pod }) => ({
      addresses,
      conditions: { ready, serving, terminating },
      ...(nodeName === undefined ? {} : { nodeName }),
      ...(zone === undefined ? {} : { zone }),
      ...(pod === undefined ? {} : { targetRef: { kind: "Pod", name: pod, namespace: ref.namespace } }),
    })),
  };
}

function renderBackendConfig(config: BackendConfig): Manifest {
  const { timeoutSec, healthCheck, drainingTimeoutSec, sessionAffinity, iap, cdn, logging } = config;
  const headers = config.customRequestHeaders;
  return {
    ...head(config.ref, deletion(config)),
    spec: {
      ...(timeoutSec === undefined ? {} : { timeoutSec }),
      ...(healthCheck === undefined ? {} : { healthCheck }),
      ...(drainingTimeoutSec === undefined ? {} : { connectionDraining: { drainingTimeoutSec } }),
      ...(sessionAffinity === undefined
        ? {}
        : {
            sessionAffinity: {
              affinityType: sessionAffinity.type,
              affinityCookieTtlSec: sessionAffinity.cookieTtlSec,
            },
          }),
      ...(iap === undefined
        ? {}
        : { iap: { enabled: iap.enabled, oauthclientCredentials: { secretName: iap.secretName ?? "" } } }),
      ...(cdn === undefined ? {} : { cdn: renderCdn(cdn) }),
      ...(config.securityPolicy === undefined ? {} : { securityPolicy: { name: config.securityPolicy } }),
      ...(logging === undefined ? {} : { logging }),
      ...(headers.length === 0 ? {} : { customRequestHeaders: { headers } }),
    },
  };
}

function renderCdn({ signedUrlSecrets, ...rest }: NonNullable<BackendConfig["cdn"]>) {
  return {
    ...rest,
    signedUrlKeys: signedUrlSecrets.map((secretName, index) => ({ keyName: `key-${index}`, secretName })),
  };
}

function renderFrontendConfig({ ref, sslPolicy, redirectToHttps }: FrontendConfig): Manifest {
  return {
    ...head(ref),
    spec: {
      ...(sslPolicy === undefined ? {} : { sslPolicy }),
      ...(redirectToHttps === undefined ? {} : { redirectToHttps }),
    },
  };
}

function renderManagedCertificate(certificate: ManagedCertificate): Manifest {
  const { ref, domains, status, certificateName, expiresAt, domainStatus } = certificate;
  return {
    ...head(ref),
    spec: { domains },
    status: {
      ...(status === "" ? {} : { certificateStatus: status }),
      ...(certificateName === undefined ? {} : { certificateName }),
      ...(expiresAt === undefined ? {} : { expireTime: renderTime(expiresAt) }),
      domainStatus,
    },
  };
}

function renderServiceNeg(neg: ServiceNeg): Manifest {
  const { ref, service, servicePort, zones, conditions, lastSyncAt } = neg;
  const collection = (zone: string) => `https://www.googleapis.com/compute/v1/projects/demo/zones/${zone}`;
  return {
    ...head(ref, {
      labels: {
        "networking.gke.io/service-name": service,
        "networking.gke.io/service-port": servicePort,
      },
      ...deletion(neg),
    }),
    status: {
      conditions: renderConditions(conditions),
      ...(lastSyncAt === undefined ? {} : { lastSyncTime: renderTime(lastSyncAt) }),
      networkEndpointGroups: zones.map(({ zone, state }) => ({
        selfLink: `${collection(zone)}/networkEndpointGroups/${ref.name}`,
        state,
      })),
    },
  };
}

/** The values are none of a diagnosis' business, so they are placeholders, also of a certificate. */
function renderSecret({ ref, type, keys }: SecretFacts): Manifest {
  return { ...head(ref), type, stringData: Object.fromEntries(keys.map((key) => [key, "placeholder"])) };
}

function renderNetworkPolicy({ ref, podSelector, restrictsIngress, ingress }: NetworkPolicy): Manifest {
  return {
    ...head(ref),
    spec: {
      podSelector,
      policyTypes: [restrictsIngress ? "Ingress" : "Egress"],
      ingress: ingress.map(renderPolicyRule),
    },
  };
}

/** Blocks left empty by the projection were peers chosen by labels. */
function renderPolicyRule({ from, ports }: NetworkPolicyRule) {
  const byLabels = [{ podSelector: { matchLabels: { peer: "any" } } }];
  return {
    ...(from === undefined
      ? {}
      : { from: from.length === 0 ? byLabels : from.map((ipBlock) => ({ ipBlock })) }),
    ...(ports === undefined ? {} : { ports }),
  };
}

/** Names of Events mean nothing, and those of the builders are no names for the API server. */
function renderEvent(event: KubeEvent, index: number): Manifest {
  const { namespace, about, type, reason, message, component, count, firstAt, lastAt } = event;
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: `${about.name}.${index}`, namespace },
    involvedObject: about,
    type,
    reason,
    message,
    reportingComponent: component,
    count,
    firstTimestamp: renderTime(firstAt),
    lastTimestamp: renderTime(lastAt),
  };
}
