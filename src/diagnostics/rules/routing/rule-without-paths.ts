import { expectedUrlMap, sampleHost } from "../../expected-url-map.ts";
import { defineRule } from "../../rule.ts";

export default defineRule({
  code: "GID307",
  slug: "rule-without-paths",
  severity: "warning",
  symptoms: ["404"],
  stage: "routing",
  reads: ["ingress", "translation"],
  rows: ["CLS-08"],
  summary: "A rule has no http block, so GKE skips it.",
  why: "The controller makes no host rule from a rule without paths and says nothing. Requests for its host go where unmatched requests go: to GKE's default backend, which answers 404, unless the Ingress has a default backend of its own.",
  fix: "Give the rule the paths that the host serves, or remove it.",
  confirm: ["kubectl get ingress INGRESS -n NAMESPACE -o jsonpath='{.spec.rules}'"],
  sources: ["ingress-gce pkg/controller/translator/translator.go, TranslateIngress"],
  messages: {
    skipped:
      "spec.rules[{index}] for host {host} has no paths, so GKE skips it. Requests for that host fall to GKE's default backend, which answers 404.",
  },

  check({ ingress, translation }, report) {
    const urlMap = expectedUrlMap(translation, report);
    if (urlMap === undefined) return;
    for (const index of translation.emptyRules) {
      const host = ingress.rules[index]?.host || "*";
      const hasPaths = urlMap.table.hosts.some((rule) => rule.host === host);
      if (hasPaths || urlMap.ownReceiver(sampleHost(host), "/") !== undefined) continue;
      report("skipped", { subject: { ...ingress.ref, fieldPath: `spec.rules[${index}]` } }, { index, host });
    }
  },
});
