import type { Container } from "../model/pod.ts";
import { configureBackendFix } from "./backend-config-fix.ts";
import type { CheckedBackend } from "./checked-backend.ts";
import type { Fix } from "./finding.ts";
import { asksServingPort, probePath, servingPorts } from "./health-check-faults.ts";
import { gatewayHealthCheck } from "./mesh-gateway.ts";
import { probePort } from "./pods/listening-ports.ts";

/** A request that pods are known to answer with 200, as BackendConfig settings. */
export interface SuggestedHealthCheck {
  readonly type: string;
  readonly requestPath: string;
  /** Undefined: the serving port. */
  readonly port?: number;
}

/**
 * The health check that the pods would pass, by their readiness probes or by what the gateway in them is; undefined
 * where nothing is known of that kind.
 */
export function suggestedHealthCheck(checked: CheckedBackend): SuggestedHealthCheck | undefined {
  const { pods, resolved } = checked;
  const [first, ...others] = pods.map(({ containers }) =>
    containers.flatMap((one) => requestOf(one, checked)),
  );
  const shared = (first ?? []).filter((request) =>
    others.every((requests) => requests.some((one) => JSON.stringify(one) === JSON.stringify(request))),
  );
  const [best] = [...shared].sort(byPort);
  return best ?? gatewayHealthCheck(resolved, pods);
}

/** Gives the backend the health check that its pods would pass; empty where none is known. */
export function suggestedFix(checked: CheckedBackend): Partial<Fix> {
  const suggestion = suggestedHealthCheck(checked);
  if (suggestion === undefined) return {};
  const port = suggestion.port ?? portToRestore(checked);
  const healthCheck = { ...suggestion, ...(port === undefined ? {} : { port }) };
  return configureBackendFix(checked.resolved, { healthCheck });
}

/** A fixed port stays as long as it is not overwritten, so the serving port has to be written down. */
function portToRestore(checked: CheckedBackend): number | undefined {
  const { backend, resolved, check } = checked;
  if (check.port.value.kind !== "fixed" || asksServingPort(checked)) return undefined;
  return resolved.mode === "neg" ? servingPorts(backend, resolved)[0] : resolved.port.nodePort;
}

/** A readiness probe as a health check; nothing where Google's prober could not ask the same. */
function requestOf(container: Container, checked: CheckedBackend): readonly SuggestedHealthCheck[] {
  const { readinessProbe: probe, ready } = container;
  const number = probePort(container);
  if (!ready || probe?.kind !== "http" || number === undefined) return [];
  if ((probe.host ?? "") !== "" || probe.headers.some(({ name }) => name !== "Host")) return [];
  const { backend, resolved } = checked;
  const type = probe.scheme !== "HTTPS" ? "HTTP" : resolved.protocol === "HTTP2" ? "HTTP2" : "HTTPS";
  const request = { type, requestPath: probePath(probe.path) };
  if (servingPorts(backend, resolved).includes(number)) return [request];
  // An instance group is asked on node ports, and no node port leads to another port of the pod.
  return resolved.mode === "neg" ? [{ ...request, port: number }] : [];
}

/** The serving port first, then by number and path. */
function byPort(a: SuggestedHealthCheck, b: SuggestedHealthCheck): number {
  return (a.port ?? 0) - (b.port ?? 0) || (a.requestPath < b.requestPath ? -1 : 1);
}
