import type { Ingress } from "../../src/model/ingress.ts";
import type { Address, LoadBalancer } from "../../src/model/load-balancer.ts";
import { type Known, known } from "../../src/model/observed.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { freshAnnotations, ingress, NOW, notRead } from "./builders.ts";
import { neverBuilt } from "./sync-failures.ts";

export const GLOBAL_ANNOTATION = "kubernetes.io/ingress.global-static-ip-name";
export const REGIONAL_ANNOTATION = "kubernetes.io/ingress.regional-static-ip-name";

/** Ingress `web` without an address that names a reserved one, or asks for what other annotations say. */
export function asking(
  annotations: Readonly<Record<string, string>>,
  changes: Partial<Ingress> = {},
): Ingress {
  return ingress({ annotations: freshAnnotations(annotations), addresses: [], ...changes });
}

/** That Ingress, with the controller saying that it does not find address `name`. */
export function addressNotFound(
  annotations: Readonly<Record<string, string>>,
  name: string,
  changes: Partial<Snapshot> = {},
): Snapshot {
  return neverBuilt(
    `the given static IP name ${name} doesn't translate to an existing static IP.`,
    undefined,
    {
      ingress: asking(annotations),
      ...changes,
    },
  );
}

/** Google's side with these reserved addresses and nothing else that can be read. */
export function withAddresses(...addresses: readonly Address[]): Known<LoadBalancer> {
  const none = notRead("loadBalancer");
  return known({
    readAt: NOW,
    project: "demo-project",
    forwardingRules: none,
    targetProxies: none,
    urlMaps: none,
    backendServices: none,
    healthChecks: none,
    negs: none,
    instanceGroups: none,
    certificates: none,
    addresses: known(addresses),
    rivals: known([]),
    firewalls: none,
    subnetworks: none,
    quotas: none,
    sslPolicies: none,
  });
}

/** A reserved address that nothing uses. */
export function reserved(name: string, scope: string): Address {
  return { name, scope, address: "203.0.113.99", status: "RESERVED", users: [] };
}
