import {
  GLOBAL_STATIC_IP_ANNOTATION,
  REGIONAL_STATIC_IP_ANNOTATION,
  staticIp,
} from "../../gke/ingress-annotations.ts";
import { annotateFix } from "../../kubectl.ts";
import { defineRule } from "../../rule.ts";

export default defineRule({
  code: "GID205",
  slug: "static-ip-annotations-conflict",
  severity: "error",
  symptoms: ["no-address", "stale"],
  stage: "frontend-sync",
  reads: ["ingress", "ownership"],
  rows: ["ADR-04"],
  summary: "The Ingress names a global and a regional address.",
  why: "The controller takes one reserved address and refuses the Ingress when both annotations are set; no route, certificate or address of it is changed.",
  fix: "Remove the annotation of the scope that the class does not use.",
  confirm: ["kubectl get ingress INGRESS -n NAMESPACE --output jsonpath='{.metadata.annotations}'"],
  sources: ["ingress-gce: pkg/annotations/ingress.go, StaticIPName"],
  messages: {
    both: "Ingress {ingress} names the global address {global} and the regional address {regional}; GKE accepts one of them, so no change of it is applied.",
  },

  check({ ingress, ownership }, report) {
    const choice = staticIp(ingress);
    if (ownership.kind !== "owned" || choice.kind !== "both") return;
    const unused =
      ownership.product === "external" ? REGIONAL_STATIC_IP_ANNOTATION : GLOBAL_STATIC_IP_ANNOTATION;
    const fix = {
      summary: `Remove the annotation ${unused}.`,
      ...annotateFix(ingress.ref, { [unused]: undefined }),
    };
    const { global, regional } = choice;
    report(
      "both",
      { subject: { ...ingress.ref, fieldPath: "metadata.annotations" }, fix },
      { ingress: ingress.ref.name, global, regional },
    );
  },
});
