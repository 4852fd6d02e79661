import type { LoadBalancer } from "../model/load-balancer.ts";
import type { BackendDiagnosis } from "./diagnosis.ts";
import { describePort, describeSource } from "./health-check-text.ts";
import { liveBackendService } from "./live-backend.ts";
import type { Backend, Topology } from "./topology.ts";

/** Sums up every backend of the Ingress: endpoints as Kubernetes and Google see them, and the health check. */
export function backendDiagnoses(topology: Topology): readonly BackendDiagnosis[] {
  const live = topology.loadBalancer.known ? topology.loadBalancer.value : undefined;
  return topology.backends.map((backend) => {
    const resolved = backend.resolution.known ? backend.resolution.value.backend : undefined;
    const check = backend.healthCheck.known ? backend.healthCheck.value : undefined;
    return {
      service: backend.serviceName,
      port: String(backend.portReference.name ?? backend.portReference.number ?? ""),
      mode: resolved?.mode ?? "unknown",
      protocol: resolved?.protocol ?? "",
      endpoints: { ...kubernetesEndpoints(backend), ...liveEndpoints(backend, live) },
      ...(check === undefined
        ? {}
        : {
            healthCheck: {
              type: check.type.value,
              path: check.path.value,
              port: describePort(check.port.value),
              source: describeSource(check.path.source),
            },
          }),
    };
  });
}

function kubernetesEndpoints({ endpoints }: Backend): { readonly ready: number; readonly notReady: number } {
  if (!endpoints.known) return { ready: 0, notReady: 0 };
  return { ready: endpoints.value.ready.length, notReady: endpoints.value.notReady.length };
}

function liveEndpoints(
  backend: Backend,
  live: LoadBalancer | undefined,
): Partial<BackendDiagnosis["endpoints"]> {
  const resolved = backend.resolution.known ? backend.resolution.value.backend : undefined;
  const service = backend.service.known ? backend.service.value : undefined;
  const found = live && liveBackendService({ service, resolved, serviceNegs: backend.serviceNegs }, live);
  if (!found?.known || !found.value?.health.known) return {};
  const health = found.value.health.value;
  const healthy = health.filter((endpoint) => endpoint.state === "HEALTHY").length;
  return { inNeg: health.length, healthy, unhealthy: health.length - healthy };
}
