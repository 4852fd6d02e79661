import type { Address, Subnetwork } from "../../../model/load-balancer.ts";
import { wantedFrontends } from "../../gke/frontends.ts";
import { staticIp } from "../../gke/ingress-annotations.ts";
import type { Product } from "../../gke/ingress-class.ts";
import { isProxyOnly } from "../../proxy-subnets.ts";
import { defineRule } from "../../rule.ts";
import { neededAddress, reservedAddress } from "../../static-ip.ts";
import type { Topology } from "../../topology.ts";

/** What one forwarding rule alone may use; without the field it is an ordinary internal address. */
const FORWARDING_PURPOSES: ReadonlySet<string> = new Set(["GCE_ENDPOINT", "SHARED_LOADBALANCER_VIP"]);

export default defineRule({
  code: "GID211",
  slug: "static-ip-wrong-kind",
  severity: "error",
  symptoms: ["no-address", "stale"],
  stage: "frontend-sync",
  reads: ["ingress", "ownership", "loadBalancer"],
  rows: ["ADR-05", "ADR-09", "ILB-04"],
  summary: "The reserved address is of a kind that the load balancer cannot use.",
  why: "An external load balancer needs an external address of the Premium tier, an internal one an internal address outside the proxy-only subnet, and two forwarding rules share an internal address only with purpose SHARED_LOADBALANCER_VIP. None of this can be changed in a reserved address.",
  fix: "Reserve an address of the kind the load balancer needs, and name it in the annotation.",
  confirm: [
    "gcloud compute addresses list --format='table(name,region,address,addressType,purpose,networkTier,subnetwork)'",
  ],
  sources: [
    "Google Cloud: Reserve a static internal IP address (purpose)",
    "ingress-gce issues 1171 and 1852",
    "ingress-gce: pkg/loadbalancers/l7.go, edgeHop",
  ],
  messages: {
    type: "Reserved address {name} of Ingress {ingress} is of type {found}; the load balancer needs {needed}.",
    tier: "Reserved address {name} of Ingress {ingress} is of network tier {found}; the load balancer needs {needed} of tier PREMIUM.",
    purpose:
      "Reserved address {name} of Ingress {ingress} has purpose {found}; the load balancer needs {needed}.",
    subnet:
      "Reserved address {name} of Ingress {ingress} lies in {found}, a proxy-only subnet, where no forwarding rule gets an address; the load balancer needs {needed}.",
  },

  check(topology, report) {
    const { ingress, ownership, loadBalancer } = topology;
    const choice = staticIp(ingress);
    if (choice.kind !== "named" || ownership.kind !== "owned" || !report.knows(loadBalancer)) return;
    if (!report.knows(loadBalancer.value.addresses)) return;
    const address = reservedAddress(topology);
    // What serves already is of the right kind.
    if (address === undefined || ingress.addresses.includes(address.address)) return;
    const { subnetworks } = loadBalancer.value;
    const fault = faultOf(address, topology, ownership.product, subnetworks.known ? subnetworks.value : []);
    if (fault === undefined) return;
    const subject = { ...ingress.ref, fieldPath: `metadata.annotations[${choice.annotation}]` };
    const needed = neededAddress(ownership.product);
    const parameters = { name: address.name, ingress: ingress.ref.name, needed, found: fault.found };
    report(fault.kind, { subject }, parameters);
  },
});

interface Fault {
  readonly kind: "type" | "tier" | "purpose" | "subnet";
  readonly found: string;
}

function faultOf(
  address: Address,
  topology: Topology,
  product: Product,
  subnetworks: readonly Subnetwork[],
): Fault | undefined {
  const { type, networkTier } = address;
  const wanted = product === "internal" ? "INTERNAL" : "EXTERNAL";
  if (type !== undefined && type !== wanted) return { kind: "type", found: type };
  if (product === "external" && networkTier === "STANDARD") return { kind: "tier", found: networkTier };
  return product === "internal" ? internalFault(address, isSharing(topology), subnetworks) : undefined;
}

function internalFault(
  { purpose, subnetwork, scope }: Address,
  shares: boolean,
  subnetworks: readonly Subnetwork[],
): Fault | undefined {
  const inSubnet = subnetworks.find(({ name, region }) => name === subnetwork && region === scope);
  if (inSubnet !== undefined && isProxyOnly(inSubnet)) return { kind: "subnet", found: inSubnet.name };
  const isUsable = shares
    ? purpose === "SHARED_LOADBALANCER_VIP"
    : purpose === undefined || FORWARDING_PURPOSES.has(purpose);
  return isUsable ? undefined : { kind: "purpose", found: purpose ?? "(none)" };
}

function isSharing({ ingress }: Pick<Topology, "ingress">): boolean {
  const { http, https } = wantedFrontends(ingress);
  return http && https;
}
