import type { Pod } from "../../model/pod.ts";
import type { Moment } from "../moment.ts";
import { hasReadyContainers, NEG_READINESS_GATE, type PodTrouble, podTrouble } from "./pod-trouble.ts";

/** A pod that is not ready, with what keeps it. */
export interface TroubledPod {
  readonly pod: Pod;
  readonly trouble: PodTrouble;
}

/** The pods behind one backend, sorted by what can be said of them now; each list is in order of name. */
export interface PodCensus {
  /** Pods that exist to serve: neither being deleted nor at their end. */
  readonly live: readonly Pod[];
  /** Live pods that are ready, or that only wait for the load balancer to call them healthy. */
  readonly able: readonly Pod[];
  /** Live pods in a trouble that has lasted too long to be a start or a moment. */
  readonly failing: readonly TroubledPod[];
  /** Live pods that are not ready yet, for reasons that time usually cures. */
  readonly starting: readonly TroubledPod[];
}

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;

/**
 * How long each trouble may last, in milliseconds from the pod's creation, before it counts as failing; the
 * first number holds while no pod is able, the second while others serve.
 *
 * A new node takes minutes to join (GKE cluster autoscaler), and a Deployment gives its pods ten minutes by
 * default (`progressDeadlineSeconds`).
 */
const PATIENCE_MS: Readonly<Record<PodTrouble["kind"], readonly [alone: number, aside: number]>> = {
  unschedulable: [5 * MINUTE_MS, 10 * MINUTE_MS],
  image: [30 * SECOND_MS, 2 * MINUTE_MS],
  refused: [30 * SECOND_MS, 2 * MINUTE_MS],
  crash: [30 * SECOND_MS, 2 * MINUTE_MS],
  starting: [5 * MINUTE_MS, 10 * MINUTE_MS],
  probe: [5 * MINUTE_MS, 10 * MINUTE_MS],
  unready: [5 * MINUTE_MS, 10 * MINUTE_MS],
  gate: [5 * MINUTE_MS, 5 * MINUTE_MS],
  "node-lost": [MINUTE_MS, 2 * MINUTE_MS],
};

/** A pod that was ready before and is not now may miss this long while others serve, in milliseconds. */
const LAPSE_MS = 2 * MINUTE_MS;

/**
 * Sorts the pods behind a backend.
 */
export function takeCensus(pods: readonly Pod[], now: Moment): PodCensus {
  const live = livePods(pods);
  const able = live.filter(isAble);
  const failing: TroubledPod[] = [];
  const starting: TroubledPod[] = [];
  for (const pod of live) {
    const trouble = podTrouble(pod);
    if (trouble === undefined) continue;
    const lasting = hasLasted(pod, trouble, { now, alone: able.length === 0 });
    (lasting ? failing : starting).push({ pod, trouble });
  }
  return { live, able, failing, starting };
}

/** The pod that comes first by name, to stand for all of them; undefined without any. */
export function firstPod(pods: readonly Pod[]): Pod | undefined {
  return pods.reduce<Pod | undefined>(
    (first, pod) => (first === undefined || pod.ref.name < first.ref.name ? pod : first),
    undefined,
  );
}

/** The pods that are there to serve, in order of name. */
export function livePods(pods: readonly Pod[]): readonly Pod[] {
  return pods.filter(isLive).sort((a, b) => (a.ref.name < b.ref.name ? -1 : 1));
}

/** True for a pod that is there to serve: not being deleted, and not ended (evicted, completed). */
export function isLive({ deletedAt, phase }: Pod): boolean {
  return deletedAt === undefined && phase !== "Succeeded" && phase !== "Failed";
}

/** A pod of a lost node keeps `ContainersReady`, so it takes both to be able. */
function isAble(pod: Pod): boolean {
  const trouble = podTrouble(pod);
  if (trouble === undefined) return true;
  return hasReadyContainers(pod) && trouble.kind === "gate" && trouble.gate === NEG_READINESS_GATE;
}

function hasLasted(
  pod: Pod,
  trouble: PodTrouble,
  { now, alone }: { readonly now: Moment; readonly alone: boolean },
): boolean {
  const patience = PATIENCE_MS[trouble.kind][alone ? 0 : 1];
  // A pod looks like one of a lost node for a moment, too, when its last gate has opened.
  const since = trouble.kind === "node-lost" ? changedAt(pod) : pod.createdAt;
  if (!now.hasCome(since + patience)) return false;
  return alone || now.hasCome(unreadySince(pod) + LAPSE_MS);
}

/** Epoch milliseconds of the newest change of a condition of the pod. */
function changedAt({ conditions, createdAt }: Pod): number {
  return conditions.reduce((newest, { since = 0 }) => Math.max(newest, since), createdAt);
}

/** Epoch milliseconds since when the pod is not ready. */
function unreadySince({ conditions, createdAt }: Pod): number {
  return conditions.find(({ type }) => type === "Ready")?.since ?? createdAt;
}
