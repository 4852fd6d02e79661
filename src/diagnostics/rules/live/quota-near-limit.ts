import { defineRule } from "../../rule.ts";

/** Quotas that a load balancer of GKE Ingress uses (Google Cloud: Quotas and limits of Cloud Load Balancing). */
const METRICS: ReadonlySet<string> = new Set([
  "BACKEND_SERVICES",
  "FORWARDING_RULES",
  "HEALTH_CHECKS",
  "IN_USE_ADDRESSES",
  "NETWORK_ENDPOINT_GROUPS",
  "SSL_CERTIFICATES",
  "STATIC_ADDRESSES",
  "TARGET_HTTP_PROXIES",
  "TARGET_HTTPS_PROXIES",
  "URL_MAPS",
]);
const NEAR = 0.8;

export default defineRule({
  code: "GID910",
  slug: "quota-near-limit",
  severity: "info",
  symptoms: [],
  stage: "hygiene",
  reads: ["ingress", "loadBalancer"],
  rows: ["SYN-02", "LIM-03"],
  summary: "A quota that load balancers need is nearly used up.",
  why: "Once it is used up, the next Ingress or Service port gets no load balancer, and rollouts that add one are stopped.",
  fix: "Request more of the quota, or delete load balancer resources that no cluster uses any more.",
  confirm: [
    "gcloud compute project-info describe --flatten=quotas --format='table(quotas.metric,quotas.usage,quotas.limit)'",
  ],
  sources: ["Google Cloud: Quotas and limits of Cloud Load Balancing"],
  messages: {
    near: "Quota {metric} of the {scope} is used to {percent} % ({usage} of {limit}).",
  },

  check({ ingress, loadBalancer }, report) {
    if (!report.knows(loadBalancer) || !report.knows(loadBalancer.value.quotas)) return;
    for (const { metric, scope, usage, limit } of loadBalancer.value.quotas.value) {
      if (!METRICS.has(metric) || limit <= 0 || usage < limit * NEAR) continue;
      const percent = Math.floor((usage / limit) * 100);
      const where = scope === "project" ? "project" : `region ${scope}`;
      report("near", { subject: ingress.ref }, { metric, scope: where, percent, usage, limit });
    }
  },
});
