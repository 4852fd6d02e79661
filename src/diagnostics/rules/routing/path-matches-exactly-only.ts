import type { Ingress } from "../../../model/ingress.ts";
import { expectedUrlMap, sampleHost } from "../../expected-url-map.ts";
import type { Severity } from "../../finding.ts";
import { expandPath } from "../../gke/path-rules.ts";
import { urlMapPathFault } from "../../gke/url-map-path.ts";
import { testPath } from "../../ingress-manifest.ts";
import { jsonPointer, patchFix } from "../../kubectl.ts";
import { defineRule } from "../../rule.ts";
import type { Route } from "../../topology.ts";

export default defineRule({
  code: "GID301",
  slug: "path-matches-exactly-only",
  severity: "warning",
  symptoms: ["404"],
  stage: "routing",
  reads: ["ingress", "routes", "translation"],
  rows: ["URL-01", "DEF-01"],
  summary: "A path without /* matches only itself, and nothing else serves what lies below it.",
  why: "GKE passes a path of type ImplementationSpecific on as it is written. On Google's load balancer `/app` then matches the one URL /app and `/` matches the one URL /; everything below falls to GKE's default backend, which answers 404.",
  fix: "Set pathType Prefix, which covers the path and everything below it.",
  confirm: [
    "kubectl get ingress INGRESS -n NAMESPACE -o jsonpath='{.spec.rules[*].http.paths}'",
    "curl -i -H 'Host: HOST' http://ADDRESS/PATH/below",
  ],
  sources: [
    "ingress-gce pkg/controller/translator/translator.go, validateAndGetPaths",
    "Google Cloud documentation: URL maps overview",
  ],
  messages: {
    below:
      "{path} of host {host} has pathType {pathType} and no /*, so it matches that one URL. {example} falls to GKE's default backend, which answers 404.",
  },

  check(topology, report) {
    const urlMap = expectedUrlMap(topology.translation, report);
    if (urlMap === undefined) return;
    const starred = rulesWithStars(topology.routes);
    for (const route of topology.routes) {
      const severity = severityOf(route, topology.ingress, starred);
      if (severity === undefined) continue;
      const host = sampleHost(route.host);
      const example = `${route.path.replace(/\/$/, "")}/page`;
      const effective = urlMap.match(host, route.path).target?.key === route.backend;
      if (!effective || urlMap.ownReceiver(host, example) !== undefined) continue;
      report(
        "below",
        {
          subject: { ...topology.ingress.ref, fieldPath: route.field },
          severity,
          fix: patchFix(topology.ingress.ref, [
            ...testPath(route.field, route.path),
            { op: "add", path: jsonPointer(route.field, "pathType"), value: "Prefix" },
          ]),
        },
        { path: route.path, host: route.host, pathType: route.pathType, example },
      );
    }
  },
});

/** Rules with a written star: whoever knows what it takes may have left it out elsewhere on purpose. */
function rulesWithStars(routes: readonly Route[]): ReadonlySet<number> {
  const starred = routes.filter(
    ({ pathType, path }) => pathType === "ImplementationSpecific" && path.endsWith("/*"),
  );
  return new Set(starred.map(({ ruleIndex }) => ruleIndex));
}

/** How surely more than the one URL is meant; undefined when the path is no literal, or plainly complete. */
function severityOf(route: Route, { rules }: Ingress, starred: ReadonlySet<number>): Severity | undefined {
  if (route.pathType === "Exact") {
    return route.path === "/" && rules[route.ruleIndex]?.paths?.length === 1 ? "warning" : undefined;
  }
  if (!isLiteral(route) || isEndPoint(route.path)) return undefined;
  return starred.has(route.ruleIndex) ? "info" : "warning";
}

function isLiteral(route: Route): boolean {
  const expansion = expandPath(route);
  const [only, ...more] = expansion.ok ? expansion.paths : [];
  if (only === undefined || more.length > 0) return false;
  return !only.endsWith("/*") && urlMapPathFault(only) === undefined;
}

/** Last segments of URLs that have nothing below them. */
const END_POINT =
  /^(?:healthz?|health-?check|livez?|liveness|readyz?|readiness|ping|status|metrics|version|login|logout|callback|webhooks?|token|graphql)$/i;

function isEndPoint(path: string): boolean {
  const last = path.slice(path.lastIndexOf("/") + 1);
  return path.startsWith("/.well-known/") || last.includes(".") || END_POINT.test(last);
}
