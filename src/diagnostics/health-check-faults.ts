import type { Container, Pod } from "../model/pod.ts";
import type { CheckedBackend } from "./checked-backend.ts";
import { APP_PROTOCOLS } from "./gke/app-protocols.ts";
import type { ResolvedBackend } from "./gke/backend.ts";
import type { EffectiveHealthCheck } from "./gke/health-check.ts";
import { listeningPorts, probePort } from "./pods/listening-ports.ts";
import { spokenProtocol } from "./spoken-protocol.ts";
import type { Backend } from "./topology.ts";

/** A health check port that nothing is known to serve. */
export interface UnservedPort {
  readonly port: number;
  /** What is served instead, sorted: container ports behind a NEG, node ports behind an instance group. */
  readonly served: readonly number[];
}

/**
 * The fixed port of a health check where nothing visible listens; undefined where something does, or where no
 * port is visible at all.
 *
 * Containers need not declare their ports, so this proves nothing as long as the backend is not unhealthy.
 */
export function unservedPort({ backend, resolved, check, pods }: CheckedBackend): UnservedPort | undefined {
  const { value, source } = check.port;
  if (value.kind !== "fixed" || source.kind !== "backend-config") return undefined;
  const served =
    resolved.mode === "neg"
      ? [...servingPorts(backend, resolved), ...listeningPorts(pods)]
      : [...nodePorts(resolved), ...listeningPorts(pods.filter(({ hostNetwork }) => hostNetwork))];
  if (served.length === 0 || served.includes(value.number)) return undefined;
  return { port: value.number, served: [...new Set(served)].sort((a, b) => a - b) };
}

/** A health check whose BackendConfig makes it speak what the asked port does not. */
export interface ContradictedType {
  readonly type: string;
  /** Half a sentence that tells what the port speaks. */
  readonly evidence: string;
  /** What the check would have to speak. */
  readonly wanted: string;
}

/** A type of health check that contradicts what the asked port is known to speak; undefined where nothing does. */
export function contradictedType(checked: CheckedBackend): ContradictedType | undefined {
  const { resolved, check, pods } = checked;
  const { value: type, source } = check.type;
  if (source.kind !== "backend-config" || !APP_PROTOCOLS.some((one) => one === type)) return undefined;
  const schemes = passedSchemes(checked);
  const [scheme] = schemes;
  if (scheme !== undefined && schemes.every((one) => isTls(one) !== isTls(type))) {
    const wanted = isTls(resolved.protocol) === isTls(scheme) ? resolved.protocol : scheme;
    return { type, wanted, evidence: `pods pass a readiness probe on that port in ${scheme}` };
  }
  if (scheme !== undefined || !asksServingPort(checked)) return undefined;
  if (isTls(type) === isTls(resolved.protocol)) return undefined;
  // Where pods speak what the check asks for, it is the traffic that has the wrong protocol.
  if (spokenProtocol(resolved.port, pods)?.tls === isTls(type)) return undefined;
  const wanted = resolved.protocol;
  return { type, wanted, evidence: `the load balancer sends ${wanted} requests to the same port` };
}

/** Whether a health check gives an answer more time than it waits until the next question, which Google refuses. */
export function exceedsInterval({ timeoutSec, intervalSec }: EffectiveHealthCheck): boolean {
  return timeoutSec.value > intervalSec.value;
}

/** A readiness probe by which the kubelet asks just what Google's prober asks, and gets the answer it wants. */
export interface PassingProbe {
  readonly pod: Pod;
  readonly container: Container;
}

/** The readiness probe that every pod passes and that equals the health check; undefined without one. */
export function equalPassingProbe(checked: CheckedBackend): PassingProbe | undefined {
  const ports = askedPorts(checked);
  const found = checked.pods.map((pod) => ({
    pod,
    container: pod.containers.find((container) => asksTheSame(container, checked.check, ports)),
  }));
  const [first] = found;
  if (first?.container === undefined || found.some(({ container }) => container === undefined))
    return undefined;
  return { pod: first.pod, container: first.container };
}

function asksTheSame(
  container: Container,
  { type, path, host }: EffectiveHealthCheck,
  ports: readonly number[],
): boolean {
  const probe = container.readinessProbe;
  if (!container.ready || probe?.kind !== "http" || (probe.host ?? "") !== "") return false;
  const headers = probe.headers.filter(({ name }) => name !== "Host");
  const hostHeader = probe.headers.find(({ name }) => name === "Host")?.value ?? "";
  return (
    headers.length === 0 &&
    hostHeader === host.value &&
    isTls(probe.scheme ?? "HTTP") === isTls(type.value) &&
    probePath(probe.path) === path.value &&
    ports.includes(probePort(container) ?? -1)
  );
}

/** A path as a health check takes it over from a readiness probe. */
export function probePath(path = ""): string {
  return path.startsWith("/") ? path : `/${path}`;
}

/** Schemes of the HTTP readiness probes that succeed on the port the health check asks. */
function passedSchemes(checked: CheckedBackend): readonly string[] {
  const ports = askedPorts(checked);
  return checked.pods.flatMap(({ containers }) =>
    containers.flatMap((container) => {
      const probe = container.readinessProbe;
      if (!container.ready || probe?.kind !== "http" || !ports.includes(probePort(container) ?? -1))
        return [];
      return [probe.scheme ?? "HTTP"];
    }),
  );
}

/** Whether the health check goes where requests go. */
export function asksServingPort({ backend, resolved, check }: Omit<CheckedBackend, "pods">): boolean {
  const port = check.port.value;
  if (port.kind !== "fixed") return true;
  return resolved.mode === "neg"
    ? servingPorts(backend, resolved).includes(port.number)
    : port.number === resolved.port.nodePort;
}

/** Ports of the pods that the health check ends at. */
function askedPorts(checked: CheckedBackend): readonly number[] {
  const port = checked.check.port.value;
  if (asksServingPort(checked)) return servingPorts(checked.backend, checked.resolved);
  return port.kind === "fixed" && checked.resolved.mode === "neg" ? [port.number] : [];
}

/** Ports of the pods that requests end at; EndpointSlices know the numbers behind named ports. */
export function servingPorts({ endpoints }: Backend, { port }: ResolvedBackend): readonly number[] {
  if (endpoints.known && endpoints.value.ports.length > 0) return endpoints.value.ports;
  return typeof port.targetPort === "number" ? [port.targetPort] : [];
}

function nodePorts({ service }: ResolvedBackend): readonly number[] {
  return service.ports.flatMap(({ nodePort }) => nodePort ?? []);
}

/** HTTP is the only one of the load balancer's protocols without TLS. */
function isTls(protocol: string): boolean {
  return protocol !== "HTTP";
}
