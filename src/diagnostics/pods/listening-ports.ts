import type { Container, Pod } from "../../model/pod.ts";

/** TCP ports that pods say they listen on, sorted: declared container ports and those of readiness probes. */
export function listeningPorts(pods: readonly Pod[]): readonly number[] {
  const numbers = pods
    .flatMap(({ containers }) => containers)
    .flatMap((container) => [...tcpPorts(container), ...[probePort(container)].filter(isNumber)]);
  return [...new Set(numbers)].sort((a, b) => a - b);
}

/** Number of the port that a readiness probe asks; undefined without a probe, or where the port has no number. */
export function probePort({ ports, readinessProbe }: Container): number | undefined {
  const port = readinessProbe?.port;
  if (typeof port !== "string") return port;
  return ports.find(({ name }) => name === port)?.containerPort;
}

function tcpPorts({ ports }: Container): readonly number[] {
  return ports.flatMap(({ protocol, containerPort }) => (protocol === "TCP" ? [containerPort] : []));
}

function isNumber(value: number | undefined): value is number {
  return value !== undefined;
}
