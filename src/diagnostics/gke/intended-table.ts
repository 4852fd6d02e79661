import type { Ingress } from "../../model/ingress.ts";
import { expandPath } from "./path-rules.ts";
import type { BackendTarget, RouteOrigin, Translation } from "./translate.ts";
import type { PathRule, UrlMapTable } from "./url-map.ts";

/** The place of a path in the Ingress. */
export type PathOrigin = Extract<RouteOrigin, { readonly kind: "path" }>;

/** The target of a path that the translation left out because of an error. */
export interface LostTarget {
  /** JSON path of the Ingress path, which no {@link BackendTarget} has as its key. */
  readonly key: string;
  readonly origin: PathOrigin;
  readonly lost: true;
}

/**
 * The URL map that the Ingress asks for: what its translation gives, and the paths lost to errors in their places.
 *
 * Google never gets this table while there are errors. It says which rule a request is meant for, where the
 * translated table alone would send it to a fallback. A path that its type does not allow stands as written.
 */
export function intendedTable(
  ingress: Ingress,
  { table, errors, overwrittenHosts }: Translation,
): UrlMapTable<BackendTarget | LostTarget> {
  const overwritten = new Set(overwrittenHosts.map(({ ruleIndex }) => ruleIndex));
  const lostByHost = new Map<string, Map<string, PathOrigin>>();
  for (const { origin, kept } of errors) {
    if (kept || origin.kind !== "path" || overwritten.has(origin.ruleIndex)) continue;
    const host = ingress.rules[origin.ruleIndex]?.host || "*";
    const lost = lostByHost.get(host) ?? new Map<string, PathOrigin>();
    lostByHost.set(host, lost.set(origin.field, origin));
  }
  if (lostByHost.size === 0) return table;
  return {
    hosts: table.hosts.map((rule) => {
      const lost = lostByHost.get(rule.host);
      return lost === undefined
        ? rule
        : { ...rule, paths: withLost(ingress, rule.paths, [...lost.values()]) };
    }),
    fallback: table.fallback,
  };
}

/** Of equal paths the one written later stays, as in the translation. */
function withLost(
  ingress: Ingress,
  kept: readonly PathRule<BackendTarget>[],
  lost: readonly PathOrigin[],
): readonly PathRule<BackendTarget | LostTarget>[] {
  const byPath = new Map<string, PathRule<BackendTarget | LostTarget>>(kept.map((rule) => [rule.path, rule]));
  for (const origin of lost) {
    for (const path of intendedPaths(ingress, origin)) {
      const rival = byPath.get(path)?.target.origin;
      if (rival?.kind === "path" && rival.pathIndex > origin.pathIndex) continue;
      byPath.set(path, { path, target: { key: origin.field, origin, lost: true } });
    }
  }
  return [...byPath.values()];
}

function intendedPaths(ingress: Ingress, { ruleIndex, pathIndex }: PathOrigin): readonly string[] {
  const written = ingress.rules[ruleIndex]?.paths?.[pathIndex];
  if (written === undefined) return [];
  const expansion = expandPath(written);
  return expansion.ok ? expansion.paths : [written.path === "" ? "/*" : written.path];
}
