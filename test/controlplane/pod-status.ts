import { type Behaviour, behaviourOf, type Pod, type PodCondition, type PodContainer } from "./pod.ts";

const CRASH_RESTARTS = 5;

/** Status of a pod that fits on none of `nodeCount` Nodes, in the scheduler's words. */
export function unschedulableStatus(nodeCount: number): object {
  const message = `0/${nodeCount} nodes are available: ${nodeCount} node(s) didn't match Pod's node affinity/selector.`;
  return { phase: "Pending", conditions: [condition("PodScheduled", "Unschedulable", message)] };
}

/** Status a kubelet would write for a pod bound to a Node, as a strategic merge patch of `status`. */
export function boundStatus(pod: Pod, address: string, nodeAddress: string): object {
  const behaviour = behaviourOf(pod);
  const containers = pod.spec.containers;
  const unready = behaviour === "ready" ? [] : containers.map((container) => container.name);
  const started = now();
  return {
    phase: phaseOf(behaviour),
    conditions: [
      condition("PodScheduled"),
      condition("PodReadyToStartContainers"),
      condition("Initialized"),
      ...readyConditions(pod, unready),
    ],
    hostIP: nodeAddress,
    hostIPs: [{ ip: nodeAddress }],
    // The network of a pod exists before its images are pulled.
    ...(behaviour === "container-creating" ? {} : { podIP: address, podIPs: [{ ip: address }] }),
    startTime: started,
    containerStatuses: containers.map((container) => containerStatus(pod, container, behaviour)),
  };
}

function phaseOf(behaviour: Behaviour): string {
  return behaviour === "container-creating" || behaviour === "image-pull-error" ? "Pending" : "Running";
}

function readyConditions(pod: Pod, unready: readonly string[]): object[] {
  if (unready.length > 0) {
    const message = `containers with unready status: [${unready.join(" ")}]`;
    return ["ContainersReady", "Ready"].map((type) => condition(type, "ContainersNotReady", message));
  }
  const closed = closedGate(pod);
  if (closed === undefined) return [condition("ContainersReady"), condition("Ready")];
  const message =
    closed.state === undefined
      ? `corresponding condition of pod readiness gate "${closed.gate}" does not exist.`
      : `the status of pod readiness gate "${closed.gate}" is not "True", but ${closed.state}`;
  return [condition("ContainersReady"), condition("Ready", "ReadinessGatesNotReady", message)];
}

/** The first readiness gate that keeps the pod from being ready. */
function closedGate(pod: Pod): { gate: string; state: string | undefined } | undefined {
  for (const { conditionType: gate } of pod.spec.readinessGates ?? []) {
    const state = pod.status?.conditions?.find((one) => one.type === gate)?.status;
    if (state !== "True") return { gate, state };
  }
  return undefined;
}

/** True without a reason, else False. */
function condition(
  type: string,
  reason?: string,
  message?: string,
): PodCondition & { lastTransitionTime: string } {
  const common = { type, lastTransitionTime: now() };
  if (reason === undefined || message === undefined) return { ...common, status: "True" };
  return { ...common, status: "False", reason, message };
}

function containerStatus(pod: Pod, container: PodContainer, behaviour: Behaviour): object {
  return {
    name: container.name,
    image: container.image,
    imageID: "",
    ready: behaviour === "ready",
    started: behaviour === "ready" || behaviour === "not-ready",
    restartCount: behaviour === "crash" ? CRASH_RESTARTS : 0,
    ...containerStates(pod, container, behaviour),
  };
}

function containerStates(pod: Pod, container: PodContainer, behaviour: Behaviour): object {
  const waiting = (reason: string, message: string) => ({ state: { waiting: { reason, message } } });
  switch (behaviour) {
    case "crash": {
      const terminated = { exitCode: 1, reason: "Error", startedAt: now(), finishedAt: now() };
      const { name, namespace, uid } = pod.metadata;
      const message = `back-off 2m40s restarting failed container=${container.name} pod=${name}_${namespace}(${uid})`;
      return { ...waiting("CrashLoopBackOff", message), lastState: { terminated } };
    }
    case "image-pull-error":
      return waiting("ImagePullBackOff", `Back-off pulling image "${container.image}"`);
    case "container-creating":
    case "unschedulable":
      return { state: { waiting: { reason: "ContainerCreating" } } };
    case "ready":
    case "not-ready":
      return { state: { running: { startedAt: now() } } };
  }
}

/** Timestamps of API objects have whole seconds. */
function now(): string {
  return new Date().toISOString().replace(/\.\d+Z$/, "Z");
}
