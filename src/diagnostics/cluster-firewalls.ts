import type { Firewall } from "../model/load-balancer.ts";
import { type Observed, unknown } from "../model/observed.ts";
import type { LiveBackend } from "./live-backends.ts";

/** `project/network` of a backend's endpoints; undefined where none of its groups says so. */
export function clusterNetwork({ live, loadBalancer }: LiveBackend): string | undefined {
  const { negs, instanceGroups } = loadBalancer;
  const groups = [...(negs.known ? negs.value : []), ...(instanceGroups.known ? instanceGroups.value : [])];
  const names = new Set(live.groups.map(({ name }) => name));
  return groups.find((group) => names.has(group.name) && group.network !== undefined)?.network;
}

const ELSEWHERE = unknown(
  "loadBalancer",
  "not-configured",
  "read access to the firewall rules of the project that the cluster's network is in",
);

/**
 * The firewall rules of the network that a backend's endpoints are in; unknown where that network is not the
 * project's own: the rules of a Shared VPC lie in the host project.
 *
 * Where no group of the backend names its network, the rules of every network of the project; none at all says
 * that the network is elsewhere.
 */
export function clusterFirewalls(found: LiveBackend): Observed<readonly Firewall[]> {
  const { firewalls, project } = found.loadBalancer;
  const network = clusterNetwork(found);
  if (!firewalls.known) return firewalls;
  if (network === undefined) return firewalls.value.length === 0 ? ELSEWHERE : firewalls;
  const [owner, name] = network.split("/");
  return owner === project
    ? { known: true, value: firewalls.value.filter((rule) => rule.network === name) }
    : ELSEWHERE;
}
