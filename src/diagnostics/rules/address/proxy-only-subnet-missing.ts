import { covers, parseCidr } from "../../cidr.ts";
import { activeProxySubnets, isProxyOnly } from "../../proxy-subnets.ts";
import { defineRule, type Report } from "../../rule.ts";
import { currentErrors } from "../../sync/current-errors.ts";
import { counted } from "../../text.ts";
import type { Topology } from "../../topology.ts";

export default defineRule({
  code: "GID208",
  slug: "proxy-only-subnet-missing",
  severity: "error",
  symptoms: ["no-address", "stale"],
  stage: "frontend-sync",
  reads: ["sync", "backends", "ingress", "ownership", "loadBalancer", "settling", "nodes"],
  rows: ["ILB-01"],
  summary: "The region has no proxy-only subnet, which internal load balancers need.",
  why: "The proxies of an internal or regional load balancer take their addresses from a subnet of purpose REGIONAL_MANAGED_PROXY and role ACTIVE in the same region and network. Without it Compute Engine refuses the forwarding rule.",
  fix: "Create a proxy-only subnet in the region and network of the cluster, in the host project if the network is shared.",
  confirm: [
    "kubectl describe ingress INGRESS -n NAMESPACE",
    "gcloud compute networks subnets list --filter='purpose=REGIONAL_MANAGED_PROXY' --format='table(name,region,network,role)'",
  ],
  sources: ["Google Cloud: Proxy-only subnets for Envoy-based load balancers", "ingress-gce issue 1148"],
  messages: {
    missing:
      "Compute Engine finds no active proxy-only subnet{place}, so Ingress {ingress} gets no front end.",
    absent:
      "Network {network} of the cluster has {subnets} in region {region}, none of them an active proxy-only one, so Ingress {ingress} gets no front end.",
  },

  check(topology, report) {
    const { ref } = topology.ingress;
    const refused = currentErrors(topology, report, "proxy-only-subnet-missing");
    for (const { text } of refused) {
      const region = /\bregions\/([a-z]+-[a-z]+\d{1,2})\//.exec(text)?.[1];
      const place = region === undefined ? "" : ` in region ${region}`;
      report("missing", { subject: ref }, { place, ingress: ref.name });
    }
    const bare = refused.length === 0 ? bareNetwork(topology, report) : undefined;
    if (bare === undefined) return;
    const { network, region, subnets } = bare;
    const parameters = { network, region, subnets: counted(subnets, "subnet"), ingress: ref.name };
    report("absent", { subject: ref }, parameters);
  },
});

/**
 * The cluster's own network and region without an active proxy-only subnet; undefined where one is there, and
 * where the network is not seen: that of a Shared VPC lies in the host project.
 */
function bareNetwork(topology: Topology, report: Pick<Report<never>, "knows">) {
  const { ingress, ownership, loadBalancer, settling, nodes } = topology;
  if (ownership.kind !== "owned" || ownership.product === "external" || settling.open) return undefined;
  if (ingress.deletedAt !== undefined || ingress.addresses.length > 0) return undefined;
  if (!report.knows(loadBalancer) || !report.knows(nodes)) return undefined;
  const { subnetworks } = loadBalancer.value;
  if (!report.knows(subnetworks)) return undefined;
  const addresses = nodes.value.flatMap((node) =>
    node.addresses.map((address) => parseCidr(`${address}/32`)),
  );
  const own = subnetworks.value
    .filter((subnet) => !isProxyOnly(subnet) && addresses.some((one) => isIn(one, subnet.range)))
    .sort((a, b) => (a.name < b.name ? -1 : 1))[0];
  if (own === undefined) return undefined;
  const { network, region } = own;
  const siblings = subnetworks.value.filter((one) => one.network === network && one.region === region);
  if (activeProxySubnets(siblings).length > 0) return undefined;
  return { network, region, subnets: siblings.length };
}

function isIn(address: ReturnType<typeof parseCidr>, range: string): boolean {
  const block = parseCidr(range);
  return address !== undefined && block !== undefined && covers(block, address);
}
