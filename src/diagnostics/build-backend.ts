import type { ServiceNeg } from "../model/gke-config.ts";
import type { Ingress } from "../model/ingress.ts";
import { known, mapObserved, type Observed } from "../model/observed.ts";
import type { Pod, Workload } from "../model/pod.ts";
import { type ObjectRef, objectKey, refKey } from "../model/refs.ts";
import type { EndpointSlice, Service, ServicePort } from "../model/service.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { backendKey, findServicePort } from "./gke/backend.ts";
import { effectiveHealthCheck } from "./gke/health-check.ts";
import { reportedBackends } from "./gke/status-annotations.ts";
import type { BackendTarget } from "./gke/translate.ts";
import { LabelIndex } from "./label-index.ts";
import { type BackendIdentity, healthState, isNameOf, liveBackendService } from "./live-backend.ts";
import { livePods } from "./pods/pod-census.ts";
import { negConditionErrors } from "./sync/neg-condition-errors.ts";
import type { Backend, BackendEndpoints, Route } from "./topology.ts";

/** What one backend is looked up in; built once per snapshot. */
export interface SourceIndex {
  /** JSON paths inside the Ingress by the key of the backend that they name. */
  readonly fields: ReadonlyMap<string | undefined, readonly string[]>;
  readonly services: Observed<ReadonlyMap<string, Service>>;
  readonly pods: Observed<LabelIndex<Pod>>;
  /** By the labels of their pods. */
  readonly workloads: Observed<LabelIndex<Workload>>;
  readonly slices: Observed<ReadonlyMap<string, readonly EndpointSlice[]>>;
  readonly negs: Observed<ReadonlyMap<string, readonly ServiceNeg[]>>;
  /** State by backend service name, from the status annotation. */
  readonly reported: ReadonlyMap<string, string>;
}

/** Indexes what the backends of an Ingress are made of, once per snapshot. */
export function indexOf(snapshot: Snapshot, routes: readonly Route[]): SourceIndex {
  const { ingress } = snapshot;
  const reported = reportedBackends(ingress);
  return {
    fields: fieldsOf(ingress, routes),
    services: mapObserved(snapshot.services, firstByKey),
    pods: mapObserved(snapshot.pods, (pods) => new LabelIndex(pods, ({ labels }) => labels)),
    workloads: mapObserved(
      snapshot.workloads,
      (workloads) => new LabelIndex(workloads, ({ templateLabels }) => templateLabels),
    ),
    slices: mapObserved(snapshot.endpointSlices, byService),
    negs: mapObserved(snapshot.serviceNegs, byService),
    reported: reported.kind === "valid" ? reported.value : new Map(),
  };
}

function byService<T extends { readonly ref: ObjectRef; readonly service: string }>(
  objects: readonly T[],
): ReadonlyMap<string, readonly T[]> {
  return Map.groupBy(objects, ({ ref, service }) => objectKey(ref.namespace, service));
}

function firstByKey(services: readonly Service[]): ReadonlyMap<string, Service> {
  const byKey = new Map<string, Service>();
  for (const service of services) {
    const key = refKey(service.ref);
    if (!byKey.has(key)) byKey.set(key, service);
  }
  return byKey;
}

/** Collects everything behind one backend of the Ingress. */
export function buildBackend(snapshot: Snapshot, index: SourceIndex, target: BackendTarget): Backend {
  const [namespace = "", serviceName = ""] = target.service.split("/");
  const service =
    target.origin.kind === "system-default"
      ? snapshot.systemDefaultBackend
      : mapObserved(index.services, (services) => services.get(target.service));
  const found = service.known ? service.value : undefined;
  const resolved = target.resolution.known ? target.resolution.value.backend : undefined;
  const port = found && findServicePort(found, target.port);
  const pods = mapObserved(index.pods, (pods) => pods.selectedBy(found));
  const serviceNegs = mapObserved(index.negs, (negs) => negsOf(negs.get(target.service) ?? [], port));
  const choice = resolved?.backendConfig;
  const identity = { service: found, resolved, serviceNegs };
  const annotated = annotatedHealth(index.reported, identity);
  return {
    key: target.key,
    origin: target.origin.kind === "path" ? "rule" : target.origin.kind,
    fields: index.fields.get(target.key) ?? [],
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
    livePods: mapObserved(pods, livePods),
    workloads: mapObserved(index.workloads, (workloads) => workloads.selectedBy(found)),
    serviceNegs,
    negErrors: serviceNegs.known ? negConditionErrors(serviceNegs.value) : [],
    reportedHealth: liveHealth(snapshot, identity) ?? annotated,
    annotatedHealth: annotated,
  };
}

/** JSON paths inside the Ingress that name each backend; a default backend may be used by paths, too. */
function fieldsOf(
  { ref, defaultBackend }: Ingress,
  routes: readonly Route[],
): ReadonlyMap<string | undefined, readonly string[]> {
  const uses = routes.map(({ backend, field }) => ({ backend, field }));
  if (defaultBackend?.kind === "service") {
    const backend = backendKey(ref.namespace, defaultBackend.service, defaultBackend.port);
    uses.push({ backend, field: "spec.defaultBackend" });
  }
  const fields = new Map<string | undefined, string[]>();
  for (const { backend, field } of uses) {
    const others = fields.get(backend);
    if (others === undefined) fields.set(backend, [field]);
    else others.push(field);
  }
  return fields;
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
