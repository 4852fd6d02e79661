import { looksLikeExpression, urlMapPathFault } from "../../gke/url-map-path.ts";
import { testPath } from "../../ingress-manifest.ts";
import { jsonPointer, patchFix } from "../../kubectl.ts";
import { defineRule } from "../../rule.ts";
import type { Route } from "../../topology.ts";

export default defineRule({
  code: "GID303",
  slug: "path-looks-like-regex",
  severity: "error",
  symptoms: ["no-address", "stale"],
  stage: "translation",
  reads: ["ingress", "routes"],
  rows: ["URL-03"],
  summary: "A path is written as a regular expression or template, which GKE Ingress does not have.",
  why: "URL maps of GKE Ingress know plain paths and a star at the end behind a slash. A star elsewhere makes the whole Ingress fail: no change of any host, path or certificate is applied. Other signs of an expression are compared as plain text, so the rule matches nothing a client asks for.",
  fix: "Write the plain prefix with pathType Prefix; GKE Ingress can neither match expressions nor rewrite paths.",
  confirm: ["kubectl describe ingress INGRESS -n NAMESPACE"],
  sources: [
    "ingress-gce pkg/controller/translator/translator.go, validateAndGetPaths",
    "Compute Engine API, PathRule.paths",
  ],
  messages: {
    refused:
      "{path} of host {host} is written as an expression. A star is legal only at the end behind a slash, so {refuser} refuses the path and no change of this Ingress is applied.",
    literal:
      "{path} of host {host} is written as an expression, and GKE compares it as plain text, so it matches only a URL that reads exactly so.",
  },

  check({ ingress, routes }, report) {
    for (const route of routes) {
      const { path, host, pathType, field } = route;
      if (!path.startsWith("/") || !looksLikeExpression(path)) continue;
      const fix = plainPrefixFix(route);
      const place = {
        subject: { ...ingress.ref, fieldPath: field },
        fix: fix === undefined ? {} : patchFix(ingress.ref, fix),
      };
      const typed = pathType !== "ImplementationSpecific";
      if (typed ? path.includes("*") : urlMapPathFault(path) !== undefined) {
        report("refused", place, { path, host, refuser: typed ? "GKE" : "Compute Engine" });
      } else {
        report("literal", { ...place, severity: "warning", symptoms: ["404"] }, { path, host });
      }
    }
  },
});

/** Expressions that mean: this plain path and all below it. */
const ANYTHING_BELOW =
  /^(?<prefix>\/[^()[\]{}|*^$\\?]*?)\/?(?:\.\*|\(\.\*\)|\(\/\|\$\)\(\.\*\)|\(\/\.\*\)\??|\(\.\+\))\$?$/;

/** The change to a plain prefix, where the expression means one. */
function plainPrefixFix({ path, field }: Route) {
  const prefix = ANYTHING_BELOW.exec(path)?.groups?.prefix;
  if (prefix === undefined) return undefined;
  return [
    ...testPath(field, path),
    { op: "add", path: jsonPointer(field, "path"), value: prefix },
    { op: "add", path: jsonPointer(field, "pathType"), value: "Prefix" },
  ] as const;
}
