import { defineRule } from "../../rule.ts";
import { shellCommand } from "../../shell.ts";
import { neededAddress, staticIpFault } from "../../static-ip.ts";

export default defineRule({
  code: "GID203",
  slug: "static-ip-wrong-scope",
  severity: "error",
  symptoms: ["no-address", "stale"],
  stage: "frontend-sync",
  reads: ["ingress", "ownership", "sync", "loadBalancer", "settling"],
  rows: ["ADR-02"],
  summary: "The reserved address is of the wrong scope for the class.",
  why: "Class gce needs a global address, class gce-internal a regional internal one. The controller looks the name up in the scope of the load balancer, whichever annotation holds it, and finds nothing in the other scope.",
  fix: "Reserve an address in the scope of the class and name it in the annotation of that scope.",
  confirm: [
    "kubectl get ingress INGRESS -n NAMESPACE --output jsonpath='{.metadata.annotations}'",
    "gcloud compute addresses list --format='table(name,region,address,status,purpose)'",
  ],
  sources: [
    "ingress-gce: pkg/loadbalancers/forwarding_rules.go, getEffectiveIP",
    "Google Cloud: Troubleshooting GKE Ingress",
  ],
  messages: {
    found:
      "Annotation {annotation} on Ingress {ingress} names {name}, which is reserved in scope {found}; the load balancer needs {needed}, so the name is not found.",
    annotation:
      "Ingress {ingress} names {name} in {annotation}, the annotation of the other scope; the load balancer needs {needed}, and the controller finds none of that name.",
  },

  check(topology, report) {
    const { ingress, ownership, sync } = topology;
    const fault = staticIpFault(topology);
    if (ownership.kind !== "owned" || !report.knows(sync) || fault?.kind !== "wrong-scope") return;
    const { annotation, name, found } = fault;
    const create = shellCommand("gcloud", "compute", "addresses", "create", name, "--global");
    const place = {
      subject: { ...ingress.ref, fieldPath: `metadata.annotations[${annotation}]` },
      fix: ownership.product === "external" ? { command: create } : {},
    };
    const parameters = {
      annotation,
      ingress: ingress.ref.name,
      name,
      needed: neededAddress(ownership.product),
    };
    if (found === undefined) report("annotation", place, parameters);
    else report("found", place, { ...parameters, found });
  },
});
