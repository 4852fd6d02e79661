import type { LoadBalancer } from "../model/load-balancer.ts";
import type { Observed } from "../model/observed.ts";
import type { Snapshot } from "../model/snapshot.ts";

/**
 * Whether something beside the cluster, Google or a pod, was asked for this snapshot and has not answered yet.
 *
 * A diagnosis of such a snapshot lacks what the process before this one knew.
 */
export function awaitsFirstAnswer({ loadBalancer, probes }: Snapshot): boolean {
  if (isAwaited(loadBalancer) || isAwaited(probes)) return true;
  return loadBalancer.known && answersOf(loadBalancer.value).some(isAwaited);
}

function answersOf({ readAt: _readAt, project: _project, ...parts }: LoadBalancer): Observed<unknown>[] {
  const { backendServices, negs } = parts;
  const health = backendServices.known ? backendServices.value.map((backend) => backend.health) : [];
  const endpoints = negs.known ? negs.value.map((neg) => neg.endpoints) : [];
  return [...Object.values(parts), ...health, ...endpoints];
}

function isAwaited(answer: Observed<unknown>): boolean {
  return !answer.known && answer.reason === "not-synced";
}
