import { expectedUrlMap, targetText } from "../../expected-url-map.ts";
import { expandPath } from "../../gke/path-rules.ts";
import type { OverwrittenPath, RouteOrigin } from "../../gke/translate.ts";
import { testPath } from "../../ingress-manifest.ts";
import { jsonPointer, patchFix } from "../../kubectl.ts";
import { defineRule } from "../../rule.ts";
import { listed } from "../../text.ts";
import type { Route } from "../../topology.ts";

export default defineRule({
  code: "GID306",
  slug: "duplicate-path",
  severity: "warning",
  symptoms: ["wrong-backend"],
  stage: "routing",
  reads: ["ingress", "routes", "translation"],
  rows: ["URL-09"],
  summary: "Two paths of one rule become the same URL map path, and GKE keeps only the last one.",
  why: "A URL map holds each path once. The controller lets the path that stands later in the rule win, also over a path of type Exact, and no Event says so.",
  fix: "Remove one of the two paths.",
  confirm: ["kubectl get ingress INGRESS -n NAMESPACE -o jsonpath='{.spec.rules[*].http.paths}'"],
  sources: ["ingress-gce pkg/utils/gceurlmap.go, PutPathRulesForHost"],
  messages: {
    overwritten:
      "{paths} of host {host} is written twice. {winner} comes last and sends it to {service}, so {loser} with {other} has no effect on it.",
  },

  check({ translation, ingress, routes }, report) {
    if (expectedUrlMap(translation, report) === undefined) return;
    const byField = new Map(routes.map((route) => [route.field, route]));
    for (const group of groupByOrigins(translation.overwrittenPaths)) {
      const [{ lost, by, host }] = group;
      const loser = byField.get(lost.origin.field);
      const winner = byField.get(by.origin.field);
      if (loser === undefined || winner === undefined || lost.key === by.key) continue;
      if (isExactOverPrefix(winner, loser)) continue;
      report(
        "overwritten",
        {
          subject: { ...ingress.ref, fieldPath: loser.field },
          fix: isWhollyLost(loser, group)
            ? patchFix(ingress.ref, [
                ...testPath(loser.field, loser.path),
                { op: "remove", path: jsonPointer(loser.field) },
              ])
            : {},
        },
        {
          paths: listed(group.map(({ path }) => path)),
          host,
          winner: winner.field,
          service: targetText(by),
          loser: loser.field,
          other: targetText(lost),
        },
      );
    }
  },
});

type Group = readonly [OverwrittenPath, ...OverwrittenPath[]];

/** A Prefix path becomes two URL map paths, which two equal paths then lose together. */
function groupByOrigins(overwritten: readonly OverwrittenPath[]): Iterable<Group> {
  const groups = new Map<string, Group>();
  for (const one of overwritten) {
    const key = `${fieldOf(one.lost.origin)} ${fieldOf(one.by.origin)}`;
    const group = groups.get(key);
    groups.set(key, group === undefined ? [one] : [...group, one]);
  }
  return groups.values();
}

function fieldOf(origin: RouteOrigin): string {
  return origin.field;
}

/** An exact path beside the prefix that covers it, in the order in which GKE does what is written. */
function isExactOverPrefix(winner: Route, loser: Route): boolean {
  return winner.pathType === "Exact" && loser.pathType === "Prefix";
}

function isWhollyLost(loser: Route, group: Group): boolean {
  const expansion = expandPath(loser);
  return expansion.ok && expansion.paths.length === group.length;
}
