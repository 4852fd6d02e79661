import { expectedUrlMap, sampleHost, targetText } from "../../expected-url-map.ts";
import { testPath } from "../../ingress-manifest.ts";
import { jsonPointer, patchFix } from "../../kubectl.ts";
import { defineRule } from "../../rule.ts";
import type { Route } from "../../topology.ts";

export default defineRule({
  code: "GID302",
  slug: "wildcard-path-misses-itself",
  severity: "info",
  symptoms: ["404"],
  stage: "routing",
  reads: ["ingress", "routes", "translation"],
  rows: ["URL-02"],
  summary: "A path such as /app/* does not cover /app, and another backend answers that.",
  why: "On Google's load balancer `/app/*` covers every URL that starts with /app/. The URL /app, without a slash at its end, is a different path and no redirect is added.",
  fix: "Set pathType Prefix and drop the star, which makes GKE write both rules.",
  confirm: ["curl -i -H 'Host: HOST' http://ADDRESS/PATH"],
  sources: [
    "ingress-gce pkg/controller/translator/translator.go, validateAndModifyPrefixPathType",
    "Google Cloud documentation: URL maps overview",
  ],
  messages: {
    unserved:
      "{path} of host {host} does not cover {bare} itself, which falls to GKE's default backend and answers 404.",
    elsewhere:
      "{path} of host {host} goes to {service} and does not cover {bare} itself, which goes to {other}.",
  },

  check(topology, report) {
    const urlMap = expectedUrlMap(topology.translation, report);
    if (urlMap === undefined) return;
    for (const route of topology.routes) {
      const bare = bareOf(route);
      if (bare === undefined) continue;
      const host = sampleHost(route.host);
      const below = urlMap.ownReceiver(host, `${bare}/`);
      // Whoever writes the bare path, too, has decided where it goes.
      if (urlMap.match(host, bare).pathRule.kind === "exact") continue;
      const other = urlMap.ownReceiver(host, bare);
      if (below === undefined || below.key !== route.backend || other?.key === below.key) continue;
      const place = {
        subject: { ...topology.ingress.ref, fieldPath: route.field },
        ...(other === undefined ? {} : { symptoms: ["wrong-backend"] as const }),
        fix: patchFix(topology.ingress.ref, [
          ...testPath(route.field, route.path),
          { op: "add", path: jsonPointer(route.field, "path"), value: bare },
          { op: "add", path: jsonPointer(route.field, "pathType"), value: "Prefix" },
        ]),
      };
      const shown = { path: route.path, host: route.host, bare };
      if (other === undefined) report("unserved", place, shown);
      else report("elsewhere", place, { ...shown, service: targetText(below), other: targetText(other) });
    }
  },
});

/** `/app` of `/app/*`; undefined for other paths, and for `/*`, which covers every URL. */
function bareOf({ path, pathType }: Route): string | undefined {
  if (pathType !== "ImplementationSpecific" || !path.endsWith("/*")) return undefined;
  const bare = path.slice(0, -2);
  return bare === "" || bare.includes("*") ? undefined : bare;
}
