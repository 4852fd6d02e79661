import { managedCertificateNames, preSharedCertificates } from "../../gke/ingress-annotations.ts";
import { namedFrontendConfig } from "../../named-frontend-config.ts";
import { defineRule } from "../../rule.ts";

export default defineRule({
  code: "GID818",
  slug: "redirect-without-tls",
  severity: "error",
  symptoms: ["tls"],
  stage: "frontend",
  reads: ["ingress", "frontendConfigs"],
  rows: ["FC-06"],
  summary: "HTTP is redirected to HTTPS, but the Ingress has no certificate.",
  why: "With the redirect on, port 80 answers every request with a redirect to https://. Without a certificate there is no HTTPS front end, so the redirect leads to a closed port and no request is served.",
  fix: "Give the Ingress a certificate (spec.tls, a pre-shared or a managed one), or switch the redirect off.",
  confirm: ["curl -sSI http://ADDRESS/", "kubectl -n NAMESPACE get ingress INGRESS -o yaml"],
  sources: ["ingress-gce: pkg/loadbalancers/l7.go (edgeHop)"],
  messages: {
    closed:
      "FrontendConfig {config} redirects HTTP to HTTPS, but Ingress {name} has no TLS Secret, pre-shared or managed certificate, so nothing listens on port 443.",
  },

  check(topology, report) {
    const { ingress } = topology;
    const config = namedFrontendConfig(topology, report);
    if (config?.redirectToHttps?.enabled !== true) return;
    const certificates =
      ingress.tls.length + preSharedCertificates(ingress).length + managedCertificateNames(ingress).length;
    if (certificates > 0) return;
    report("closed", { subject: ingress.ref }, { config: config.ref.name, name: ingress.ref.name });
  },
});
