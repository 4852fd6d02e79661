import { defineRule } from "../../rule.ts";
import { IGNORE_ANNOTATION, type InvalidSuppression, parseSuppressions } from "../../suppression.ts";

const PROBLEMS: Readonly<Record<InvalidSuppression["problem"], string>> = {
  malformed: "it does not begin with the code of a rule",
  expired: "its last day is over",
  "no-reason": "it gives no reason after a colon",
  "bad-date": "its date is no calendar day of the form YYYY-MM-DD",
};

export default defineRule({
  code: "GID011",
  slug: "suppression-invalid",
  severity: "info",
  symptoms: [],
  stage: "hygiene",
  reads: ["ingress", "now"],
  rows: [],
  summary: "An entry of the annotation that ignores findings has no effect.",
  why: "A suppression holds only while it is understood and not expired, so that nobody forgets a finding for ever.",
  fix: "Write the entry as `CODE until YYYY-MM-DD: reason`, renew its date, or delete it.",
  confirm: ["kubectl get ingress INGRESS -n NAMESPACE --output yaml"],
  sources: ["Ingress Doctor: annotation ingressdoctor.dev/ignore"],
  messages: {
    ineffective:
      'Entry "{entry}" of the annotation {annotation} on Ingress {ingress} has no effect, because {problem}.',
  },

  check({ ingress, now }, report) {
    const { invalid } = parseSuppressions(ingress.annotations[IGNORE_ANNOTATION], now);
    const subject = { ...ingress.ref, fieldPath: `metadata.annotations[${IGNORE_ANNOTATION}]` };
    for (const { entry, problem } of invalid) {
      const parameters = { entry, annotation: IGNORE_ANNOTATION, ingress: ingress.ref.name };
      report("ineffective", { subject }, { ...parameters, problem: PROBLEMS[problem] });
    }
  },
});
