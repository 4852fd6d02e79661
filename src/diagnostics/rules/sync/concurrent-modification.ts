import { defineRule } from "../../rule.ts";
import { currentErrors } from "../../sync/current-errors.ts";
import { timeText } from "../../time-text.ts";

/** A collision that goes on for this long is no collision any more, in milliseconds. */
const PERSISTENT_MS = 15 * 60_000;

export default defineRule({
  code: "GID108",
  slug: "concurrent-modification",
  severity: "warning",
  symptoms: ["stale", "no-address"],
  stage: "backend-sync",
  reads: ["sync", "backends", "ingress", "now"],
  rows: ["SYN-06"],
  summary: "Something else keeps changing the resources that the controller changes.",
  why: "Compute Engine refuses a change to a resource that was changed since it was read, that is not ready yet, or that exists already. Now and then that is normal and the next attempt passes. When it goes on, a second controller, Terraform or a script writes the same resources.",
  fix: "Find the second writer in the audit log of the resource, and let only one of them manage it.",
  confirm: [
    "kubectl describe ingress INGRESS -n NAMESPACE",
    'gcloud logging read \'protoPayload.serviceName="compute.googleapis.com" AND (protoPayload.methodName:"insert" OR protoPayload.methodName:"patch")\' --project PROJECT --limit 50',
  ],
  sources: ["ingress-gce: docs/troubleshooting", "ingress-gce issue 396"],
  messages: {
    repeated: "Since {since} Compute Engine refuses changes because {detail}, so {effect}: {text}.",
  },

  check(topology, report) {
    const severity = topology.ingress.addresses.length === 0 ? "error" : "warning";
    const errors = currentErrors(topology, report, "concurrent-change");
    for (const { cause, place, effect, text, since } of errors) {
      if (since === undefined || !topology.now.hasCome(since + PERSISTENT_MS)) continue;
      const parameters = { since: timeText(since), detail: DETAILS[cause.detail], effect, text };
      report("repeated", { ...place, severity }, parameters);
    }
  },
});

const DETAILS = {
  fingerprint: "a resource changed between reading and writing it",
  "not-ready": "a resource is not ready",
  "already-exists": "a resource of the same name exists",
} as const;
