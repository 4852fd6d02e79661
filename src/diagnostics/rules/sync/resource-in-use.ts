import { defineRule } from "../../rule.ts";
import { currentErrors } from "../../sync/current-errors.ts";

export default defineRule({
  code: "GID109",
  slug: "resource-in-use",
  severity: "error",
  symptoms: ["stale", "no-address"],
  stage: "backend-sync",
  reads: ["sync", "backends", "ingress"],
  rows: ["SYN-07"],
  summary: "A resource that the controller replaces or deletes is used by something else.",
  why: "Compute Engine does not delete or move a backend service, health check or endpoint group that another resource refers to. A load balancer made by hand, or another Ingress, holds it.",
  fix: "Remove the other reference to the resource, then let the controller try again.",
  confirm: [
    "kubectl describe ingress INGRESS -n NAMESPACE",
    "gcloud compute url-maps list --format='table(name,defaultService)'",
  ],
  sources: [
    "ingress-gce: docs/troubleshooting",
    "Google Cloud: Container-native load balancing through standalone zonal NEGs",
  ],
  messages: {
    named: "{resource} is still used by {by}, so Compute Engine refuses to change it and {effect}.",
    unnamed: "A resource of the load balancer is used by something else, so {effect}: {text}.",
  },

  check(topology, report) {
    // While an Ingress is deleted this is what keeps it from going, which is another rule's finding.
    if (topology.ingress.deletedAt !== undefined) return;
    for (const { cause, place, effect, text } of currentErrors(topology, report, "resource-in-use")) {
      const { resource, by } = cause;
      if (resource === undefined || by === undefined) report("unnamed", place, { effect, text });
      else report("named", place, { resource, by, effect });
    }
  },
});
