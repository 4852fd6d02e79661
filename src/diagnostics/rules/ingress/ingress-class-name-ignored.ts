import { suggestedClass } from "../../gke/class-suggestion.ts";
import { INGRESS_CLASS_ANNOTATION } from "../../gke/ingress-class.ts";
import { classFix } from "../../ingress-class-fix.ts";
import { defineRule } from "../../rule.ts";

export default defineRule({
  code: "GID001",
  slug: "ingress-class-name-ignored",
  severity: "error",
  symptoms: ["no-address"],
  stage: "ownership",
  reads: ["ingress", "ownership"],
  rows: ["CLS-01"],
  summary: "The class stands only in spec.ingressClassName, which GKE does not read.",
  why: "GKE's Ingress controller goes by the annotation kubernetes.io/ingress.class. An Ingress that names a class only in spec.ingressClassName, even gce, is left alone without any Event. A default IngressClass of the cluster fills that field by itself.",
  fix: "Remove spec.ingressClassName and set the annotation kubernetes.io/ingress.class instead.",
  confirm: [
    "kubectl get ingress INGRESS -n NAMESPACE --output jsonpath='{.spec.ingressClassName}'",
    "kubectl describe ingress INGRESS -n NAMESPACE",
  ],
  sources: ["ingress-gce: pkg/utils/utils.go, IsGCEIngress", "Google Cloud: Troubleshooting GKE Ingress"],
  messages: {
    ignored:
      "Ingress {ingress} names class {value} in spec.ingressClassName only; GKE reads the annotation kubernetes.io/ingress.class instead, so it builds no load balancer for it.",
  },

  check({ ingress, ownership }, report) {
    if (ownership.kind !== "ignored" || ownership.because !== "class-name-field") return;
    // What GKE built for it once, and an address that another controller gave it, are other findings.
    if (ownership.leftovers.length > 0 || ingress.addresses.length > 0) return;
    const wanted = suggestedClass(ownership);
    if (wanted === undefined || !isNearlyExact(ownership.value, wanted)) return;
    const { ref } = ingress;
    const summary = `Remove spec.ingressClassName and set the annotation ${INGRESS_CLASS_ANNOTATION} to ${wanted} instead.`;
    report(
      "ignored",
      {
        subject: { ...ref, fieldPath: "spec.ingressClassName" },
        fix: { summary, ...classFix(ingress, wanted) },
      },
      { ingress: ref.name, value: ownership.value },
    );
  },
});

/** A misspelt class is unknown in both places, and so the finding of GID002. */
function isNearlyExact(value: string, wanted: string): boolean {
  return value.trim().toLowerCase() === wanted;
}
