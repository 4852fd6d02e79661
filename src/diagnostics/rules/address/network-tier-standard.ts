import { staticIp } from "../../gke/ingress-annotations.ts";
import { defineRule } from "../../rule.ts";
import { currentErrors } from "../../sync/current-errors.ts";

export default defineRule({
  code: "GID210",
  slug: "network-tier-standard",
  severity: "error",
  symptoms: ["no-address", "stale"],
  stage: "frontend-sync",
  reads: ["ingress", "sync", "backends"],
  rows: ["ADR-05"],
  summary: "The address or the project uses the Standard network tier.",
  why: "The global load balancer of class gce works in the Premium tier only. A reserved address of the Standard tier, or a project whose default is that tier, makes Compute Engine refuse the forwarding rule.",
  fix: "Reserve an address in the Premium tier, or set the default network tier of the project to Premium.",
  confirm: [
    "kubectl describe ingress INGRESS -n NAMESPACE",
    "gcloud compute project-info describe --format='value(defaultNetworkTier)'",
  ],
  sources: ["Google Cloud: Troubleshooting GKE Ingress, network tiers"],
  messages: {
    refused:
      "Compute Engine refuses the front end of Ingress {ingress} because of the network tier of {origin}: {text}.",
  },

  check(topology, report) {
    const { ingress } = topology;
    const choice = staticIp(ingress);
    const origin = choice.kind === "named" ? `the reserved address ${choice.name}` : "the project's default";
    const command = "gcloud compute project-info update --default-network-tier=PREMIUM";
    const fix = choice.kind === "named" ? {} : { fix: { command } };
    for (const { text } of currentErrors(topology, report, "network-tier")) {
      report("refused", { subject: ingress.ref, ...fix }, { ingress: ingress.ref.name, origin, text });
    }
  },
});
