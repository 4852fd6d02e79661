import type { Container, ContainerPort, Pod } from "../model/pod.ts";
import type { ServicePort } from "../model/service.ts";

/** What pods seem to speak on the port that a Service port targets. */
export interface SpokenProtocol {
  readonly tls: boolean;
  /** `probe`: a readiness probe succeeds in it; `name`: the port is named or numbered for it. */
  readonly evidence: "probe" | "name";
  /** Half a sentence that says so. */
  readonly text: string;
}

/**
 * Tells TLS from plain HTTP by what Kubernetes knows of running pods; undefined where nothing tells, or where
 * they contradict one another.
 *
 * A readiness probe that succeeds is proof. Without one, the name closest to the container counts, because
 * Services often rename ports.
 */
export function spokenProtocol(port: ServicePort, pods: readonly Pod[]): SpokenProtocol | undefined {
  const containers = pods.filter(isServing).flatMap((pod) => pod.containers);
  if (containers.length === 0) return undefined;
  const proofs = containers.flatMap((container) => provenTls(container, port));
  if (proofs.length > 0) return unanimous(proofs, "probe");
  const declared = containers.flatMap(({ ports }) => ports.filter((one) => isTarget(one, port)));
  const byContainer = unanimous(
    declared.flatMap((one) => hintOf(one.name) ?? hintOf(one.containerPort) ?? []),
    "name",
  );
  return (
    byContainer ??
    unanimous(
      [port.targetPort, port.appProtocol, port.name].flatMap((text) => hintOf(text) ?? []).slice(0, 1),
      "name",
    )
  );
}

interface Hint {
  readonly tls: boolean;
  readonly text: string;
}

function isServing({ deletedAt, containers }: Pod): boolean {
  return deletedAt === undefined && containers.every(({ ready }) => ready);
}

function provenTls(container: Container, { targetPort }: ServicePort): readonly Hint[] {
  const probe = container.readinessProbe;
  if (probe?.kind !== "http") return [];
  const declared = container.ports.filter(
    ({ name, containerPort }) => probe.port === name || probe.port === containerPort,
  );
  const isSame =
    probe.port === targetPort ||
    declared.some(({ name, containerPort }) => targetPort === name || targetPort === containerPort);
  const scheme = probe.scheme ?? "HTTP";
  if (!isSame) return [];
  return [{ tls: scheme === "HTTPS", text: `pods pass a readiness probe on that port in ${scheme}` }];
}

function isTarget({ name, containerPort, protocol }: ContainerPort, { targetPort }: ServicePort): boolean {
  return protocol === "TCP" && (targetPort === name || targetPort === containerPort);
}

const TLS_NUMBERS: ReadonlySet<number> = new Set([443, 8443, 9443]);
const PLAIN_NUMBERS: ReadonlySet<number> = new Set([80, 8080]);

/** What a port's name or number says; undefined where it says nothing. */
function hintOf(written: string | number | undefined): Hint | undefined {
  if (typeof written === "number") {
    if (TLS_NUMBERS.has(written)) return { tls: true, text: `port ${written} is a usual one for HTTPS` };
    return PLAIN_NUMBERS.has(written)
      ? { tls: false, text: `port ${written} is a usual one for plain HTTP` }
      : undefined;
  }
  const words = written?.toLowerCase().split(/[^a-z0-9]+/) ?? [];
  if (words.some((word) => word === "https" || word === "tls" || word === "ssl")) {
    return { tls: true, text: `the port is named ${written}` };
  }
  return words.includes("http") ? { tls: false, text: `the port is named ${written}` } : undefined;
}

function unanimous(hints: readonly Hint[], evidence: "probe" | "name"): SpokenProtocol | undefined {
  const [first] = hints;
  if (first === undefined || hints.some(({ tls }) => tls !== first.tls)) return undefined;
  // The least of the texts, so that the order of pods does not show.
  const [text = first.text] = hints.map((hint) => hint.text).sort();
  return { tls: first.tls, evidence, text };
}
