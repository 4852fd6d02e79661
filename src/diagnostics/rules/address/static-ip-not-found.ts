import { defineRule } from "../../rule.ts";
import { shellCommand } from "../../shell.ts";
import { neededAddress, staticIpFault } from "../../static-ip.ts";

export default defineRule({
  code: "GID202",
  slug: "static-ip-not-found",
  severity: "error",
  symptoms: ["no-address", "stale"],
  stage: "frontend-sync",
  reads: ["ingress", "ownership", "sync", "loadBalancer", "settling"],
  rows: ["ADR-01", "ADR-09"],
  summary: "The reserved address that the Ingress names does not exist.",
  why: "The annotation holds the name of a reserved address, not the address itself. The controller looks the name up in the project of the cluster; in a Shared VPC an address of the host project is not found. Without it the sync stops before the front end.",
  fix: "Reserve an address of that name, or correct the name in the annotation.",
  confirm: [
    "kubectl get ingress INGRESS -n NAMESPACE --output jsonpath='{.metadata.annotations}'",
    "gcloud compute addresses list --format='table(name,region,address,status,purpose)'",
  ],
  sources: [
    "ingress-gce: pkg/loadbalancers/forwarding_rules.go, getEffectiveIP",
    "Google Cloud: Troubleshooting GKE Ingress",
  ],
  messages: {
    missing:
      "Annotation {annotation} on Ingress {ingress} names {name}, and the controller finds no reserved address of that name; it needs {needed}.",
    absent:
      "Annotation {annotation} on Ingress {ingress} names {name}, and project {project} has no reserved address of that name in any scope; the load balancer needs {needed}.",
    literal:
      "Annotation {annotation} on Ingress {ingress} holds {name}, an IP address; GKE looks for a reserved address of that name and finds none.",
  },

  check(topology, report) {
    const { ingress, ownership, sync, loadBalancer } = topology;
    const fault = staticIpFault(topology);
    if (ownership.kind !== "owned" || !report.knows(sync)) return;
    if (fault === undefined || fault.kind === "wrong-scope") return;
    const { annotation, name } = fault;
    const subject = { ...ingress.ref, fieldPath: `metadata.annotations[${annotation}]` };
    if (fault.kind === "literal") {
      const summary = "Put the name of the reserved address into the annotation, not the address.";
      report("literal", { subject, fix: { summary } }, { annotation, ingress: ingress.ref.name, name });
      return;
    }
    // A regional address needs a region and a subnet, which no object of the cluster names.
    const command = shellCommand("gcloud", "compute", "addresses", "create", name, "--global");
    const fix = ownership.product === "external" ? { fix: { command } } : {};
    const parameters = {
      annotation,
      ingress: ingress.ref.name,
      name,
      needed: neededAddress(ownership.product),
    };
    if (!fault.isAbsent) report("missing", { subject, ...fix }, parameters);
    else if (loadBalancer.known) {
      // An Ingress that is served goes on with the forwarding rule it has, until a sync looks the name up again.
      const severity = ingress.addresses.length > 0 ? "warning" : "error";
      const { project } = loadBalancer.value;
      report("absent", { subject, severity, ...fix }, { ...parameters, project });
    }
  },
});
