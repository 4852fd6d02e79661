import type { Observed } from "../../model/observed.ts";
import { mapObserved } from "../../model/observed.ts";
import type { Container, ContainerPort, Pod, Probe } from "../../model/pod.ts";
import type { Service, ServicePort } from "../../model/service.ts";
import type { AppProtocol } from "./app-protocols.ts";
import { matchesLabels } from "./selector.ts";

/**
 * Whether a new health check takes its settings from a readiness probe.
 *
 * - `no-pods`: no pod matches the Service;
 * - `no-probe`: no container of these pods has a readiness probe;
 * - `refused`: there are probes, and none fits; the one closest to fitting is told, with what it failed on.
 */
export type ProbeAdoption =
  | { readonly kind: "adopted"; readonly pod: string; readonly container: string; readonly probe: Probe }
  | { readonly kind: "no-pods" }
  | { readonly kind: "no-probe" }
  | {
      readonly kind: "refused";
      readonly pod: string;
      readonly container: string;
      readonly probe: Probe;
      readonly mismatch: ProbeMismatch;
    };

/** The first condition that a readiness probe fails, with the values that were compared. */
export type ProbeMismatch =
  | { readonly condition: "not-http"; readonly actual: Probe["kind"] }
  | { readonly condition: "host-set"; readonly host: string }
  | { readonly condition: "extra-headers"; readonly headers: readonly string[] }
  | { readonly condition: "scheme-mismatch"; readonly expected: string; readonly actual: string }
  | {
      readonly condition: "container-port-not-declared";
      readonly targetPort: number | string;
      readonly declared: readonly ContainerPort[];
    }
  | {
      readonly condition: "probe-port-differs";
      readonly targetPort: number | string;
      readonly probePort: number | string;
    };

/** The conditions in the order in which the controller checks them. */
const CONDITIONS: readonly ProbeMismatch["condition"][] = [
  "not-http",
  "host-set",
  "extra-headers",
  "scheme-mismatch",
  "container-port-not-declared",
  "probe-port-differs",
];

/**
 * Finds the readiness probe that a new health check copies: the first fitting one, oldest pod first.
 *
 * Pods of any phase count, those of a Service without selector are all of its namespace. Source:
 * `getHTTPProbe` and `isSimpleHTTPProbe` in pkg/controller/translator/translator.go of ingress-gce.
 */
export function adoptReadinessProbe(
  service: Service,
  port: ServicePort,
  protocol: AppProtocol,
  pods: Observed<readonly Pod[]>,
): Observed<ProbeAdoption> {
  return mapObserved(pods, (all) => adoptFrom(podsOf(service, all), port, protocol));
}

/** The pods that a Service's selector matches, oldest first, then by name. */
function podsOf(service: Service, pods: readonly Pod[]): readonly Pod[] {
  return pods
    .filter(({ ref, labels }) => {
      return ref.namespace === service.ref.namespace && matchesLabels(service.selector ?? {}, labels);
    })
    .sort((a, b) => a.createdAt - b.createdAt || (a.ref.name < b.ref.name ? -1 : 1));
}

type Refused = Extract<ProbeAdoption, { readonly kind: "refused" }>;

function adoptFrom(pods: readonly Pod[], port: ServicePort, protocol: AppProtocol): ProbeAdoption {
  if (pods.length === 0) return { kind: "no-pods" };
  let closest: { readonly refused: Refused; readonly rank: number } | undefined;
  for (const pod of pods) {
    for (const container of pod.containers) {
      const probe = container.readinessProbe;
      if (probe === undefined) continue;
      const place = { pod: pod.ref.name, container: container.name, probe };
      const mismatch = findMismatch(container, probe, port.targetPort, protocol);
      if (mismatch === undefined) return { kind: "adopted", ...place };
      const rank = closeness(container, mismatch, port.targetPort);
      if (closest === undefined || rank > closest.rank) {
        closest = { refused: { kind: "refused", ...place, mismatch }, rank };
      }
    }
  }
  return closest?.refused ?? { kind: "no-probe" };
}

/** A container that declares the target port comes first: it is the one that serves the traffic. */
function closeness(container: Container, mismatch: ProbeMismatch, targetPort: number | string): number {
  const serves = container.ports.some((declared) => isPort(targetPort, declared));
  return CONDITIONS.indexOf(mismatch.condition) + (serves ? CONDITIONS.length : 0);
}

function findMismatch(
  container: Container,
  probe: Probe,
  targetPort: number | string,
  protocol: AppProtocol,
): ProbeMismatch | undefined {
  if (probe.kind !== "http") return { condition: "not-http", actual: probe.kind };
  if (probe.host !== undefined && probe.host !== "") return { condition: "host-set", host: probe.host };
  const headers = probe.headers.map(({ name }) => name);
  if (headers.length > 1 || headers.some((name) => name !== "Host")) {
    return { condition: "extra-headers", headers };
  }
  const expected = protocol === "HTTP" ? "HTTP" : "HTTPS";
  const actual = probe.scheme ?? "HTTP";
  if (actual !== expected) return { condition: "scheme-mismatch", expected, actual };
  const serving = container.ports.filter((declared) => isPort(targetPort, declared));
  if (serving.length === 0) {
    return { condition: "container-port-not-declared", targetPort, declared: container.ports };
  }
  const probePort = probe.port ?? "";
  if (serving.some((declared) => isPort(probePort, declared))) return undefined;
  return { condition: "probe-port-differs", targetPort, probePort };
}

/** Whether a port, written as a number or a name, is a declared container port. */
function isPort(written: number | string, declared: ContainerPort): boolean {
  return typeof written === "number" ? written === declared.containerPort : written === declared.name;
}
