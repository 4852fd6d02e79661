import { defineRule } from "../../rule.ts";
import { currentErrors } from "../../sync/current-errors.ts";

export default defineRule({
  code: "GID107",
  slug: "api-rate-limited",
  severity: "warning",
  symptoms: ["no-address", "stale"],
  stage: "backend-sync",
  reads: ["sync", "backends", "ingress"],
  rows: ["SYN-11"],
  summary: "Compute Engine answers that the project calls it too often.",
  why: "The controllers of every cluster in the project, and everything else that calls Compute Engine, share one request rate. Beyond it calls are refused; the controllers retry, but changes and new endpoints arrive late or never.",
  fix: "Find what calls the Compute Engine API so often and slow it down, or request a higher request rate; the controller retries by itself.",
  confirm: [
    "kubectl describe ingress INGRESS -n NAMESPACE",
    "gcloud logging read 'protoPayload.status.message:\"rate limit\"' --project PROJECT --limit 20",
  ],
  sources: ["Google Cloud: Compute Engine API rate limits", "ingress-gce pull request 1430"],
  messages: {
    limited: "Compute Engine refuses calls because the project sends too many, so {effect}.",
  },

  check(topology, report) {
    const severity = topology.ingress.addresses.length === 0 ? "error" : "warning";
    for (const { place, effect } of currentErrors(topology, report, "rate-limited")) {
      report("limited", { ...place, severity }, { effect });
    }
  },
});
