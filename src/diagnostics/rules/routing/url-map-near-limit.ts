import { ingressProduct } from "../../gke/ingress-class.ts";
import { expandPath } from "../../gke/path-rules.ts";
import { defineRule } from "../../rule.ts";
import type { Route } from "../../topology.ts";

/** Host rules that one URL map may hold, by product (Google Cloud quotas and limits, read 2026-11-23). */
const MAX_HOSTS = { external: 1000, internal: 2000, "regional-external": 2000 } as const;

/** Paths that one host may have, all path rules together; same source. */
const MAX_PATHS = 1000;

/** Share of a limit from which on it is worth a word. */
const NEAR = 0.8;

export default defineRule({
  code: "GID311",
  slug: "url-map-near-limit",
  severity: "info",
  symptoms: ["stale"],
  stage: "hygiene",
  reads: ["ingress", "routes"],
  rows: ["LIM-01"],
  summary: "The URL map of the Ingress comes near a documented limit.",
  why: "Compute Engine refuses a URL map with too many hosts or paths, and then no change of the Ingress is applied any more. A path of type Prefix counts twice, because GKE writes it with and without /*.",
  fix: "Split the Ingress, or replace single paths by a common prefix.",
  confirm: ["gcloud compute url-maps describe URL_MAP"],
  sources: ["Google Cloud documentation: Cloud Load Balancing quotas and limits"],
  messages: {
    hosts: "The rules name {count} hosts; a URL map holds {limit}.",
    paths: "Host {host} has {count} paths in the URL map; a host holds {limit}.",
  },

  check({ ingress, routes }, report) {
    const paths = pathCounts(routes);
    const limit = MAX_HOSTS[ingressProduct(ingress)];
    if (paths.size >= limit * NEAR) report("hosts", { subject: ingress.ref }, { count: paths.size, limit });
    for (const [host, count] of paths) {
      if (count < MAX_PATHS * NEAR) continue;
      report("paths", { subject: ingress.ref }, { host, count, limit: MAX_PATHS });
    }
  },
});

function pathCounts(routes: readonly Route[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { host, path, pathType } of routes) {
    const expansion = expandPath({ path, pathType });
    counts.set(host, (counts.get(host) ?? 0) + (expansion.ok ? expansion.paths.length : 0));
  }
  return counts;
}
