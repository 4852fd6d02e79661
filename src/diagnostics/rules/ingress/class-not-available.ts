import { INGRESS_CLASS_ANNOTATION } from "../../gke/ingress-class.ts";
import { classFix } from "../../ingress-class-fix.ts";
import { defineRule } from "../../rule.ts";
import { currentErrors } from "../../sync/current-errors.ts";

export default defineRule({
  code: "GID007",
  slug: "class-not-available",
  severity: "error",
  symptoms: ["no-address"],
  stage: "backend-sync",
  reads: ["sync", "backends", "ingress"],
  rows: ["CLS-07"],
  summary: "This environment has no load balancer of the Ingress's class.",
  why: "Sovereign and other separate clouds of Google have no global load balancer, so the controller refuses class gce there.",
  fix: "Set the annotation kubernetes.io/ingress.class to a class that this environment has.",
  confirm: ["kubectl describe ingress INGRESS -n NAMESPACE"],
  sources: [
    "ingress-gce: pkg/controller/controller.go, NewLoadBalancerController",
    "ingress-gce pull request 2392",
  ],
  messages: {
    refused:
      "GKE's controller says that this environment does not support the class of Ingress {ingress} and names {instead} instead, so nothing is built.",
  },

  check(topology, report) {
    const { ref, annotations } = topology.ingress;
    const subject = { ...ref, fieldPath: `metadata.annotations[${INGRESS_CLASS_ANNOTATION}]` };
    for (const { cause } of currentErrors(topology, report, "class-unavailable")) {
      const { instead } = cause;
      // The Event outlives the change that it asks for.
      if (instead !== undefined && annotations[INGRESS_CLASS_ANNOTATION] === instead) continue;
      const fix = instead === undefined ? {} : { fix: classFix(topology.ingress, instead) };
      report("refused", { subject, ...fix }, { ingress: ref.name, instead: instead ?? "none" });
    }
  },
});
