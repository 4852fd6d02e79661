import type { ServiceNeg } from "../model/gke-config.ts";
import type { Ingress } from "../model/ingress.ts";
import { known, mapObserved, type Observed } from "../model/observed.ts";
import type { Pod, Workload } from "../model/pod.ts";
import { objectKey, refKey } from "../model/refs.ts";
import type { EndpointSlice, Service, ServicePort } from "../model/service.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { backendKey, findServicePort } from "./gke/backend.ts";
import { effectiveHealthCheck } from "./gke/health-check.ts";
import { matchesLabels } from "./gke/selector.ts";
import { reportedBackends } from "./gke/status-annotations.ts";
import type { BackendTarget } from "./gke/translate.ts";
import { type BackendIdentity, healthState, isNameOf, liveBackendService } from "./live-backend.ts";
import type { Backend, BackendEndpoints, Route } from "./topology.ts";

/** What one backend is looked up in; built once per snapshot. */
export interface SourceIndex {
  readonly slices: Observed<ReadonlyMap<string, readonly EndpointSlice[]>>;
  readonly negs: Observed<ReadonlyMap<string, readonly ServiceNeg[]>>;
  /** State by backend service name, from the status annotation. */
  readonly reported: ReadonlyMap<string, string>;
}

/** Groups what belongs to Services, once per snapshot. */
export function indexOf({ endpointSlices, serviceNegs, ingress }: Snapshot): SourceIndex {
  const reported = reportedBackends(ingress);
  const byService = <T extends { readonly ref: { readonly namespace: string }; readonly service: string }>(
    objects: readonly T[],
  ) => groupBy(objects, ({ ref, service }) => objectKey(ref.namespace, service));
  return {
    slices: mapObserved(endpointSlices, byService),
    negs: mapObserved(serviceNegs, byService),
    reported: reported.kind === "valid" ? reported.value : new Map(),
  };
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}

/** What {@link buildBackend} draws from. */
export interface BackendSources {
  readonly snapshot: Snapshot;
  readonly index: SourceIndex;
  readonly routes: readonly Route[];
}

/** Collects everything behind one backend of the Ingress. */
export function buildBackend({ snapshot, index, routes }: BackendSources, target: BackendTarget): Backend {
  const [namespace = "", serviceName = ""] = target.service.split("/");
  const service = serviceOf(snapshot, target);
  const found = service.known ? service.value : undefined;
  const resolved = target.resolution.known ? target.resolution.value.backend : undefined;
  const port = found && findServicePort(found, target.port);
  const pods = mapObserved(snapshot.pods, (all) => selectedPods(found, all));
  const serviceNegs = mapObserved(index.negs, (negs) => negsOf(negs.get(target.service) ?? [], port));
  const choice = resolved?.backendConfig;
  const identity = { service: found, resolved, serviceNegs };
  const annotated = annotatedHealth(index.reported, identity);
  return {
    key: target.key,
    origin: target.origin.kind === "path" ? "rule" : target.origin.kind,
    fields: fieldsOf(snapshot.ingress, routes, target),
    namespace,
    serviceName,
    portReference: target.port,
    service,
    port,
    resolution: target.resolution,
    backendConfig:
      choice?.kind === "unread"
        ? choice.missing
        : known(choice?.kind === "chosen" ? choice.config : undefined),
    healthCheck: resolved ? effectiveHealthCheck(resolved, pods) : known(undefined),
    endpoints: mapObserved(index.slices, (slices) => endpointsOf(slices.get(target.service) ?? [], port)),
    pods,
    workloads: mapObserved(snapshot.workloads, (all) => selectedWorkloads(found, all)),
    serviceNegs,
    reportedHealth: liveHealth(snapshot, identity) ?? annotated,
    annotatedHealth: annotated,
  };
}

function serviceOf(snapshot: Snapshot, { origin, service }: BackendTarget): Observed<Service | undefined> {
  if (origin.kind === "system-default") return snapshot.systemDefaultBackend;
  return mapObserved(snapshot.services, (all) => all.find(({ ref }) => refKey(ref) === service));
}

/** JSON paths inside the Ingress that name this backend; a default backend may be used by paths, too. */
function fieldsOf(
  { ref, defaultBackend }: Ingress,
  routes: readonly Route[],
  { key }: BackendTarget,
): readonly string[] {
  const fields = routes.flatMap((route) => (route.backend === key ? [route.field] : []));
  const isDefault =
    defaultBackend?.kind === "service" &&
    backendKey(ref.namespace, defaultBackend.service, defaultBackend.port) === key;
  return isDefault ? [...fields, "spec.defaultBackend"] : fields;
}

function selectedPods(service: Service | undefined, pods: readonly Pod[]): readonly Pod[] {
  const selector = service?.selector;
  if (service === undefined || selector === undefined) return [];
  return pods.filter(
    (pod) => pod.ref.namespace === service.ref.namespace && matchesLabels(selector, pod.labels),
  );
}

function selectedWorkloads(
  service: Service | undefined,
  workloads: readonly Workload[],
): readonly Workload[] {
  const selector = service?.selector;
  if (service === undefined || selector === undefined) return [];
  return workloads.filter(
    ({ ref, templateLabels }) =>
      ref.namespace === service.ref.namespace && matchesLabels(selector, templateLabels),
  );
}

function negsOf(negs: readonly ServiceNeg[], port: ServicePort | undefined): readonly ServiceNeg[] {
  return port === undefined ? [] : negs.filter((neg) => neg.servicePort === String(port.port));
}

/** A slice serves the Service port whose name its own port carries; others contribute nothing. */
function endpointsOf(slices: readonly EndpointSlice[], port: ServicePort | undefined): BackendEndpoints {
  const name = port?.name ?? "";
  const carrying =
    port === undefined ? [] : slices.filter((slice) => slice.ports.some((one) => one.name === name));
  const endpoints = carrying.flatMap((slice) => slice.endpoints);
  const numbers = carrying.flatMap((slice) =>
    slice.ports.flatMap((one) => (one.name === name && one.port !== undefined ? [one.port] : [])),
  );
  return {
    slices,
    ready: endpoints.filter((endpoint) => endpoint.ready && !endpoint.terminating),
    notReady: endpoints.filter((endpoint) => !endpoint.ready && !endpoint.terminating),
    terminating: endpoints.filter((endpoint) => endpoint.terminating),
    ports: [...new Set(numbers)].sort((a, b) => a - b),
  };
}

/** What Google says now; undefined where it was not read. */
function liveHealth({ loadBalancer }: Snapshot, identity: BackendIdentity): string | undefined {
  const live = loadBalancer.known ? liveBackendService(identity, loadBalancer.value) : undefined;
  return live?.known && live.value?.health.known ? healthState(live.value.health.value) : undefined;
}

/** What the controller last wrote down. */
function annotatedHealth(
  reported: ReadonlyMap<string, string>,
  identity: BackendIdentity,
): string | undefined {
  for (const [name, state] of reported) if (isNameOf(identity, name)) return state;
  return undefined;
}
