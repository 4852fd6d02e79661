import type { UrlMap } from "../model/load-balancer.ts";
import type { Known, Observed } from "../model/observed.ts";
import { builtObjects } from "./gke/status-annotations.ts";
import type { BackendTarget } from "./gke/translate.ts";
import { type LiveBackend, liveBackends } from "./live-backends.ts";
import type { Report } from "./rule.ts";
import type { Topology } from "./topology.ts";

/** What comparing an Ingress with its live URL map reads. */
export type DriftSources = Pick<Topology, "ingress" | "translation" | "backends" | "loadBalancer">;

/** The live URL map of an Ingress, and where it differs from what the Ingress says. */
export interface UrlMapDrift {
  /** Name of the map. */
  readonly map: string;
  /** One clause for each difference, sorted; empty when the map carries the Ingress. */
  readonly differences: readonly string[];
}

/**
 * Compares the live URL map with the one that GKE would build now. Undefined where that cannot be told: GKE refuses
 * the Ingress, a part was not read, or the map that its annotation names is not there.
 */
export function urlMapDrift(
  sources: DriftSources,
  report: Pick<Report<never>, "knows">,
): UrlMapDrift | undefined {
  const live = liveUrlMap(sources, report);
  if (live === undefined || live === "absent") return undefined;
  const services = new Map(liveBackends(sources, report).map((found) => [found.backend.key, found]));
  const differences = [...missingRoutes(sources, live, services), ...strayHosts(sources, live)].sort();
  return { map: live.name, differences };
}

/** Whether the load balancer routes as the Ingress says. */
export interface UrlMapFreshness {
  readonly isCurrent: boolean;
  /** Epoch milliseconds of the newest change of the Ingress, which the live map carries or does not. */
  readonly changedAt: number;
}

/**
 * Compares as {@link urlMapDrift} does; a URL map that does not exist carries nothing. Undefined where it cannot be
 * told, and for an Ingress that GKE does not serve.
 */
export function urlMapFreshness(topology: Topology): UrlMapFreshness | undefined {
  if (topology.ownership.kind !== "owned") return undefined;
  const { changedAt } = topology.ingress;
  if (liveUrlMap(topology, UNHEARD) === "absent") return { isCurrent: false, changedAt };
  const drift = urlMapDrift(topology, UNHEARD);
  return drift && { isCurrent: drift.differences.length === 0, changedAt };
}

/** For questions that no rule asks: what could not be read is said by those that do. */
const UNHEARD: Pick<Report<never>, "knows"> = {
  knows: <T>(observed: Observed<T>): observed is Known<T> => observed.known,
};

/** The live URL map; undefined where it was not read, or where nothing tells what it is to be compared with. */
function liveUrlMap(
  { ingress, translation, loadBalancer }: DriftSources,
  report: Pick<Report<never>, "knows">,
): UrlMap | "absent" | undefined {
  if (translation.errors.length > 0 || translation.undecided.length > 0) return undefined;
  if (!report.knows(loadBalancer) || !report.knows(loadBalancer.value.urlMaps)) return undefined;
  const { urlMap: name } = builtObjects(ingress);
  return loadBalancer.value.urlMaps.value.find((map) => map.name === name) ?? "absent";
}

function missingRoutes(
  { translation }: DriftSources,
  live: UrlMap,
  services: ReadonlyMap<string, LiveBackend>,
): readonly string[] {
  const hosts = new Map(
    live.hosts.map((host) => [host.host, new Map(host.paths.map(({ path, service }) => [path, service]))]),
  );
  return translation.table.hosts.flatMap(({ host, paths }) => {
    const livePaths = hosts.get(host);
    if (livePaths === undefined) return [`host ${host} is not in it`];
    return paths.flatMap(({ path, target }) =>
      compared(`${host}${path}`, livePaths.get(path), target, services),
    );
  });
}

/** What is said of one path; nothing where the backend service behind the target is not known. */
function compared(
  place: string,
  actual: string | undefined,
  target: BackendTarget,
  services: ReadonlyMap<string, LiveBackend>,
): readonly string[] {
  if (actual === undefined) return [`${place} is not in it`];
  const wanted = services.get(target.key)?.live.name;
  return wanted === undefined || wanted === actual ? [] : [`${place} goes to ${actual}, not to ${wanted}`];
}

function strayHosts({ translation }: DriftSources, live: UrlMap): readonly string[] {
  const wanted = new Set(translation.table.hosts.map(({ host }) => host));
  return live.hosts.flatMap(({ host }) => (wanted.has(host) ? [] : [`host ${host} is still in it`]));
}
