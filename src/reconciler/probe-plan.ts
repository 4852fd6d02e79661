import { buildTopology } from "../diagnostics/build-topology.ts";
import { probeTargets } from "../diagnostics/probe-targets.ts";
import type { Ingress } from "../model/ingress.ts";
import type { ProbeTarget } from "../model/probe.ts";
import { type GatherSources, gather } from "./gather.ts";

/** What a prober would ask for an Ingress by what the caches hold at `now` (epoch milliseconds). */
export function planProbes(ingress: Ingress, sources: GatherSources, now: number): readonly ProbeTarget[] {
  const topology = buildTopology(gather(ingress, sources, now).snapshot);
  return topology.ownership.kind === "owned" ? probeTargets(topology) : [];
}
