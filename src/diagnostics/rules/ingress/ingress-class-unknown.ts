import { suggestedClass } from "../../gke/class-suggestion.ts";
import { INGRESS_CLASS_ANNOTATION } from "../../gke/ingress-class.ts";
import { classFix } from "../../ingress-class-fix.ts";
import { defineRule } from "../../rule.ts";

export default defineRule({
  code: "GID002",
  slug: "ingress-class-unknown",
  severity: "error",
  symptoms: ["no-address"],
  stage: "ownership",
  reads: ["ingress", "ownership", "settling"],
  rows: ["CLS-02"],
  summary: "The class is none of GKE's, and of no well-known controller.",
  why: "The comparison is exact and case-sensitive. An Ingress of any class but gce, gce-internal and gce-regional-external is left alone without any Event.",
  fix: "Correct the class to gce for an external or gce-internal for an internal load balancer.",
  confirm: ["kubectl get ingress INGRESS -n NAMESPACE --output yaml", "kubectl get ingressclass"],
  sources: [
    "ingress-gce: pkg/utils/utils.go, IsGCEIngress",
    "Google Cloud: GKE Ingress for Application Load Balancers",
  ],
  messages: {
    unknown:
      "Ingress {ingress} has class {value} in {field}, which is none of GKE's (gce, gce-internal, gce-regional-external), so GKE builds no load balancer for it.",
  },

  check({ ingress, ownership, settling }, report) {
    if (ownership.kind !== "ignored" || ownership.likelyOwner !== undefined) return;
    if (ownership.leftovers.length > 0 || ingress.addresses.length > 0) return;
    const meant = suggestedClass(ownership);
    if (ownership.because === "class-name-field" && ownership.value.trim().toLowerCase() === meant) return;
    // A class that resembles none of GKE's may be of a controller that has yet to give the address; a manifest
    // that was never applied (no UID) has had no chance to get one.
    if (meant === undefined && (settling.open || ingress.uid === "")) return;
    const { ref } = ingress;
    const inField = ownership.because === "class-name-field";
    const field = inField ? "spec.ingressClassName" : `the annotation ${INGRESS_CLASS_ANNOTATION}`;
    const fieldPath = inField ? "spec.ingressClassName" : `metadata.annotations[${INGRESS_CLASS_ANNOTATION}]`;
    const fix =
      meant === undefined
        ? {}
        : {
            fix: {
              summary: `Set the annotation ${INGRESS_CLASS_ANNOTATION} to ${meant}.`,
              ...classFix(ingress, meant),
            },
          };
    report(
      "unknown",
      { subject: { ...ref, fieldPath }, ...fix },
      { ingress: ref.name, value: ownership.value, field },
    );
  },
});
