import type { Subnetwork } from "../model/load-balancer.ts";

/** INTERNAL_HTTPS_LOAD_BALANCER is the older name of the same purpose. */
const PROXY_PURPOSES: ReadonlySet<string> = new Set([
  "REGIONAL_MANAGED_PROXY",
  "INTERNAL_HTTPS_LOAD_BALANCER",
]);

/** Whether a subnet is reserved for the proxies of regional load balancers, and so holds no other address. */
export function isProxyOnly({ purpose }: Subnetwork): boolean {
  return PROXY_PURPOSES.has(purpose);
}

/** The subnets that proxies take their addresses from now, in order of name; one on stand-by has role BACKUP. */
export function activeProxySubnets(subnetworks: readonly Subnetwork[]): readonly Subnetwork[] {
  return subnetworks
    .filter((subnet) => isProxyOnly(subnet) && subnet.role === "ACTIVE")
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
