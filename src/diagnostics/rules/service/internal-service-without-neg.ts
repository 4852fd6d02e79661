import { ingressProduct } from "../../gke/ingress-class.ts";
import { parseNegAnnotation } from "../../gke/neg-annotation.ts";
import { enableNegFix, NEG_FIELD } from "../../neg-fix.ts";
import { type ReadBackend, readOwnBackends } from "../../own-backends.ts";
import { defineRule } from "../../rule.ts";

export default defineRule({
  code: "GID404",
  slug: "internal-service-without-neg",
  severity: "error",
  symptoms: ["no-address", "stale"],
  stage: "translation",
  reads: ["backends", "ingress"],
  rows: ["ILB-03", "SVC-04"],
  summary: "A Service behind a regional load balancer does not ask for network endpoint groups.",
  why: "Internal and regional load balancers reach pods through network endpoint groups only. A ClusterIP Service without the annotation is refused. A NodePort Service passes, and the sync then waits for groups that are never made. Either way no change of the Ingress is applied.",
  fix: 'Annotate the Service with `cloud.google.com/neg: {"ingress": true}`.',
  confirm: [
    "kubectl get service SERVICE -n NAMESPACE -o yaml",
    "kubectl describe ingress INGRESS -n NAMESPACE",
  ],
  sources: [
    "ingress-gce pkg/controller/translator/translator.go, maybeEnableNEG",
    "Google Cloud documentation: Ingress for internal Application Load Balancers",
  ],
  messages: {
    absent:
      "Service {service} of type {type} has no annotation cloud.google.com/neg. Ingress class {class} needs network endpoint groups, so no change of this Ingress is applied.",
    off: "Service {service} of type {type} has the annotation cloud.google.com/neg {raw}, which does not switch on NEGs for Ingresses. Ingress class {class} needs them, so no change of this Ingress is applied.",
  },

  check({ backends, ingress }, report) {
    const product = ingressProduct(ingress);
    if (product === "external") return;
    for (const read of readOwnBackends(backends, report)) {
      const { backend, service } = read;
      if (service === undefined || !lacksNeg(read) || service.type === "ExternalName") continue;
      const annotation = parseNegAnnotation(service);
      if (annotation.kind === "invalid") continue;
      const place = {
        subject: { ...service.ref, fieldPath: NEG_FIELD },
        backend: backend.key,
        fix: enableNegFix(service),
      };
      const shown = { service: service.ref.name, type: service.type, class: `gce-${product}` };
      if (annotation.kind === "absent") report("absent", place, shown);
      else report("off", place, { ...shown, raw: annotation.raw });
    }
  },
});

function lacksNeg({ resolved, error }: ReadBackend): boolean {
  if (resolved === undefined) return error?.kind === "service-type";
  const { negForced, negAnnotation, port } = resolved;
  if (!negForced || negAnnotation.kind === "invalid") return false;
  // A standalone NEG without a name of its own has the very name that the Ingress looks for.
  return negAnnotation.kind === "absent" || negAnnotation.value.exposedPorts.get(port.port) !== "";
}
