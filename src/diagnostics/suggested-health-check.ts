import type { Container } from "../model/pod.ts";
import { type ConfigurablePlace, configurablePlace } from "./backend-config-fix.ts";
import type { CheckedBackend } from "./checked-backend.ts";
import type { AppProtocol } from "./gke/app-protocols.ts";
import { asksServingPort, probePath, servingPorts } from "./health-check-faults.ts";
import { probePort } from "./pods/listening-ports.ts";

/** A request that pods are known to answer with 200, as BackendConfig settings. */
export interface SuggestedHealthCheck {
  readonly type: AppProtocol;
  readonly requestPath: string;
  /** Undefined: the serving port. */
  readonly port?: number;
}

/** The health check that all pods would pass, by their readiness probes; undefined where none tells. */
export function suggestedHealthCheck(checked: CheckedBackend): SuggestedHealthCheck | undefined {
  const [first, ...others] = checked.pods.map(({ containers }) =>
    containers.flatMap((one) => requestsOf(one, checked)),
  );
  const shared = (first ?? []).filter((request) =>
    others.every((requests) => requests.some((one) => JSON.stringify(one) === JSON.stringify(request))),
  );
  const [best] = [...shared].sort(byPort);
  if (best === undefined) return undefined;
  const port = best.port ?? portToRestore(checked);
  return { ...best, ...(port === undefined ? {} : { port }) };
}

/** Where to put that health check, and how. */
export function suggestedPlace(checked: CheckedBackend): ConfigurablePlace {
  const healthCheck = suggestedHealthCheck(checked);
  return configurablePlace(
    checked.resolved,
    "spec.healthCheck.requestPath",
    healthCheck === undefined ? undefined : { healthCheck },
  );
}

/** A fixed port stays as long as it is not overwritten, so the serving port has to be written down. */
function portToRestore(checked: CheckedBackend): number | undefined {
  const { backend, resolved, check } = checked;
  if (check.port.value.kind !== "fixed" || asksServingPort(checked)) return undefined;
  return resolved.mode === "neg" ? servingPorts(backend, resolved)[0] : resolved.port.nodePort;
}

/** A readiness probe as a health check; nothing where Google's prober could not ask the same. */
export function requestsOf(container: Container, checked: CheckedBackend): readonly SuggestedHealthCheck[] {
  const { readinessProbe: probe, ready } = container;
  const number = probePort(container);
  if (!ready || probe?.kind !== "http" || number === undefined) return [];
  if ((probe.host ?? "") !== "" || probe.headers.some(({ name }) => name !== "Host")) return [];
  const { backend, resolved } = checked;
  const type: AppProtocol =
    probe.scheme !== "HTTPS" ? "HTTP" : resolved.protocol === "HTTP2" ? "HTTP2" : "HTTPS";
  const request = { type, requestPath: probePath(probe.path) };
  if (servingPorts(backend, resolved).includes(number)) return [request];
  // An instance group is asked on node ports, and no node port leads to another port of the pod.
  return resolved.mode === "neg" ? [{ ...request, port: number }] : [];
}

/** The serving port first, then by number and path. */
function byPort(a: SuggestedHealthCheck, b: SuggestedHealthCheck): number {
  return (a.port ?? 0) - (b.port ?? 0) || (a.requestPath < b.requestPath ? -1 : 1);
}
