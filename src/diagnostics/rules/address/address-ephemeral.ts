import { staticIp } from "../../gke/ingress-annotations.ts";
import { builtObjects } from "../../gke/status-annotations.ts";
import { defineRule } from "../../rule.ts";

export default defineRule({
  code: "GID209",
  slug: "address-ephemeral",
  severity: "info",
  symptoms: [],
  stage: "hygiene",
  reads: ["ingress", "ownership"],
  rows: ["ADR-06"],
  summary: "The address of the Ingress is not reserved.",
  why: "An address that nobody reserved goes back to Google when the forwarding rule is made anew, for example after the Ingress is recreated or its class changes. DNS then points at an address that somebody else may get.",
  fix: "Reserve the address and name it in kubernetes.io/ingress.global-static-ip-name, or kubernetes.io/ingress.regional-static-ip-name for an internal Ingress.",
  confirm: [
    "kubectl get ingress INGRESS -n NAMESPACE",
    "gcloud compute addresses list --filter='address=ADDRESS'",
  ],
  sources: ["ingress-gce: LIMITATIONS.md", "ingress-gce: pkg/loadbalancers/addresses.go"],
  messages: {
    ephemeral:
      "Address {address} of Ingress {ingress} is not reserved: no annotation names one, and GKE has reserved none itself.",
  },

  check({ ingress, ownership }, report) {
    const [address] = ingress.addresses;
    if (ownership.kind !== "owned" || address === undefined || staticIp(ingress).kind !== "none") return;
    if (builtObjects(ingress).staticIp !== undefined) return;
    report("ephemeral", { subject: ingress.ref }, { address, ingress: ingress.ref.name });
  },
});
