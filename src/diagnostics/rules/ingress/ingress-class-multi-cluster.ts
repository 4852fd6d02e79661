import { INGRESS_CLASS_ANNOTATION } from "../../gke/ingress-class.ts";
import { classFix } from "../../ingress-class-fix.ts";
import { defineRule } from "../../rule.ts";

export default defineRule({
  code: "GID004",
  slug: "ingress-class-multi-cluster",
  severity: "error",
  symptoms: ["no-address"],
  stage: "ownership",
  reads: ["ingress", "ownership"],
  rows: ["CLS-02"],
  summary: "Class gce-multi-cluster makes GKE build instance groups only.",
  why: "The class is a remnant of kubemci, which built the load balancer itself. The controller makes instance groups, notes them in an annotation and stops.",
  fix: "Set the annotation kubernetes.io/ingress.class to gce, or use MultiClusterIngress or Gateway for several clusters.",
  confirm: ["kubectl get ingress INGRESS -n NAMESPACE --output yaml"],
  sources: ["ingress-gce: pkg/controller/controller.go, syncInstanceGroup"],
  messages: {
    groupsOnly:
      "Ingress {ingress} has class gce-multi-cluster, for which GKE builds instance groups and no load balancer, so it has no address.",
  },

  check({ ingress, ownership }, report) {
    if (ownership.kind !== "multi-cluster" || ingress.addresses.length > 0) return;
    const { ref } = ingress;
    const subject = { ...ref, fieldPath: `metadata.annotations[${INGRESS_CLASS_ANNOTATION}]` };
    report("groupsOnly", { subject, fix: classFix(ingress, "gce") }, { ingress: ref.name });
  },
});
