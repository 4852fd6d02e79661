import { frontendNames, instanceGroupBackendName } from "../controlplane/gke/names.ts";
import { type Cluster, condition, IDS, MINUTE, metadata, negOf, stamp, ZONES } from "./cluster.ts";
import type { AnyObject, Event, Ingress, Service, ServiceNeg, ServicePort } from "./raw-objects.ts";

export const LAB = "projects/lab-project";
const FINALIZER = "networking.gke.io/ingress-finalizer-V2";
const STATUS = "ingress.kubernetes.io/";

/** How long an API server keeps an Event. */
const EVENT_TTL = 60 * MINUTE;

/** The Ingress controller syncs every Ingress this often. */
const RESYNC = 10 * MINUTE;

export function annotationsOf({ metadata: meta }: AnyObject): Record<string, string> {
  meta.annotations ??= {};
  return meta.annotations;
}

export function classOf(ingress: Ingress): string {
  return ingress.metadata.annotations?.["kubernetes.io/ingress.class"] ?? "gce";
}

export function isInternal(cluster: Cluster): boolean {
  return classOf(cluster.ingress) === "gce-internal";
}

/** Whether the NEG controller makes NEGs for what Ingresses use of this Service. */
export function usesNeg(service: Service): boolean {
  const text = service.metadata.annotations?.["cloud.google.com/neg"] ?? "{}";
  return text.includes('"ingress":true');
}

/** What is said about an object: times in epoch milliseconds. */
export interface Saying {
  readonly about: AnyObject;
  readonly type?: string;
  readonly reason: string;
  readonly message: string;
  readonly component?: string;
  readonly firstAt: number;
  readonly lastAt?: number;
  readonly count?: number;
}

export function say(cluster: Cluster, saying: Saying): Event {
  const { about, type = "Normal", reason, message, component = "loadbalancer-controller", firstAt } = saying;
  const { name, namespace = "", uid } = about.metadata;
  const event: Event = {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: `${name}.18eaa${cluster.objects.length.toString(16)}`, namespace },
    involvedObject: { kind: about.kind, namespace, name, ...(uid === undefined ? {} : { uid }) },
    type,
    reason,
    message,
    source: { component },
    reportingComponent: component,
    count: saying.count ?? 1,
    firstTimestamp: stamp(firstAt),
    lastTimestamp: stamp(saying.lastAt ?? firstAt),
  };
  cluster.add(event);
  return event;
}

/** The Service ports that an Ingress sends requests to. */
function portsOf(cluster: Cluster, { spec }: Ingress): { service: Service; port: ServicePort }[] {
  const paths = (spec.rules ?? []).flatMap((rule) => rule.http?.paths ?? []);
  const references = [
    ...paths.map(({ backend }) => backend),
    ...(spec.defaultBackend ? [spec.defaultBackend] : []),
  ];
  return references.flatMap(({ service: reference }) => {
    const service = cluster.all("Service").find(({ metadata: { name } }) => name === reference?.name);
    const port = service?.spec.ports.find((one) =>
      reference?.port.name === undefined
        ? one.port === reference?.port.number
        : one.name === reference.port.name,
    );
    return service !== undefined && port !== undefined ? [{ service, port }] : [];
  });
}

/** Makes the NEGs of every Service port that an Ingress uses, as the NEG controller does. */
export function makeNegs(cluster: Cluster, at: number): void {
  for (const ingress of cluster.all("Ingress")) {
    for (const { service, port } of portsOf(cluster, ingress)) {
      if (usesNeg(service))
        addNeg(cluster, { service, port: port.port, name: negOf(service, port.port) }, at);
    }
  }
}

/** Makes one NEG, and says so on its Service. */
export function addNeg(
  cluster: Cluster,
  { service, port, name }: { readonly service: Service; readonly port: number; readonly name: string },
  at: number,
): void {
  if (cluster.all("ServiceNetworkEndpointGroup").some((neg) => neg.metadata.name === name)) return;
  cluster.add(serviceNeg(service, port, name, at));
  const annotations = annotationsOf(service);
  const status = JSON.parse(annotations["cloud.google.com/neg-status"] ?? "{}") as {
    network_endpoint_groups?: Record<string, string>;
  };
  annotations["cloud.google.com/neg-status"] = JSON.stringify({
    network_endpoint_groups: { ...status.network_endpoint_groups, [port]: name },
    zones: ZONES,
  });
  for (const zone of ZONES) {
    const key = `shop/${service.metadata.name}-${name}-http/${port}-http-GCE_VM_IP_PORT-L7`;
    const message = `Created NEG "${name}" for ${key} in "${zone}".`;
    say(cluster, { about: service, reason: "Create", message, component: "neg-controller", firstAt: at });
  }
}

function serviceNeg(service: Service, port: number, name: string, at: number): ServiceNeg {
  return {
    apiVersion: "networking.gke.io/v1beta1",
    kind: "ServiceNetworkEndpointGroup",
    metadata: metadata("ServiceNetworkEndpointGroup", name, at, {
      finalizers: ["networking.gke.io/neg-finalizer"],
      labels: {
        "networking.gke.io/managed-by": "neg-controller",
        "networking.gke.io/service-name": service.metadata.name,
        "networking.gke.io/service-port": String(port),
      },
    }),
    spec: {},
    status: {
      networkEndpointGroups: ZONES.map((zone) => ({
        networkEndpointType: "GCE_VM_IP_PORT",
        selfLink: `https://www.googleapis.com/compute/v1/${LAB}/zones/${zone}/networkEndpointGroups/${name}`,
      })),
      conditions: [
        condition("Initialized", "True", at, "NegInitializationSuccessful"),
        condition("Synced", "True", at, "NegSyncSuccessful"),
      ],
      lastSyncTime: stamp(at + MINUTE),
    },
  };
}

const DEFAULT_NEG = "k8s1-7c1e09d2-kube-system-default-http-backend-80-d9024279";

/** Names of the backend services of an Ingress. */
function backendNames(cluster: Cluster, ingress: Ingress): string[] {
  const own = portsOf(cluster, ingress).map(({ service, port }) =>
    usesNeg(service) || classOf(ingress) === "gce-internal"
      ? negOf(service, port.port)
      : instanceGroupBackendName(IDS, port.nodePort ?? 0),
  );
  return [...new Set([...own, ...(ingress.spec.defaultBackend === undefined ? [DEFAULT_NEG] : [])])].sort();
}

export function namesOf(ingress: Ingress) {
  return frontendNames(IDS, "shop", ingress.metadata.name);
}

function hasHttp(ingress: Ingress): boolean {
  return annotationsOf(ingress)["kubernetes.io/ingress.allow-http"] !== "false";
}

export function hasHttps(ingress: Ingress): boolean {
  return (
    (ingress.spec.tls?.length ?? 0) > 0 ||
    annotationsOf(ingress)["ingress.gcp.kubernetes.io/pre-shared-cert"] !== undefined
  );
}

/** Steps of a sync that leave an Event, in order. */
export const STEPS = ["url-map", "http-proxy", "http-rule", "https-proxy", "https-rule"] as const;
export type Step = (typeof STEPS)[number];

/** Says what a first sync builds, up to and with the step `last`. */
export function sayBuilt(cluster: Cluster, ingress: Ingress, at: number, last: Step = "https-rule"): void {
  const names = namesOf(ingress);
  const http = hasHttp(ingress);
  const https = hasHttps(ingress);
  const messages: Record<Step, string | undefined> = {
    "url-map": `UrlMap "${names.urlMap}" created`,
    "http-proxy": http ? `TargetProxy "${names.httpProxy}" created` : undefined,
    "http-rule": http ? `ForwardingRule "${names.httpRule}" created` : undefined,
    "https-proxy": https ? `TargetProxy "${names.httpsProxy}" created` : undefined,
    "https-rule": https ? `ForwardingRule "${names.httpsRule}" created` : undefined,
  };
  for (const step of STEPS.slice(0, STEPS.indexOf(last) + 1)) {
    const message = messages[step];
    if (message !== undefined) say(cluster, { about: ingress, reason: "Sync", message, firstAt: at });
  }
}

/** What the controller writes on an Ingress at the end of its first successful sync. */
export function serve(cluster: Cluster, ingress: Ingress, at: number): void {
  const names = namesOf(ingress);
  const http = hasHttp(ingress);
  const https = hasHttps(ingress);
  const annotations = annotationsOf(ingress);
  annotations[`${STATUS}url-map`] = names.urlMap;
  if (http) {
    annotations[`${STATUS}forwarding-rule`] = names.httpRule;
    annotations[`${STATUS}target-proxy`] = names.httpProxy;
  }
  if (https) {
    annotations[`${STATUS}https-forwarding-rule`] = names.httpsRule;
    annotations[`${STATUS}https-target-proxy`] = names.httpsProxy;
    annotations[`${STATUS}ssl-cert`] =
      annotations["ingress.gcp.kubernetes.io/pre-shared-cert"] ?? "k8s2-cr-2ss3pdds-8tkl2xbn-0b1c";
  }
  const reserved = Object.keys(annotations).some((key) => key.endsWith("-static-ip-name"));
  if (http && https && !reserved) annotations[`${STATUS}static-ip`] = names.httpRule;
  if (annotations["networking.gke.io/v1beta1.FrontendConfig"] !== undefined) {
    annotations[`${STATUS}redirect-url-map`] = names.redirectMap;
  }
  const healthy = backendNames(cluster, ingress).map((name) => [name, "HEALTHY"]);
  annotations[`${STATUS}backends`] = JSON.stringify(Object.fromEntries(healthy));
  ingress.metadata.finalizers = [FINALIZER];
  ingress.status.loadBalancer.ingress = [{ ip: addressOf(ingress) }];
  sayBuilt(cluster, ingress, at);
  const message = `IP is now ${addressOf(ingress)}`;
  say(cluster, { about: ingress, reason: "IPChanged", message, firstAt: at });
}

function addressOf(ingress: Ingress): string {
  const internal = classOf(ingress) === "gce-internal";
  return `${internal ? "10.128.0" : "203.0.113"}.${20 + ingress.metadata.name.length}`;
}

/** Takes everything a sync wrote off the Ingress, as if none had ever succeeded. */
export function unserve(cluster: Cluster, ingress: Ingress): void {
  const annotations = annotationsOf(ingress);
  for (const key of Object.keys(annotations)) if (key.startsWith(STATUS)) delete annotations[key];
  ingress.status.loadBalancer = {};
  forget(cluster, (event) => event.involvedObject.name === ingress.metadata.name && isProgress(event));
}

function isProgress({ message, involvedObject }: Event): boolean {
  return involvedObject.kind === "Ingress" && message !== "Scheduled for sync";
}

/** Takes away Events. */
export function forget(cluster: Cluster, which: (event: Event) => boolean): void {
  cluster.remove(...cluster.objects.filter((object) => object.kind === "Event" && which(object)));
}

/**
 * Writes the health that the next sync sees into the status annotation of every Ingress.
 *
 * @param only the Service port concerned; all of them when left out
 */
export function reportHealth(cluster: Cluster, service: Service, state: string, only?: ServicePort): void {
  const key = `${STATUS}backends`;
  for (const ingress of cluster.all("Ingress")) {
    const annotations = annotationsOf(ingress);
    if (annotations[key] === undefined) continue;
    const states = JSON.parse(annotations[key]) as Record<string, string>;
    const own = portsOf(cluster, ingress).filter(
      (one) => one.service === service && (only ?? one.port) === one.port,
    );
    const names = own.flatMap(({ port }) => [
      negOf(service, port.port),
      instanceGroupBackendName(IDS, port.nodePort ?? 0),
    ]);
    for (const name of names) if (states[name] !== undefined) states[name] = state;
    annotations[key] = JSON.stringify(states);
  }
}

/** Announces the syncs of every Ingress that GKE takes, from its creation. */
export function schedule(cluster: Cluster, at: number): void {
  for (const ingress of cluster.all("Ingress")) {
    say(cluster, { about: ingress, reason: "Sync", message: "Scheduled for sync", firstAt: at, count: 4 });
  }
}

/** Moment of the newest resync before `now`. */
export function lastResync(since: number, now: number): number {
  return since + Math.floor((now - since - MINUTE) / RESYNC) * RESYNC + 3000;
}

/**
 * Lets time pass until `now`: resyncs are announced, what repeats with them is said again, and Events that are
 * older than an hour are gone.
 *
 * @param repeating Events that every sync repeats
 */
export function pass(cluster: Cluster, now: number, repeating: readonly Event[] = []): void {
  const again = new Set<AnyObject>(repeating);
  for (const object of cluster.objects) {
    if (object.kind !== "Event") continue;
    const resync = lastResync(Date.parse(object.firstTimestamp), now);
    if (object.message === "Scheduled for sync") object.lastTimestamp = stamp(resync);
    else if (again.has(object))
      object.lastTimestamp = stamp(Math.max(resync + 2000, Date.parse(object.firstTimestamp)));
  }
  forget(cluster, (event) => now - Date.parse(event.lastTimestamp) > EVENT_TTL);
}
