import { defineRule } from "../../rule.ts";

export default defineRule({
  code: "GID906",
  slug: "certificate-map-attached",
  severity: "warning",
  symptoms: ["tls"],
  stage: "frontend",
  reads: ["ingress", "loadBalancer"],
  rows: ["TLS-18"],
  summary: "A certificate map on the target proxy overrides the certificates of the Ingress.",
  why: "A target proxy with a certificate map serves the map's certificates only. GKE Ingress does not manage such maps, so every certificate of the Ingress is ignored.",
  fix: "Detach the certificate map from the proxy, or move the hosts to Gateway API, which supports it.",
  confirm: ["gcloud compute target-https-proxies describe PROXY"],
  sources: ["ingress-gce issue 1692"],
  messages: {
    attached:
      "Target proxy {proxy} of Ingress {ingress} has certificate map {map}, so the certificates of the Ingress are not served.",
  },

  check({ ingress, loadBalancer }, report) {
    if (!report.knows(loadBalancer) || !report.knows(loadBalancer.value.targetProxies)) return;
    for (const { name, certificateMap } of loadBalancer.value.targetProxies.value) {
      if (certificateMap === undefined) continue;
      report(
        "attached",
        { subject: ingress.ref },
        { proxy: name, ingress: ingress.ref.name, map: certificateMap },
      );
    }
  },
});
