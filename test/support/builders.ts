import type { KubeEvent } from "../../src/model/event.ts";
import type { BackendConfig, FrontendConfig, NetworkPolicy, ServiceNeg } from "../../src/model/gke-config.ts";
import type { Ingress, IngressBackend, IngressPath, IngressRule } from "../../src/model/ingress.ts";
import { known, unknown } from "../../src/model/observed.ts";
import type { Container, Node, Pod, Probe, Workload } from "../../src/model/pod.ts";
import { type ObjectRef, stringMap } from "../../src/model/refs.ts";
import type { Endpoint, EndpointSlice, Service, ServicePort } from "../../src/model/service.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";

/** Namespace of every object that does not say otherwise. */
export const NAMESPACE = "shop";

/** Moment of every snapshot that does not say otherwise. */
export const NOW = Date.parse("2026-11-23T12:00:00Z");

/** An hour before {@link NOW}: older than every propagation window. */
export const LONG_AGO = NOW - 60 * 60_000;

type Changes<T> = Partial<T>;

/** Reference to an object, in the tests' namespace unless it says otherwise. */
export function ref(apiVersion: string, kind: string, name: string, namespace = NAMESPACE): ObjectRef {
  return { apiVersion, kind, namespace, name };
}

/** A Service backend; the port is a name or a number. */
export function toService(service: string, port: number | string = 80): IngressBackend {
  return { kind: "service", service, port: typeof port === "number" ? { number: port } : { name: port } };
}

/** A path that sends `path` to a Service. */
export function path(text: string, service = "web", more: Changes<IngressPath> = {}): IngressPath {
  return { path: text, pathType: "Prefix", backend: toService(service), ...more };
}

/** A rule for one host; an empty host is the catch-all. */
export function rule(host: string, ...paths: readonly IngressPath[]): IngressRule {
  return { host, paths };
}

/** Ingress `web` of class `gce` with an address and one Prefix path `/` to Service `web:80`. */
export function ingress(changes: Changes<Ingress> & { readonly name?: string } = {}): Ingress {
  const { name = "web", annotations, ...rest } = changes;
  return {
    ref: ref("networking.k8s.io/v1", "Ingress", name),
    uid: `uid-ingress-${name}`,
    generation: 1,
    createdAt: LONG_AGO,
    changedAt: LONG_AGO,
    annotations: annotations ?? servedAnnotations(),
    finalizers: ["networking.gke.io/ingress-finalizer-V2"],
    rules: [rule("shop.example.com", path("/"))],
    tls: [],
    addresses: ["203.0.113.10"],
    ...rest,
  };
}

/** Annotations of a served Ingress of class `gce`, plus `more`; a value of undefined leaves a key out. */
export function servedAnnotations(more: Readonly<Record<string, string | undefined>> = {}) {
  return stringMap({
    "kubernetes.io/ingress.class": "gce",
    "ingress.kubernetes.io/url-map": "k8s2-um-x-shop-web-y",
    "ingress.kubernetes.io/forwarding-rule": "k8s2-fr-x-shop-web-y",
    "ingress.kubernetes.io/target-proxy": "k8s2-tp-x-shop-web-y",
    "ingress.kubernetes.io/backends": JSON.stringify({ [negName("web")]: "HEALTHY" }),
    ...more,
  });
}

/** Ingress `web`, to whose backend `web` the load balancer gives the health `state`. */
export function reportedIngress(state: string): Ingress {
  const backends = JSON.stringify({ [negName("web")]: state });
  return ingress({ annotations: servedAnnotations({ "ingress.kubernetes.io/backends": backends }) });
}

/** Annotations of an Ingress that no controller has written to. */
export function freshAnnotations(more: Readonly<Record<string, string>> = {}) {
  return stringMap({ "kubernetes.io/ingress.class": "gce", ...more });
}

/** Name of the NEG, and so of the backend service, of a Service port in these tests. */
export function negName(service: string, port = 80): string {
  return `k8s1-7c1e09d2-shop-${service}-${port}-0badc0de`;
}

/** One Service port: 80 to container port 8080. */
export function servicePort(changes: Changes<ServicePort> = {}): ServicePort {
  return { name: "http", port: 80, protocol: "TCP", targetPort: 8080, ...changes };
}

/** Service `web`: ClusterIP with the NEG annotation, port 80 to 8080, selector `app: web`. */
export function service(changes: Changes<Service> & { readonly name?: string } = {}): Service {
  const { name = "web", ...rest } = changes;
  return {
    ref: ref("v1", "Service", name),
    uid: `uid-service-${name}`,
    createdAt: LONG_AGO,
    changedAt: LONG_AGO,
    annotations: stringMap({ "cloud.google.com/neg": '{"ingress":true}' }),
    type: "ClusterIP",
    headless: false,
    selector: stringMap({ app: name }),
    ports: [servicePort()],
    ipFamilies: ["IPv4"],
    ...rest,
  };
}

/** Service `web` of type NodePort without NEGs, so that an instance group stands behind it. */
export function nodePortService(changes: Changes<Service> = {}): Service {
  return service({
    type: "NodePort",
    annotations: stringMap({}),
    ports: [servicePort({ nodePort: 30080 })],
    ...changes,
  });
}

/** GKE's own default backend in `kube-system`. */
export function systemDefaultBackend(changes: Changes<Service> = {}): Service {
  return service({
    ref: ref("v1", "Service", "default-http-backend", "kube-system"),
    uid: "uid-service-default-http-backend",
    type: "NodePort",
    annotations: stringMap({}),
    selector: stringMap({ "k8s-app": "glbc" }),
    ports: [servicePort({ nodePort: 30999 })],
    ...changes,
  });
}

/** Endpoint of pod number `index` of a Service. */
export function endpoint(index: number, changes: Changes<Endpoint> = {}, serviceName = "web"): Endpoint {
  return {
    addresses: [`10.4.0.${index}`],
    ready: true,
    serving: true,
    terminating: false,
    nodeName: "node-a",
    zone: "us-central1-a",
    pod: `${serviceName}-${index}`,
    ...changes,
  };
}

/** Slice of Service `web` with two ready endpoints on port 8080. */
export function slice(changes: Changes<EndpointSlice> = {}): EndpointSlice {
  const { service: serviceName = "web" } = changes;
  return {
    ref: ref("discovery.k8s.io/v1", "EndpointSlice", `${serviceName}-abc12`),
    createdAt: LONG_AGO,
    changedAt: LONG_AGO,
    service: serviceName,
    managedBy: "endpointslice-controller.k8s.io",
    addressType: "IPv4",
    ports: [{ name: "http", port: 8080, protocol: "TCP" }],
    endpoints: [endpoint(1, {}, serviceName), endpoint(2, {}, serviceName)],
    ...changes,
  };
}

/** A readiness probe: HTTP GET / on port 8080. */
export function httpProbe(changes: Changes<Probe> = {}): Probe {
  return {
    kind: "http",
    path: "/",
    port: 8080,
    scheme: "HTTP",
    headers: [],
    timeoutSeconds: 1,
    periodSeconds: 10,
    ...changes,
  };
}

/** A ready container that declares port 8080 and has a readiness probe on `/`. */
export function container(changes: Changes<Container> = {}): Container {
  return {
    name: "app",
    image: "registry.example.com/web:1",
    ports: [{ name: "http", containerPort: 8080, protocol: "TCP" }],
    readinessProbe: httpProbe(),
    hasPreStop: true,
    preStopSleepSeconds: 60,
    ready: true,
    restartCount: 0,
    ...changes,
  };
}

/** Ready pod number `index` of workload `web`, with the NEG readiness gate passed. */
export function pod(index: number, changes: Changes<Pod> = {}, workloadName = "web"): Pod {
  return {
    ref: ref("v1", "Pod", `${workloadName}-${index}`),
    uid: `uid-pod-${workloadName}-${index}`,
    createdAt: LONG_AGO,
    labels: stringMap({ app: workloadName }),
    phase: "Running",
    ip: `10.4.0.${index}`,
    nodeName: "node-a",
    hostNetwork: false,
    ready: true,
    conditions: [
      { type: "Ready", status: "True", reason: "", message: "", since: LONG_AGO },
      {
        type: "cloud.google.com/load-balancer-neg-ready",
        status: "True",
        reason: "LoadBalancerNegReady",
        message: "",
        since: LONG_AGO,
      },
    ],
    readinessGates: ["cloud.google.com/load-balancer-neg-ready"],
    containers: [container()],
    terminationGracePeriodSeconds: 120,
    owner: { kind: "ReplicaSet", name: `${workloadName}-6df65bf67` },
    ...changes,
  };
}

/** A pod condition with the time left at {@link LONG_AGO}. */
export function condition(type: string, status: string, reason = "", message = "") {
  return { type, status, reason, message, since: LONG_AGO };
}

/** Deployment `web` with two of two replicas ready. */
export function workload(changes: Changes<Workload> & { readonly name?: string } = {}): Workload {
  const { name = "web", ...rest } = changes;
  return {
    ref: ref("apps/v1", "Deployment", name),
    createdAt: LONG_AGO,
    replicas: 2,
    readyReplicas: 2,
    updatedReplicas: 2,
    rollingOut: false,
    templateLabels: stringMap({ app: name }),
    selector: stringMap({ app: name }),
    strategy: "RollingUpdate",
    maxUnavailable: "25%",
    minReadySeconds: 0,
    conditions: [],
    ...rest,
  };
}

/** BackendConfig `web-bc` without any field set. */
export function backendConfig(
  changes: Changes<BackendConfig> & { readonly name?: string } = {},
): BackendConfig {
  const { name = "web-bc", ...rest } = changes;
  return {
    ref: ref("cloud.google.com/v1", "BackendConfig", name),
    createdAt: LONG_AGO,
    changedAt: LONG_AGO,
    customRequestHeaders: [],
    ...rest,
  };
}

/** FrontendConfig `web-fc` without any field set. */
export function frontendConfig(
  changes: Changes<FrontendConfig> & { readonly name?: string } = {},
): FrontendConfig {
  const { name = "web-fc", ...rest } = changes;
  return {
    ref: ref("networking.gke.io/v1beta1", "FrontendConfig", name),
    createdAt: LONG_AGO,
    changedAt: LONG_AGO,
    ...rest,
  };
}

/** The ServiceNetworkEndpointGroup of Service `web` port 80, initialized and synced. */
export function serviceNeg(changes: Changes<ServiceNeg> = {}): ServiceNeg {
  const { service: serviceName = "web" } = changes;
  return {
    ref: ref("networking.gke.io/v1beta1", "ServiceNetworkEndpointGroup", negName(serviceName)),
    createdAt: LONG_AGO,
    service: serviceName,
    servicePort: "80",
    zones: [{ zone: "us-central1-a", state: "ACTIVE" }],
    conditions: [
      condition("Initialized", "True", "NegInitializationSuccessful"),
      condition("Synced", "True", "NegSyncSuccessful"),
    ],
    lastSyncAt: LONG_AGO,
    ...changes,
  };
}

/** A ready GKE node in zone us-central1-a. */
export function node(changes: Changes<Node> & { readonly name?: string } = {}): Node {
  const { name = "node-a", ...rest } = changes;
  return {
    ref: ref("v1", "Node", name, ""),
    ready: true,
    zone: "us-central1-a",
    project: "demo-project",
    hasPodCidr: true,
    excluded: false,
    beingDeleted: false,
    addresses: ["10.128.0.2"],
    ...rest,
  };
}

/** NetworkPolicy `deny-all`, which admits nothing to any pod of the namespace. */
export function networkPolicy(changes: Changes<NetworkPolicy> = {}): NetworkPolicy {
  return {
    ref: ref("networking.k8s.io/v1", "NetworkPolicy", "deny-all"),
    podSelector: { matchLabels: stringMap({}), matchExpressions: [] },
    restrictsIngress: true,
    ingress: [],
    ...changes,
  };
}

/** An Event of the load balancer controller about Ingress `web`, a minute before {@link NOW}. */
export function event(changes: Changes<KubeEvent> = {}): KubeEvent {
  return {
    namespace: NAMESPACE,
    name: `web.${changes.reason ?? "Sync"}.${changes.lastAt ?? 0}`,
    about: { kind: "Ingress", namespace: NAMESPACE, name: "web", uid: "uid-ingress-web" },
    type: "Normal",
    reason: "Sync",
    message: "Scheduled for sync",
    component: "loadbalancer-controller",
    count: 1,
    firstAt: LONG_AGO,
    lastAt: NOW - 60_000,
    ...changes,
  };
}

/** A healthy Ingress with everything behind it; `changes` replace whole members. */
export function snapshot(changes: Changes<Snapshot> = {}): Snapshot {
  return {
    takenAt: NOW,
    ingress: ingress(),
    ingresses: known([]),
    services: known([service()]),
    systemDefaultBackend: known(systemDefaultBackend()),
    endpointSlices: known([slice()]),
    pods: known([pod(1), pod(2)]),
    workloads: known([workload()]),
    backendConfigs: known([]),
    frontendConfigs: known([]),
    managedCertificates: known([]),
    serviceNegs: known([serviceNeg()]),
    nodes: known([node()]),
    secrets: notRead("secrets", "not-configured", "the --read-secrets option"),
    networkPolicies: known([]),
    events: known([event()]),
    loadBalancer: notRead("loadBalancer", "not-configured", "Google credentials"),
    probes: notRead("probes", "not-configured", "the --probe option"),
    ...changes,
  };
}

/** An unreadable source; the reason defaults to `forbidden`. */
export const notRead = (
  source: Parameters<typeof unknown>[0],
  reason: Parameters<typeof unknown>[1] = "forbidden",
  needs = `permission to list ${source}`,
) => unknown(source, reason, needs);
