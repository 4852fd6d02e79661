import { looksLikeExpression, urlMapPathFault } from "../../gke/url-map-path.ts";
import { testPath } from "../../ingress-manifest.ts";
import { jsonPointer, patchFix } from "../../kubectl.ts";
import { defineRule } from "../../rule.ts";
import type { Route } from "../../topology.ts";

export default defineRule({
  code: "GID304",
  slug: "path-wildcard-invalid",
  severity: "error",
  symptoms: ["no-address", "stale"],
  stage: "translation",
  reads: ["ingress", "routes"],
  rows: ["URL-04"],
  summary: "A path holds a star or another character where GKE does not allow it.",
  why: "The controller refuses a star in paths of type Prefix and Exact. Paths of type ImplementationSpecific go to Compute Engine unchecked, which takes a star only at the end behind a slash. Either way the whole Ingress fails: no change of any host, path or certificate is applied.",
  fix: "Drop the star and set pathType Prefix, which covers the path and everything below it.",
  confirm: ["kubectl describe ingress INGRESS -n NAMESPACE"],
  sources: [
    "ingress-gce pkg/controller/translator/translator.go, validateExactPathType and validateAndModifyPrefixPathType",
    "Compute Engine API, PathRule.paths",
  ],
  messages: {
    typed:
      "{path} of host {host} has pathType {pathType}, which takes no star. GKE refuses the path, so no change of this Ingress is applied.",
    misplaced:
      "{path} of host {host} has a star that does not stand alone at the end behind a slash. Compute Engine refuses the path, so no change of this Ingress is applied.",
    character:
      "{path} of host {host} holds {character}, which Compute Engine refuses in a path, so no change of this Ingress is applied.",
  },

  check({ ingress, routes }, report) {
    for (const route of routes) {
      const { path, host, pathType, field } = route;
      // An expression is another mistake, with another way out.
      if (looksLikeExpression(path)) continue;
      const place = { subject: { ...ingress.ref, fieldPath: field }, fix: prefixFix(route, ingress.ref) };
      const fault = urlMapPathFault(path);
      if (pathType !== "ImplementationSpecific" && path.startsWith("/") && path.includes("*")) {
        report("typed", place, { path, host, pathType });
      } else if (fault === "misplaced-star") {
        report("misplaced", place, { path, host });
      } else if (fault === "forbidden-character") {
        const summary = "Write the path without a query string or fragment; neither takes part in matching.";
        report(
          "character",
          { ...place, fix: { summary } },
          { path, host, character: path.includes("?") ? "?" : "#" },
        );
      }
    }
  },
});

/** `/app/*` plainly means the prefix /app; what another star was meant for cannot be told. */
function prefixFix({ path, field }: Route, ref: Parameters<typeof patchFix>[0]) {
  const prefix = path.slice(0, -2);
  if (!path.endsWith("/*") || prefix.includes("*")) return {};
  return patchFix(ref, [
    ...testPath(field, path),
    { op: "add", path: jsonPointer(field, "path"), value: prefix === "" ? "/" : prefix },
    { op: "add", path: jsonPointer(field, "pathType"), value: "Prefix" },
  ]);
}
