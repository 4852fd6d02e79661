import { buildTopology } from "../diagnostics/build-topology.ts";
import type { Diagnosis } from "../diagnostics/diagnosis.ts";
import { routeInput } from "../diagnostics/route-url.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { type BackendView, backendViews } from "./backend-view.ts";
import { buildPath } from "./build-path.ts";
import type { RequestPath } from "./request-path.ts";
import type { RouteTable } from "./route-table.ts";
import { writeRouteTable } from "./write-route-table.ts";

/** One Ingress of a report: plain data, nothing of the snapshot is kept. */
export interface ReportEntry {
  readonly diagnosis: Diagnosis;
  readonly path: RequestPath;
  readonly backends: readonly BackendView[];
  /** JSON path of each of the diagnosis' routes in the Ingress. */
  readonly routeFields: readonly string[];
  /** What follows URLs through this Ingress; undefined where GKE does not serve it. */
  readonly routeTable?: RouteTable;
  /** Where the Ingress is written, e.g. `app.yaml:12`. */
  readonly place?: string;
}

/**
 * Draws everything that a report shows of one Ingress from what was diagnosed.
 *
 * @param diagnosis of this very snapshot
 * @param place where the Ingress is written; undefined when it comes from a cluster
 */
export function reportEntry(snapshot: Snapshot, diagnosis: Diagnosis, place?: string): ReportEntry {
  const topology = buildTopology(snapshot);
  const backends = backendViews(topology);
  return {
    diagnosis,
    path: buildPath(topology, diagnosis, backends),
    backends,
    routeFields: topology.routes.map(({ field }) => field),
    ...(diagnosis.applicable
      ? { routeTable: writeRouteTable(routeInput(topology, diagnosis.findings)) }
      : {}),
    ...(place === undefined ? {} : { place }),
  };
}
