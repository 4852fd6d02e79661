import { expectedUrlMap, sampleHost, targetText } from "../../expected-url-map.ts";
import { defineRule } from "../../rule.ts";

export default defineRule({
  code: "GID310",
  slug: "overlapping-paths",
  severity: "info",
  symptoms: ["wrong-backend"],
  stage: "routing",
  reads: ["ingress", "routes", "translation"],
  rows: ["URL-08"],
  summary: "A path goes to one backend, and everything below it to another.",
  why: "A path of type ImplementationSpecific without /* takes one URL only. What lies below it goes to the longest other path that covers it, whatever the order in the manifest.",
  fix: "Set pathType Prefix where the path and everything below it belong to one backend.",
  confirm: ["kubectl get ingress INGRESS -n NAMESPACE -o jsonpath='{.spec.rules[*].http.paths}'"],
  sources: ["Google Cloud documentation: URL maps overview"],
  messages: {
    split:
      "{path} of host {host} goes to {service} for that one URL; {example} goes to {other}, by the longest path that covers it.",
  },

  check({ ingress, routes, translation }, report) {
    const urlMap = expectedUrlMap(translation, report);
    if (urlMap === undefined) return;
    for (const { path, pathType, host, field, backend } of routes) {
      if (pathType !== "ImplementationSpecific" || path === "" || path === "/" || path.endsWith("/*"))
        continue;
      const sample = sampleHost(host);
      const example = `${path.replace(/\/$/, "")}/page`;
      const own = urlMap.ownReceiver(sample, path);
      const below = urlMap.match(sample, example);
      const viaPath = below.pathRule.kind === "prefix";
      if (own === undefined || own.key !== backend || !viaPath || below.target === undefined) continue;
      if (below.target.key === own.key || path.slice(path.lastIndexOf("/")).includes(".")) continue;
      report(
        "split",
        { subject: { ...ingress.ref, fieldPath: field } },
        { path, host, service: targetText(own), example, other: targetText(below.target) },
      );
    }
  },
});
