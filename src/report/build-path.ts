import type { Diagnosis } from "../diagnostics/diagnosis.ts";
import { listed } from "../diagnostics/text.ts";
import type { Topology } from "../diagnostics/topology.ts";
import { backendHops } from "./backend-hops.ts";
import type { BackendView } from "./backend-view.ts";
import type { DraftPath, HopDraft } from "./draft-path.ts";
import { frontendHops } from "./frontend-hops.ts";
import { judgedPath } from "./judged-path.ts";
import type { RequestPath } from "./request-path.ts";
import { routeGroups } from "./route-groups.ts";

/** Draws the way of requests through the load balancer of one Ingress; the number of boxes is bounded. */
export function buildPath(
  topology: Topology,
  diagnosis: Diagnosis,
  backends: readonly BackendView[],
): RequestPath {
  const fronts = frontendHops(topology);
  const behind = backendHops(backends, weighing(topology, diagnosis));
  const rules = ruleHops(topology, diagnosis, behind.shownAs);
  const open = fronts.filter(({ ends }) => ends !== true);
  const draft: DraftPath = {
    hops: [
      { id: "client", column: "client", title: "Client", lines: [], state: "ok" },
      addressHop(topology),
      ...fronts,
      ...rules.hops,
      ...behind.hops,
    ],
    links: [
      ["client", "address"],
      ...fronts.map(({ id }) => ["address", id] as const),
      ...open.flatMap((front) => rules.hops.map((rule) => [front.id, rule.id] as const)),
      ...rules.links,
      ...behind.links,
    ],
  };
  return judgedPath(draft, diagnosis);
}

/** Backends of the cause weigh most, those of other faults less, and the rest nothing. */
function weighing({ routes: placed }: Topology, { findings, routes, cause }: Diagnosis) {
  const weights = new Map<string, number>();
  const weigh = (key: string | undefined, code: string) => {
    const weight = code === cause?.code ? 2 : 1;
    if (key !== undefined) weights.set(key, Math.max(weight, weights.get(key) ?? 0));
  };
  for (const { severity, backend, code } of findings) if (severity !== "info") weigh(backend, code);
  for (const [index, { finding }] of routes.entries()) {
    if (finding !== undefined) weigh(placed[index]?.backend, finding);
  }
  return (key: string): number => weights.get(key) ?? 0;
}

function addressHop({ ingress, sync, settling }: Topology): HopDraft {
  const base = { id: "address", column: "address" } as const;
  const [first, ...more] = ingress.addresses;
  if (first !== undefined)
    return { ...base, title: first, lines: more.length > 0 ? [listed(more, 1)] : [], state: "ok" };
  if (!sync.known && sync.reason === "offline")
    return { ...base, title: "Not applied", lines: ["no address yet"], state: "unknown" };
  return { ...base, title: "No address", lines: [], state: settling.open ? "waiting" : "affected" };
}

/** Hosts and paths, and what takes the requests that match none of them. */
function ruleHops(
  topology: Topology,
  { routes }: Diagnosis,
  shownAs: ReadonlyMap<string, string>,
): DraftPath {
  const groups = routeGroups(topology, routes).map((group, index) => ({ id: `rule-${index}`, ...group }));
  const fallback = topology.backends.find(
    ({ origin }) => origin === "default" || origin === "system-default",
  );
  const other =
    fallback === undefined
      ? []
      : [
          {
            id: "rule-other",
            title: groups.length === 0 ? "every request" : "any other request",
            lines: [],
            fields: fallback.origin === "default" ? ["spec.defaultBackend"] : [],
            backends: [fallback.key],
          },
        ];
  const all = [...groups, ...other];
  return {
    hops: all.map((group) => ({ ...group, column: "rule", state: "ok" }) as const),
    links: all.flatMap(({ id, backends }) => {
      const targets = backends.flatMap((key) => shownAs.get(key) ?? []);
      return [...new Set(targets)].map((target) => [id, target] as const);
    }),
  };
}
