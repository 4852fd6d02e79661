import { configuredBackends, problemPlace } from "../../configured-backends.ts";
import { ingressProduct } from "../../gke/ingress-class.ts";
import { defineRule } from "../../rule.ts";

export default defineRule({
  code: "GID614",
  slug: "feature-not-on-internal",
  severity: "error",
  symptoms: ["no-address", "stale"],
  stage: "backend-sync",
  reads: ["backends", "ingress"],
  rows: ["ILB-06"],
  summary: "A BackendConfig asks for something that this class of load balancer does not have.",
  why: "Cloud Armor policies of a BackendConfig are attached to global load balancers only. The controller refuses one on a regional load balancer, internal or external, even an empty one, and the sync of the whole Ingress stops. Cloud CDN belongs to external load balancers.",
  fix: "Give the Services of this Ingress a BackendConfig of their own, without the setting.",
  confirm: [
    "kubectl get backendconfig BACKENDCONFIG -n NAMESPACE -o yaml",
    "kubectl describe ingress INGRESS -n NAMESPACE",
  ],
  sources: [
    "ingress-gce pkg/backends/features/securitypolicy.go",
    "ingress-gce pkg/backendconfig/validation.go",
  ],
  messages: {
    policy:
      "BackendConfig {config} sets a Cloud Armor policy, and Ingress {ingress} is of class {class}, whose regional backend services take none. No change of this Ingress is applied.",
    cdn: "BackendConfig {config} switches on Cloud CDN, and Ingress {ingress} is of class {class}, whose load balancer is internal and has no CDN.",
    unsupported:
      "BackendConfig {config} sets {field}, which GKE refuses for Ingress {ingress} of class {class}. No change of this Ingress is applied.",
  },

  check({ backends, ingress }, report) {
    const product = ingressProduct(ingress);
    if (product === "external") return;
    const facts = { ingress: ingress.ref.name, class: `gce-${product}` };
    for (const configured of configuredBackends(backends, report)) {
      const { backend, config, problems } = configured;
      const at = (fieldPath: string) => ({ subject: { ...config.ref, fieldPath }, backend: backend.key });
      const shown = { ...facts, config: config.ref.name };
      if (config.securityPolicy !== undefined) report("policy", at("spec.securityPolicy"), shown);
      if (product === "internal" && config.cdn?.enabled === true)
        report("cdn", { ...at("spec.cdn.enabled"), severity: "warning" }, shown);
      for (const problem of problems) {
        if (problem.kind !== "unsupported-by-product") continue;
        report("unsupported", problemPlace(configured, problem), { ...shown, field: problem.field });
      }
    }
  },
});
