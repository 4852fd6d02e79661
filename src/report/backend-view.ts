import { describeHealthCheck } from "../diagnostics/health-check-text.ts";
import { liveBackendService } from "../diagnostics/live-backend.ts";
import { referenceText } from "../diagnostics/service-port.ts";
import type { Backend, Topology } from "../diagnostics/topology.ts";
import type { BackendService } from "../model/load-balancer.ts";
import { type ZoneHealth, zoneHealth } from "./zone-health.ts";

/** One Service port behind an Ingress, as a report shows it. */
export interface BackendView {
  /** Key of the backend in the topology. */
  readonly key: string;
  /** `service:port`. */
  readonly name: string;
  /** True for GKE's own default backend. */
  readonly systemDefault: boolean;
  /** Undefined when the Service was not read. */
  readonly exists: boolean | undefined;
  readonly mode: "neg" | "instance-group" | undefined;
  readonly nodePort: number | undefined;
  readonly protocol: string | undefined;
  /** What Google's prober asks, and who says so. */
  readonly healthCheck: string | undefined;
  /** Name in Compute Engine; undefined when it is not known. */
  readonly liveName: string | undefined;
  /** Names of its network endpoint groups, as Kubernetes knows them. */
  readonly negs: readonly string[];
  /** Undefined when endpoints were not read. */
  readonly endpoints: { readonly ready: number; readonly notReady: number } | undefined;
  /** Undefined when Google was not read. */
  readonly live: { readonly healthy: number; readonly unhealthy: number } | undefined;
  /** HEALTHY, UNHEALTHY, ...: what the load balancer last reported. */
  readonly reportedHealth: string | undefined;
  readonly zones: readonly ZoneHealth[];
}

/** The backends of an Ingress that requests may reach, in the order of the topology. */
export function backendViews(topology: Topology): readonly BackendView[] {
  return topology.backends
    .filter(({ origin }) => origin !== "standalone")
    .map((backend) => viewOf(backend, liveOf(backend, topology)));
}

function viewOf(backend: Backend, live: BackendService | undefined): BackendView {
  const resolved = backend.resolution.known ? backend.resolution.value.backend : undefined;
  const check = backend.healthCheck.known ? backend.healthCheck.value : undefined;
  const health = live?.health.known ? live.health.value : undefined;
  const healthy = health?.filter(({ state }) => state === "HEALTHY").length ?? 0;
  return {
    key: backend.key,
    name: `${backend.serviceName}:${referenceText(backend.portReference)}`,
    systemDefault: backend.origin === "system-default",
    exists: backend.service.known ? backend.service.value !== undefined : undefined,
    mode: resolved?.mode,
    nodePort: resolved?.mode === "instance-group" ? resolved.port.nodePort : undefined,
    protocol: resolved?.protocol,
    healthCheck: check && describeHealthCheck(check),
    liveName: live?.name,
    negs: backend.serviceNegs.known ? backend.serviceNegs.value.map(({ ref }) => ref.name) : [],
    endpoints: backend.endpoints.known
      ? { ready: backend.endpoints.value.ready.length, notReady: backend.endpoints.value.notReady.length }
      : undefined,
    live: health && { healthy, unhealthy: health.length - healthy },
    reportedHealth: backend.reportedHealth,
    zones: zoneHealth(backend, health),
  };
}

function liveOf(backend: Backend, { loadBalancer }: Topology): BackendService | undefined {
  if (!loadBalancer.known) return undefined;
  const { service, resolution, serviceNegs } = backend;
  const identity = {
    service: service.known ? service.value : undefined,
    resolved: resolution.known ? resolution.value.backend : undefined,
    serviceNegs,
  };
  const found = liveBackendService(identity, loadBalancer.value);
  return found.known ? found.value : undefined;
}
