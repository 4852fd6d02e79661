import type { Backend } from "../diagnostics/topology.ts";
import type { EndpointHealth } from "../model/load-balancer.ts";

/** Endpoints of one backend in one zone, as Kubernetes and Google count them. */
export interface ZoneHealth {
  /** Empty where nobody names it. */
  readonly zone: string;
  readonly ready: number;
  readonly notReady: number;
  /** Endpoints in the load balancer's group. */
  readonly inGroup: number;
  readonly healthy: number;
  /** In the group and not healthy, whatever Google's word for it is. */
  readonly unhealthy: number;
}

const NOTHING = { ready: 0, notReady: 0, inGroup: 0, healthy: 0, unhealthy: 0 };

/**
 * Counts the endpoints of one backend by zone, in order of the zones' names.
 *
 * @param live health as Google's probers see it; undefined where Google was not read
 */
export function zoneHealth(
  { endpoints }: Pick<Backend, "endpoints">,
  live: readonly EndpointHealth[] | undefined,
): readonly ZoneHealth[] {
  const zones = new Map<string, typeof NOTHING>();
  const count = (zone: string, ...columns: (keyof typeof NOTHING)[]) => {
    const counts = zones.get(zone) ?? { ...NOTHING };
    for (const column of columns) counts[column] += 1;
    zones.set(zone, counts);
  };
  if (endpoints.known) {
    for (const { zone = "" } of endpoints.value.ready) count(zone, "ready");
    for (const { zone = "" } of endpoints.value.notReady) count(zone, "notReady");
  }
  for (const { zone, state } of live ?? [])
    count(zone, "inGroup", state === "HEALTHY" ? "healthy" : "unhealthy");
  return [...zones].sort(([a], [b]) => (a < b ? -1 : 1)).map(([zone, counts]) => ({ zone, ...counts }));
}
