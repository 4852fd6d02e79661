import { INGRESS_CLASS_ANNOTATION } from "../../gke/ingress-class.ts";
import { defineRule } from "../../rule.ts";
import { otherControllerTraces } from "../../sync/other-controllers.ts";

export default defineRule({
  code: "GID003",
  slug: "ingress-class-other-controller",
  severity: "warning",
  symptoms: ["no-address"],
  stage: "ownership",
  settles: true,
  reads: ["ingress", "ownership", "events"],
  rows: ["CLS-02"],
  summary: "The class belongs to another controller, and none has served the Ingress.",
  why: "GKE leaves an Ingress of another class alone. If that controller does not run in the cluster, nobody serves it, and nobody says so.",
  fix: "Install the controller of this class, or set the annotation kubernetes.io/ingress.class to gce.",
  confirm: ["kubectl get ingress INGRESS -n NAMESPACE --output yaml", "kubectl get ingressclass"],
  sources: ["ingress-gce: pkg/utils/utils.go, IsGCEIngress"],
  messages: {
    unserved:
      "Ingress {ingress} has class {value}, which is {owner}'s, so GKE leaves it alone, and no other controller has given it an address.",
  },

  check({ ingress, ownership, events }, report) {
    if (ownership.kind !== "ignored" || ownership.likelyOwner === undefined) return;
    if (ownership.leftovers.length > 0 || ingress.addresses.length > 0) return;
    if (!report.knows(events) || otherControllerTraces(ingress, events.value).length > 0) return;
    const { value, likelyOwner: owner, because } = ownership;
    const fieldPath =
      because === "class-name-field"
        ? "spec.ingressClassName"
        : `metadata.annotations[${INGRESS_CLASS_ANNOTATION}]`;
    report(
      "unserved",
      { subject: { ...ingress.ref, fieldPath } },
      { ingress: ingress.ref.name, value, owner },
    );
  },
});
