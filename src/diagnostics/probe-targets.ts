import type { LoadBalancer } from "../model/load-balancer.ts";
import type { Observed } from "../model/observed.ts";
import type { Pod } from "../model/pod.ts";
import type { ProbeTarget } from "../model/probe.ts";
import { type CheckedBackend, checkedBackends } from "./checked-backend.ts";
import { APP_PROTOCOLS, type AppProtocol } from "./gke/app-protocols.ts";
import { servingPorts } from "./health-check-faults.ts";
import { suggestedHealthCheck } from "./suggested-health-check.ts";
import type { Backend, Topology } from "./topology.ts";
import { liveHealthCheck } from "./unhealthy-backend.ts";

/** Pods asked per backend: enough to see that they answer alike. */
export const MAX_PROBED_PODS = 3;

/**
 * What to ask the pods of every unhealthy backend of the user's: the request of its health check, and one that a
 * readiness probe makes instead, where there is such.
 *
 * Behind an instance group Google asks a node port; the pod is asked on the port that leads to.
 */
export function probeTargets({
  backends,
  loadBalancer,
}: Pick<Topology, "backends" | "loadBalancer">): readonly ProbeTarget[] {
  const unhealthy = backends.filter(({ reportedHealth }) => reportedHealth === "UNHEALTHY");
  return checkedBackends(unhealthy, EVERYTHING_READ).flatMap((checked) => {
    const request = checkedRequest(checked, loadBalancer);
    if (request === undefined) return [];
    return probedPods(checked).flatMap((pod) => targetsOf(checked, request, pod));
  });
}

interface ProbedPod {
  readonly pod: Pod;
  readonly address: string;
}

const EVERYTHING_READ: Parameters<typeof checkedBackends>[1] = {
  knows: (observed): observed is Extract<typeof observed, { known: true }> => observed.known,
};

/**
 * Running pods that the EndpointSlices name; not ready ones stay in a NEG and are asked by Google as well.
 *
 * Where slices give a pod several addresses its own one counts: the others are mistakes, or somebody's bait.
 */
function probedPods({ backend, pods }: CheckedBackend): readonly ProbedPod[] {
  const addresses = endpointAddresses(backend);
  return pods
    .flatMap((pod) => {
      const named = addresses.get(pod.ref.name) ?? [];
      const address = named.find((one) => one === pod.ip) ?? named[0];
      return address === undefined || pod.phase !== "Running" ? [] : [{ pod, address }];
    })
    .slice(0, MAX_PROBED_PODS);
}

function endpointAddresses({ endpoints }: Backend): ReadonlyMap<string, readonly string[]> {
  if (!endpoints.known) return new Map();
  const { ready, notReady } = endpoints.value;
  const byPod = Map.groupBy([...ready, ...notReady], ({ pod }) => pod ?? "");
  return new Map(
    [...byPod].map(([pod, same]) => [pod, same.flatMap(({ addresses }) => addresses.slice(0, 1))]),
  );
}

/** What a health check asks, as {@link ProbeTarget} tells it. */
export type CheckedRequest = Pick<ProbeTarget, "scheme" | "port" | "path" | "host">;

/**
 * What the health check of a backend asks its pods: the one Google has where that was read, else the one GKE would
 * make. Undefined where it asks no port of theirs.
 */
export function checkedRequest(
  checked: CheckedBackend,
  loadBalancer: Observed<LoadBalancer>,
): CheckedRequest | undefined {
  const { type, path, host, port: wanted } = checked.check;
  const live = loadBalancer.known ? liveHealthCheck(checked, loadBalancer.value) : undefined;
  const fixed = wanted.value.kind === "fixed" ? wanted.value.number : undefined;
  const scheme = schemeOf(live?.type ?? type.value);
  const port = checkedPort(checked, live === undefined ? fixed : live.port);
  if (port === undefined || scheme === undefined) return undefined;
  return { scheme, port, path: live?.requestPath ?? path.value, host: live?.host ?? host.value };
}

/** Whether two requests are the same for the pod that gets them. */
export function isSameRequest(a: CheckedRequest, b: CheckedRequest): boolean {
  return a.port === b.port && a.scheme === b.scheme && a.path === b.path && a.host === b.host;
}

function targetsOf(
  checked: CheckedBackend,
  request: CheckedRequest,
  { pod, address }: ProbedPod,
): readonly ProbeTarget[] {
  const { resolved, check } = checked;
  const asked: ProbeTarget = {
    service: resolved.service.ref.name,
    servicePort: resolved.port.port,
    pod: pod.ref.name,
    address,
    ...request,
    asks: "health-check",
    timeoutSec: check.timeoutSec.value,
  };
  const passing = passingTarget(checked, asked);
  return passing === undefined || isSameRequest(passing, asked) ? [asked] : [asked, passing];
}

/** What the pods answer the kubelet, as a request of Google's prober; it sends no Host header of its own. */
function passingTarget(checked: CheckedBackend, asked: ProbeTarget): ProbeTarget | undefined {
  const passing = suggestedHealthCheck(checked);
  const scheme = passing && schemeOf(passing.type);
  const port = passing?.port ?? servingPorts(checked.backend, checked.resolved)[0];
  if (passing === undefined || scheme === undefined || port === undefined) return undefined;
  return { ...asked, scheme, port, path: passing.requestPath, asks: "readiness-probe" };
}

function schemeOf(type: string): AppProtocol | undefined {
  return APP_PROTOCOLS.find((protocol) => protocol === type);
}

/** The port of the pod that the health check ends at; undefined where it is a node port that leads elsewhere. */
function checkedPort({ backend, resolved }: CheckedBackend, fixed: number | undefined): number | undefined {
  const [serving] = servingPorts(backend, resolved);
  if (resolved.mode === "neg") return fixed ?? serving;
  return fixed === undefined || fixed === resolved.port.nodePort ? serving : undefined;
}
