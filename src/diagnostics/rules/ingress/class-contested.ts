import { INGRESS_CLASS_ANNOTATION } from "../../gke/ingress-class.ts";
import { classFix } from "../../ingress-class-fix.ts";
import { defineRule } from "../../rule.ts";
import { otherControllerTraces } from "../../sync/other-controllers.ts";
import { listed } from "../../text.ts";

export default defineRule({
  code: "GID008",
  slug: "class-contested",
  severity: "warning",
  symptoms: ["wrong-backend"],
  stage: "hygiene",
  reads: ["ingress", "ownership", "events"],
  rows: ["CLS-03"],
  summary: "An Ingress without a class is served by GKE and by another controller.",
  why: "GKE takes every Ingress without a class. When another controller does the same, both build something and both write the address, so clients reach now one and now the other, and an unwanted load balancer is paid for.",
  fix: "Set the annotation kubernetes.io/ingress.class to the class of the controller that is meant to serve the Ingress.",
  confirm: [
    "kubectl describe ingress INGRESS -n NAMESPACE",
    "kubectl get ingress INGRESS -n NAMESPACE --output yaml",
  ],
  sources: ["ingress-gce: pkg/utils/utils.go, IsGCEIngress", "ingress-gce issues 476, 801"],
  messages: {
    contested:
      "Ingress {ingress} has no class, so GKE takes it, and another controller has left {traces} on it; both write its address.",
  },

  check({ ingress, ownership, events }, report) {
    const annotated = ingress.annotations[INGRESS_CLASS_ANNOTATION] ?? "";
    if (ownership.kind !== "owned" || annotated !== "" || !report.knows(events)) return;
    const traces = otherControllerTraces(ingress, events.value);
    if (traces.length === 0) return;
    const summary =
      "Set the class to gce if GKE is meant to serve the Ingress, else to the other controller's class.";
    report(
      "contested",
      { subject: ingress.ref, fix: { summary, ...classFix(ingress, "gce") } },
      { ingress: ingress.ref.name, traces: listed(traces, 3) },
    );
  },
});
