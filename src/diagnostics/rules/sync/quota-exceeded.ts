import { defineRule } from "../../rule.ts";
import { currentErrors } from "../../sync/current-errors.ts";

export default defineRule({
  code: "GID103",
  slug: "quota-exceeded",
  severity: "error",
  symptoms: ["no-address", "stale"],
  stage: "backend-sync",
  reads: ["sync", "backends", "ingress"],
  rows: ["SYN-02", "SYN-03", "LIM-03", "LIM-04"],
  summary: "A quota of the Google Cloud project is used up.",
  why: "Every Ingress needs backend services, health checks, proxies, forwarding rules and endpoint groups. When a quota for one of them is used up, Compute Engine refuses the call, the sync stops there, and nothing behind it is built. Load balancers of deleted clusters often hold the quota.",
  fix: "Request more of the quota, or delete load balancer resources that no cluster uses any more; the controller retries by itself.",
  confirm: [
    "kubectl describe ingress INGRESS -n NAMESPACE",
    "kubectl describe service SERVICE -n NAMESPACE",
    "gcloud compute project-info describe --flatten=quotas --format='table(quotas.metric,quotas.usage,quotas.limit)'",
  ],
  sources: ["ingress-gce: pkg/sync/sync.go", "Google Cloud: Quotas and limits of Cloud Load Balancing"],
  messages: {
    named:
      "Quota {metric} of the Google Cloud project is used up (limit {limit}), and Compute Engine refuses what needs more of it, so {effect}.",
    unnamed: "A quota of the Google Cloud project is used up, so {effect}: {text}.",
  },

  check(topology, report) {
    for (const { cause, place, effect, text } of currentErrors(topology, report, "quota")) {
      const { metric, limit = "not named" } = cause;
      if (metric === undefined) report("unnamed", place, { effect, text });
      else report("named", place, { metric, limit, effect });
    }
  },
});
