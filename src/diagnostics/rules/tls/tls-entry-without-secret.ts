import { jsonPointer, patchFix } from "../../kubectl.ts";
import { defineRule } from "../../rule.ts";

export default defineRule({
  code: "GID803",
  slug: "tls-entry-without-secret",
  severity: "error",
  symptoms: ["no-address", "stale"],
  stage: "frontend-sync",
  reads: ["ingress"],
  rows: ["TLS-03"],
  summary: "An entry of spec.tls names no Secret.",
  why: "GKE looks for a Secret with an empty name, finds none and stops before the front end is built, even where managed or pre-shared certificates do the TLS.",
  fix: "Remove the tls entry where a managed or pre-shared certificate is used, or name its Secret.",
  confirm: ["kubectl -n NAMESPACE get ingress INGRESS -o jsonpath='{.spec.tls}'"],
  sources: ["ingress-gce: pkg/translator/translator.go (secrets)"],
  messages: {
    unnamed:
      "{field} names no secretName, so GKE looks for a Secret with an empty name, fails, and builds no front end.",
  },

  check({ ingress }, report) {
    for (const [index, entry] of ingress.tls.entries()) {
      if (entry.secretName) continue;
      const field = `spec.tls[${index}]`;
      const fix = patchFix(ingress.ref, [{ op: "remove", path: jsonPointer(field) }]);
      report("unnamed", { subject: { ...ingress.ref, fieldPath: field }, fix }, { field });
    }
  },
});
