import type { Container, ContainerProgress, ContainerState, Pod, Probe } from "../../model/pod.ts";

/** Readiness gate that GKE puts on pods behind a NEG: true once the load balancer calls the pod healthy. */
export const NEG_READINESS_GATE = "cloud.google.com/load-balancer-neg-ready";

/**
 * What keeps one pod from being ready, the earliest obstacle first.
 *
 * - `unschedulable`: no node takes it;
 * - `image`: an image cannot be pulled;
 * - `refused`: the node cannot make the container, e.g. for want of a ConfigMap;
 * - `crash`: a container ends again and again, or cannot be started;
 * - `starting`: an init container runs, volumes are mounted, images are pulled;
 * - `probe`: the container runs and its readiness probe does not succeed;
 * - `unready`: it runs and is not ready, without a probe that says why;
 * - `gate`: its containers are ready, a readiness gate is not true; that of NEGs only if no other is closed;
 * - `node-lost`: nothing is wrong with the pod, but its node does not report.
 */
export type PodTrouble =
  | { readonly kind: "unschedulable"; readonly reason: string; readonly message: string }
  | ContainerTrouble
  | { readonly kind: "starting"; readonly init?: string; readonly reason: string }
  | { readonly kind: "probe"; readonly container: string; readonly probe: Probe }
  | { readonly kind: "unready"; readonly container: string }
  | { readonly kind: "gate"; readonly gate: string }
  | { readonly kind: "node-lost" };

/** What keeps a container from running. `init` is true for an init container. */
export type ContainerTrouble =
  | {
      readonly kind: "image";
      readonly container: string;
      readonly init: boolean;
      readonly image: string;
      readonly reason: string;
      readonly message: string;
    }
  | {
      readonly kind: "refused";
      readonly container: string;
      readonly init: boolean;
      readonly reason: string;
      readonly message: string;
    }
  | {
      readonly kind: "crash";
      readonly container: string;
      readonly init: boolean;
      /** How it last ended; undefined when it never ran. */
      readonly end: ContainerState | undefined;
    };

/** Reasons of the kubelet, from pkg/kubelet/images/types.go and pkg/kubelet/container/sync_result.go. */
const IMAGE_REASONS: ReadonlySet<string> = new Set([
  "ErrImagePull",
  "ImagePullBackOff",
  "InvalidImageName",
  "ErrImageNeverPull",
  "ImageInspectError",
  "RegistryUnavailable",
  "SignatureValidationFailed",
]);
const REFUSED_REASONS: ReadonlySet<string> = new Set([
  "CreateContainerConfigError",
  "CreateContainerError",
  "PreCreateHookError",
  "PreStartHookError",
]);
const CRASH_REASONS: ReadonlySet<string> = new Set(["CrashLoopBackOff", "RunContainerError"]);

/** From this many restarts on, a container that runs unready is still taken for a crashing one. */
const CRASH_RESTARTS = 3;

/** Judges one pod; undefined when it is ready. */
export function podTrouble(pod: Pod): PodTrouble | undefined {
  if (pod.ready) return undefined;
  return schedulingTrouble(pod) ?? initTrouble(pod) ?? containerTrouble(pod) ?? readinessTrouble(pod);
}

/** True when every container of the pod is ready, whatever its readiness gates say. */
export function hasReadyContainers(pod: Pod): boolean {
  const condition = pod.conditions.find(({ type }) => type === "ContainersReady");
  if (condition !== undefined) return condition.status === "True";
  return pod.ready || (pod.containers.length > 0 && pod.containers.every(({ ready }) => ready));
}

/** Readiness gates of the pod whose condition is not true. */
export function closedGates(pod: Pod): readonly string[] {
  return pod.readinessGates.filter(
    (gate) => !pod.conditions.some(({ type, status }) => type === gate && status === "True"),
  );
}

function schedulingTrouble({ conditions }: Pod): PodTrouble | undefined {
  const refused = conditions.find(({ type, status }) => type === "PodScheduled" && status === "False");
  return refused && { kind: "unschedulable", reason: refused.reason, message: refused.message };
}

function initTrouble({ pendingInit }: Pod): PodTrouble | undefined {
  if (pendingInit === undefined) return undefined;
  const { name, waiting } = pendingInit;
  return obstacle(pendingInit, true) ?? { kind: "starting", init: name, reason: waiting?.reason ?? "" };
}

function containerTrouble(pod: Pod): PodTrouble | undefined {
  const unready = pod.containers.filter(({ ready }) => !ready);
  for (const container of unready) {
    const trouble = obstacle(container, false);
    if (trouble !== undefined) return trouble;
  }
  const held = unready.find(({ waiting }) => waiting !== undefined);
  if (held !== undefined) return { kind: "starting", reason: held.waiting?.reason ?? "" };
  if (pod.phase !== "Running" && !hasReadyContainers(pod)) return { kind: "starting", reason: "" };
  return undefined;
}

function readinessTrouble(pod: Pod): PodTrouble {
  const unready = pod.containers.filter(({ ready }) => !ready);
  const probed = unready.find(({ readinessProbe }) => readinessProbe !== undefined) ?? unready[0];
  if (probed !== undefined && !hasReadyContainers(pod)) return unreadyContainer(probed);
  const closed = closedGates(pod);
  const gate = closed.find((name) => name !== NEG_READINESS_GATE) ?? closed[0];
  return gate === undefined ? { kind: "node-lost" } : { kind: "gate", gate };
}

function unreadyContainer({ name, readinessProbe }: Container): PodTrouble {
  if (readinessProbe === undefined) return { kind: "unready", container: name };
  return { kind: "probe", container: name, probe: readinessProbe };
}

function obstacle(container: ContainerProgress, init: boolean): ContainerTrouble | undefined {
  const { name, image, waiting, terminated, lastTerminated } = container;
  const reason = waiting?.reason ?? "";
  const message = waiting?.message ?? "";
  const place = { container: name, init };
  if (IMAGE_REASONS.has(reason)) return { kind: "image", ...place, image, reason, message };
  if (REFUSED_REASONS.has(reason)) return { kind: "refused", ...place, reason, message };
  if (isCrashing(container)) return { kind: "crash", ...place, end: terminated ?? lastTerminated };
  return undefined;
}

/** A crashing container is waiting, ended or running again at any one moment; all three are the same trouble. */
function isCrashing({ waiting, terminated, lastTerminated, restartCount }: ContainerProgress): boolean {
  if (CRASH_REASONS.has(waiting?.reason ?? "")) return true;
  if (terminated !== undefined) return terminated.exitCode !== 0 || restartCount > 0;
  return restartCount >= CRASH_RESTARTS && lastTerminated !== undefined;
}
