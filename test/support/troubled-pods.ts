import type { Container, ContainerState, Pod } from "../../src/model/pod.ts";
import { condition, container, pod } from "./builders.ts";

/** Pod number `index` of ReplicaSet `web-<revision>` that is not ready. */
export function troubledPod(index: number, changes: Partial<Pod>, revision = "6df65bf67"): Pod {
  return pod(index, {
    ready: false,
    owner: { kind: "ReplicaSet", name: `web-${revision}` },
    conditions: [
      condition("Initialized", "True"),
      condition("ContainersReady", "False", "ContainersNotReady"),
      condition("Ready", "False", "ContainersNotReady"),
    ],
    ...changes,
  });
}

/** A pod whose only container is not ready. */
export function unreadyPod(index: number, changes: Partial<Container> = {}, more: Partial<Pod> = {}): Pod {
  return troubledPod(index, { containers: [container({ ready: false, ...changes })], ...more });
}

/** A pod in CrashLoopBackOff whose container last ended as given. */
export function crashingPod(index: number, end: ContainerState, more: Partial<Pod> = {}): Pod {
  const waiting = { reason: "CrashLoopBackOff", message: "back-off 5m0s restarting failed container" };
  return unreadyPod(index, { restartCount: 7, waiting, lastTerminated: end }, more);
}

/** A pod whose image cannot be pulled. */
export function imagelessPod(index: number, waiting: ContainerState, more: Partial<Pod> = {}): Pod {
  return unreadyPod(index, { waiting }, { phase: "Pending", ...more });
}

/** A pod that no node takes, in the scheduler's words. */
export function unschedulablePod(index: number, message: string, more: Partial<Pod> = {}): Pod {
  const { ip: _ip, nodeName: _node, ...rest } = unreadyPod(index, {}, { phase: "Pending", ...more });
  return { ...rest, conditions: [condition("PodScheduled", "False", "Unschedulable", message)] };
}

/** A pod with ready containers that waits for the load balancer's health check. */
export function gatedPod(index: number, more: Partial<Pod> = {}): Pod {
  return pod(index, {
    ready: false,
    conditions: [
      condition("ContainersReady", "True"),
      condition("Ready", "False", "ReadinessGatesNotReady"),
      condition("cloud.google.com/load-balancer-neg-ready", "", "LoadBalancerNegNotReady"),
    ],
    ...more,
  });
}

/** A ready pod whose NEG readiness gate was opened for the given reason. */
export function gatePod(index: number, reason: string, more: Partial<Pod> = {}): Pod {
  const gate = condition("cloud.google.com/load-balancer-neg-ready", "True", reason);
  return pod(index, { conditions: [condition("Ready", "True"), gate], ...more });
}
