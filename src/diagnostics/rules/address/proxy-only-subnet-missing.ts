import { defineRule } from "../../rule.ts";
import { currentErrors } from "../../sync/current-errors.ts";

export default defineRule({
  code: "GID208",
  slug: "proxy-only-subnet-missing",
  severity: "error",
  symptoms: ["no-address", "stale"],
  stage: "frontend-sync",
  reads: ["sync", "backends", "ingress"],
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
  },

  check(topology, report) {
    const { ref } = topology.ingress;
    for (const { text } of currentErrors(topology, report, "proxy-only-subnet-missing")) {
      const region = /\bregions\/([a-z]+-[a-z]+\d{1,2})\//.exec(text)?.[1];
      const place = region === undefined ? "" : ` in region ${region}`;
      report("missing", { subject: ref }, { place, ingress: ref.name });
    }
  },
});
