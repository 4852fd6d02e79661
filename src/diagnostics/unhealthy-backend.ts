import type { HealthCheck, LoadBalancer } from "../model/load-balancer.ts";
import type { Pod } from "../model/pod.ts";
import type { CheckedBackend } from "./checked-backend.ts";
import type { ResolvedBackend } from "./gke/backend.ts";
import {
  type ContradictedType,
  contradictedType,
  equalPassingProbe,
  type PassingProbe,
  type UnservedPort,
  unservedPort,
} from "./health-check-faults.ts";
import { liveBackendService } from "./live-backend.ts";
import { readOwnBackends } from "./own-backends.ts";
import { takeCensus } from "./pods/pod-census.ts";
import type { Report } from "./rule.ts";
import { strayBackendConfigs } from "./stray-backend-config.ts";
import type { Backend, Topology } from "./topology.ts";

/**
 * A backend that Google calls unhealthy although its pods would answer, with the one reason that says most.
 *
 * Its pods are those whose containers are ready, in order of name; only hand-written endpoints have none.
 */
export interface UnhealthyBackend extends CheckedBackend {
  /** Ready for Kubernetes, as a clause, e.g. `the containers of 2 pods are ready`. */
  readonly ready: string;
  /** The health check that Google has; undefined where it was not read. */
  readonly live: HealthCheck | undefined;
  readonly reason: UnhealthyReason;
}

/**
 * Why a health check fails, the reason that says most first; each is reported by a rule of its own.
 *
 * - `port`: it asks a port that nothing is known to serve;
 * - `type`: it speaks what the port does not speak;
 * - `unreachable`: the kubelet asks the very same and is answered, so the answer does not arrive at Google;
 * - `config-unused`: a BackendConfig with a health check of its own stands under a key that names no port;
 * - `answer`: none of these, so the application's answer to the request is not 200.
 */
export type UnhealthyReason =
  | ({ readonly kind: "port" } & UnservedPort)
  | ({ readonly kind: "type" } & ContradictedType)
  | ({ readonly kind: "unreachable" } & PassingProbe)
  | { readonly kind: "config-unused" }
  | { readonly kind: "answer" };

/**
 * The status annotation is rewritten at every resync, ten minutes apart at most; a pod that has been ready for
 * longer was so when Google's answer was written down.
 */
const ANNOTATION_LAG_MS = 11 * 60_000;

/** A prober calls an endpoint healthy this long after it first answered, at the latest: one interval, and some. */
const PROBING_LAG_MS = 2 * 60_000;

/** What {@link unhealthyBackends} reads. */
export type HealthSources = Pick<
  Topology,
  "backends" | "ingress" | "now" | "backendConfigs" | "loadBalancer"
>;

/** The user's backends that Google calls unhealthy although Kubernetes does not explain it. */
export function unhealthyBackends(
  sources: HealthSources,
  report: Pick<Report<never>, "knows">,
): readonly UnhealthyBackend[] {
  const lag = sources.loadBalancer.known ? PROBING_LAG_MS : ANNOTATION_LAG_MS;
  return readOwnBackends(sources.backends, report).flatMap(({ backend, resolved }) => {
    if (backend.reportedHealth !== "UNHEALTHY" || resolved?.port.protocol !== "TCP") return [];
    if (!report.knows(backend.pods) || !report.knows(backend.healthCheck)) return [];
    const check = backend.healthCheck.value;
    if (check === undefined) return [];
    const pods = takeCensus(backend.pods.value, sources.now).able.filter((pod) =>
      sources.now.hasCome(containersReadySince(pod) + lag),
    );
    const ready = readyClause(backend, pods, resolved);
    if (ready === undefined) return [];
    const { loadBalancer } = sources;
    const found = { backend, resolved, check, pods };
    const live = loadBalancer.known ? liveHealthCheck(found, loadBalancer.value) : undefined;
    const judged = { ...found, ready, live };
    return [{ ...judged, reason: reasonOf(judged, sources) }];
  });
}

type Judged = Omit<UnhealthyBackend, "reason">;

function reasonOf(checked: Judged, sources: HealthSources): UnhealthyReason {
  const port = unservedPort(checked);
  if (port !== undefined) return { kind: "port", ...port };
  const type = contradictedType(checked);
  if (type !== undefined) return { kind: "type", ...type };
  const probe = equalPassingProbe(checked);
  if (probe !== undefined && isSurelyAsked(checked, sources)) return { kind: "unreachable", ...probe };
  return { kind: isConfigUnused(checked.resolved, sources) ? "config-unused" : "answer" };
}

/**
 * Whether the health check really asks what the model says. A readiness probe is copied when the health check is
 * made and never again, so only Google knows, or a pod of that time vouches for it. The default path is the same
 * either way, and a BackendConfig is always followed.
 */
function isSurelyAsked({ backend, check, live }: Judged, { ingress }: HealthSources): boolean {
  const { source, value } = check.path;
  if (source.kind === "backend-config") return true;
  if (live !== undefined) return live.requestPath === value && live.type === check.type.value;
  if (source.kind !== "readiness-probe" || (value === "/" && check.host.value === "")) return true;
  const copied = backend.pods.known
    ? backend.pods.value.find(({ ref }) => ref.name === source.pod)
    : undefined;
  const negs = backend.serviceNegs.known ? backend.serviceNegs.value : [];
  const madeAt = Math.min(ingress.createdAt, ...negs.map(({ createdAt }) => createdAt));
  return copied !== undefined && copied.createdAt <= madeAt;
}

/** The health check that Google has for a backend; undefined where it was not read. */
export function liveHealthCheck(
  { backend, resolved }: CheckedBackend,
  loadBalancer: LoadBalancer,
): HealthCheck | undefined {
  const identity = { service: resolved.service, resolved, serviceNegs: backend.serviceNegs };
  const found = liveBackendService(identity, loadBalancer);
  const { healthChecks } = loadBalancer;
  if (!found.known || !healthChecks.known) return undefined;
  return healthChecks.value.find(({ name }) => found.value?.healthChecks.includes(name));
}

function isConfigUnused({ backendConfig, service }: ResolvedBackend, { backendConfigs }: HealthSources) {
  if (backendConfig.kind !== "unmatched" || !backendConfigs.known) return false;
  const names = new Set(strayBackendConfigs(service).map(({ name }) => name));
  return backendConfigs.value.some(
    ({ ref, healthCheck }) =>
      healthCheck !== undefined && ref.namespace === service.ref.namespace && names.has(ref.name),
  );
}

/** Hand-written endpoints have no pods; an instance group reaches them all the same. */
function readyClause(
  { endpoints }: Backend,
  pods: readonly Pod[],
  { service }: ResolvedBackend,
): string | undefined {
  if (pods.length > 0)
    return `the containers of ${pods.length === 1 ? "1 pod" : `${pods.length} pods`} are ready`;
  const written = service.selector === undefined && endpoints.known ? endpoints.value.ready.length : 0;
  if (written === 0) return undefined;
  return written === 1 ? "1 endpoint is ready" : `${written} endpoints are ready`;
}

/** Epoch milliseconds since when the containers are ready; the pod's readiness may wait for Google. */
function containersReadySince({ conditions, createdAt }: Pod): number {
  const condition = (type: string) =>
    conditions.find((one) => one.type === type && one.status === "True")?.since;
  return condition("ContainersReady") ?? condition("Ready") ?? createdAt;
}
