import type { Service } from "../../../model/service.ts";
import type { Severity } from "../../finding.ts";
import { ingressProduct } from "../../gke/ingress-class.ts";
import { parseNegAnnotation } from "../../gke/neg-annotation.ts";
import { enableNegFix, NEG_FIELD } from "../../neg-fix.ts";
import { readOwnBackends } from "../../own-backends.ts";
import { defineRule } from "../../rule.ts";

export default defineRule({
  code: "GID403",
  slug: "cluster-ip-without-neg",
  severity: "error",
  symptoms: ["no-address", "stale"],
  stage: "translation",
  reads: ["backends", "ingress"],
  rows: ["SVC-03", "SVC-04", "SVC-05"],
  summary: "A ClusterIP Service does not ask for network endpoint groups.",
  why: "Without network endpoint groups GKE sends traffic to node ports, and a ClusterIP Service has none. GKE adds the annotation by itself only in VPC-native clusters without Shared VPC and network policy, and only when the Service is created. One such Service makes the whole Ingress fail: no change of any host, path or certificate is applied.",
  fix: 'Annotate the Service with `cloud.google.com/neg: {"ingress": true}`, or make it a NodePort Service.',
  confirm: [
    "kubectl get service SERVICE -n NAMESPACE -o yaml",
    "kubectl describe ingress INGRESS -n NAMESPACE",
  ],
  sources: [
    "ingress-gce pkg/controller/translator/translator.go, maybeEnableNEG",
    "Google Cloud documentation: Container-native load balancing",
  ],
  messages: {
    absent:
      "Service {service} is of type {type} and has no annotation cloud.google.com/neg, so it has neither network endpoint groups nor node ports. No change of this Ingress is applied.",
    off: "Service {service} is of type {type}, and its annotation cloud.google.com/neg {raw} does not switch on NEGs for Ingresses. No change of this Ingress is applied.",
  },

  check({ backends, ingress }, report) {
    if (ingressProduct(ingress) !== "external") return;
    for (const { backend, service, error } of readOwnBackends(backends, report)) {
      if (error?.kind !== "service-type" || service === undefined) continue;
      const annotation = parseNegAnnotation(service);
      const { type, ref } = service;
      if (type === "ExternalName" || annotation.kind === "invalid") continue;
      const place = {
        subject: { ...ref, fieldPath: NEG_FIELD },
        backend: backend.key,
        fix: enableNegFix(service),
      };
      const shown = { service: ref.name, type };
      if (annotation.kind === "absent") report("absent", { ...place, severity: severityOf(service) }, shown);
      else report("off", place, { ...shown, raw: annotation.raw });
    }
  },
});

/** Many clusters add the annotation when they create a Service, so a manifest without it may still do. */
function severityOf({ uid }: Service): Severity {
  return uid === "" ? "warning" : "error";
}
