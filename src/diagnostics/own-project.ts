import type { Topology } from "./topology.ts";

/**
 * Whether what was read from Google can be the project of the Ingress' load balancer: one that serves has a
 * forwarding rule there. What is absent from another project says nothing.
 */
export function isOwnProject({ ingress, loadBalancer }: Pick<Topology, "ingress" | "loadBalancer">): boolean {
  if (!loadBalancer.known) return false;
  const { forwardingRules } = loadBalancer.value;
  return ingress.addresses.length === 0 || !forwardingRules.known || forwardingRules.value.length > 0;
}
