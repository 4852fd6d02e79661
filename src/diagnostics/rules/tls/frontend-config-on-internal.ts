import { FRONTEND_CONFIG_ANNOTATION } from "../../gke/ingress-annotations.ts";
import { annotateFix } from "../../kubectl.ts";
import { namedFrontendConfig } from "../../named-frontend-config.ts";
import { defineRule } from "../../rule.ts";

export default defineRule({
  code: "GID814",
  slug: "frontend-config-on-internal",
  severity: "error",
  symptoms: ["no-address", "stale"],
  stage: "frontend-sync",
  reads: ["ingress", "ownership", "frontendConfigs"],
  rows: ["FC-02"],
  summary: "A redirect to HTTPS is configured on an internal Ingress.",
  why: "FrontendConfig works on external Ingresses only. With a redirect, the controller's sync of an internal Ingress fails after the URL map, so no front end is built or changed.",
  fix: "Remove the FrontendConfig annotation from the internal Ingress.",
  confirm: ["kubectl -n NAMESPACE describe ingress INGRESS"],
  sources: ["ingress-gce: pkg/loadbalancers/url_maps.go (ensureRedirectURLMap)"],
  messages: {
    redirect:
      "Internal Ingress {name} uses FrontendConfig {config} with redirectToHttps, which stops its sync.",
  },

  check(topology, report) {
    const { ownership, ingress } = topology;
    if (ownership.kind !== "owned" || ownership.product !== "internal") return;
    const config = namedFrontendConfig(topology, report);
    if (config?.redirectToHttps?.enabled !== true) return;
    const subject = { ...ingress.ref, fieldPath: `metadata.annotations[${FRONTEND_CONFIG_ANNOTATION}]` };
    const fix = annotateFix(ingress.ref, { [FRONTEND_CONFIG_ANNOTATION]: undefined });
    report("redirect", { subject, fix }, { name: ingress.ref.name, config: config.ref.name });
  },
});
