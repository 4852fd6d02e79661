import type { RouteDiagnosis } from "../diagnostics/diagnosis.ts";
import { counted } from "../diagnostics/text.ts";
import type { Topology } from "../diagnostics/topology.ts";

/** Routes that go the same way: of one host, to one backend, with one answer. */
export interface RouteGroup {
  readonly title: string;
  readonly lines: readonly string[];
  /** JSON paths of the routes in the Ingress; empty for what no route matches. */
  readonly fields: readonly string[];
  /** Keys of the backends it goes to, in order of first use. */
  readonly backends: readonly string[];
}

/** A route with its place in the Ingress. */
interface PlacedRoute {
  readonly diagnosis: RouteDiagnosis;
  readonly field: string;
  readonly backend: string | undefined;
}

/** Most boxes of hosts and paths in one picture, and most paths written into one. */
const [MAX_GROUPS, MAX_PATHS] = [8, 3];

/**
 * Groups the routes of an Ingress for a picture, in writing order; what exceeds it is one last group.
 *
 * Routes that fail are never the ones left to the last group while others could be.
 */
export function routeGroups(topology: Topology, routes: readonly RouteDiagnosis[]): readonly RouteGroup[] {
  const placed = topology.routes.flatMap(({ field, backend }, index): PlacedRoute[] => {
    const diagnosis = routes[index];
    return diagnosis === undefined ? [] : [{ diagnosis, field, backend }];
  });
  const alike = [...Map.groupBy(placed, groupKey).values()];
  if (alike.length <= MAX_GROUPS) return alike.map(oneGroup);
  const ranked = alike.toSorted((a, b) => Number(isServed(a)) - Number(isServed(b)));
  const shown = new Set(ranked.slice(0, MAX_GROUPS - 1));
  const rest = alike.filter((group) => !shown.has(group)).flat();
  return [...alike.filter((group) => shown.has(group)).map(oneGroup), restGroup(rest)];
}

function groupKey({ diagnosis: { host, answer, finding }, backend }: PlacedRoute): string {
  return [host, backend, answer, finding].join("\n");
}

function isServed(group: readonly PlacedRoute[]): boolean {
  return group.every(({ diagnosis: { answer } }) => answer === "served" || answer === "redirect");
}

function oneGroup(group: readonly PlacedRoute[]): RouteGroup {
  const paths = group.map(({ diagnosis: { path, pathType } }) => pathText(path, pathType));
  const more = paths.length - MAX_PATHS;
  return {
    title: hostText(group[0]?.diagnosis.host ?? "*"),
    lines: [...paths.slice(0, MAX_PATHS), ...(more > 0 ? [`and ${counted(more, "more path")}`] : [])],
    ...ends(group),
  };
}

function restGroup(rest: readonly PlacedRoute[]): RouteGroup {
  const hosts = new Set(rest.map(({ diagnosis }) => diagnosis.host)).size;
  return {
    title: counted(rest.length, "more route"),
    lines: [`of ${counted(hosts, "host")}`],
    ...ends(rest),
  };
}

function ends(group: readonly PlacedRoute[]): Pick<RouteGroup, "fields" | "backends"> {
  return {
    fields: group.map(({ field }) => field),
    backends: [...new Set(group.flatMap(({ backend }) => backend ?? []))],
  };
}

function hostText(host: string): string {
  return host === "*" ? "any host" : host;
}

function pathText(path: string, pathType: string): string {
  const written = path === "" ? "no path" : path;
  return pathType === "ImplementationSpecific" || pathType === "" ? written : `${written} (${pathType})`;
}
