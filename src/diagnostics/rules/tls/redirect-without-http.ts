import { ALLOW_HTTP_ANNOTATION, allowHttp } from "../../gke/ingress-annotations.ts";
import { annotateFix } from "../../kubectl.ts";
import { namedFrontendConfig } from "../../named-frontend-config.ts";
import { defineRule } from "../../rule.ts";

export default defineRule({
  code: "GID816",
  slug: "redirect-without-http",
  severity: "warning",
  symptoms: ["degraded"],
  stage: "frontend",
  reads: ["ingress", "frontendConfigs"],
  rows: ["FC-04"],
  summary: "HTTP is switched off, so the redirect to HTTPS has nothing to answer from.",
  why: "The redirect is an answer of the HTTP front end on port 80. With allow-http false that front end does not exist: http:// addresses time out instead of being redirected.",
  fix: "Remove the allow-http annotation, so that port 80 answers with the redirect.",
  confirm: ["kubectl -n NAMESPACE get ingress INGRESS -o yaml"],
  sources: ["ingress-gce: pkg/loadbalancers/l7.go (edgeHop)"],
  messages: {
    closed:
      "Ingress {name} sets allow-http to {value}, so FrontendConfig {config} redirects nothing and port 80 does not answer.",
  },

  check(topology, report) {
    const { ingress } = topology;
    const config = namedFrontendConfig(topology, report);
    if (config?.redirectToHttps?.enabled !== true || allowHttp(ingress).effective) return;
    const subject = { ...ingress.ref, fieldPath: `metadata.annotations[${ALLOW_HTTP_ANNOTATION}]` };
    const value = ingress.annotations[ALLOW_HTTP_ANNOTATION] ?? "";
    const fix = annotateFix(ingress.ref, { [ALLOW_HTTP_ANNOTATION]: undefined });
    report("closed", { subject, fix }, { name: ingress.ref.name, value, config: config.ref.name });
  },
});
