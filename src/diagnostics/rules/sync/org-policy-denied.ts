import { defineRule } from "../../rule.ts";
import { currentErrors } from "../../sync/current-errors.ts";

export default defineRule({
  code: "GID105",
  slug: "org-policy-denied",
  severity: "error",
  symptoms: ["no-address", "stale"],
  stage: "backend-sync",
  reads: ["sync", "backends", "ingress"],
  rows: ["SYN-05"],
  summary: "An organization policy forbids what the Ingress needs.",
  why: "An organization can forbid external load balancers, external addresses or networks. Compute Engine then refuses the call, and the sync stops there.",
  fix: "Ask an administrator of the organization to allow it for this project, or use an Ingress class that the policy allows.",
  confirm: [
    "kubectl describe ingress INGRESS -n NAMESPACE",
    "gcloud org-policies describe CONSTRAINT --project PROJECT --effective",
  ],
  sources: ["Google Cloud: Organization policy constraints for Cloud Load Balancing"],
  messages: {
    named: "Organization policy {constraint} forbids what {object} needs, so {effect}.",
    unnamed: "An organization policy forbids what {object} needs, so {effect}: {text}.",
  },

  check(topology, report) {
    for (const { cause, place, object, effect, text } of currentErrors(topology, report, "org-policy")) {
      const { constraint } = cause;
      if (constraint === undefined) report("unnamed", place, { object, effect, text });
      else report("named", place, { constraint, object, effect });
    }
  },
});
