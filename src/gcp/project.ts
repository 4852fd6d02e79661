import type { Node } from "../model/pod.ts";

/** Where the load balancers of a cluster are. */
export interface ProjectPlace {
  readonly project: string;
  /** Undefined when it could not be found out; then regional resources of every region count. */
  readonly region: string | undefined;
}

/** What can tell the place; every source may know nothing. */
export interface PlaceSources {
  /** What the user set. */
  readonly configured: { readonly project: string | undefined; readonly region: string | undefined };
  /** Nodes of the cluster, as far as they are known by now. */
  nodes(): readonly Node[];
  /** A value of the metadata server, such as `project/project-id`; undefined when it has none or is not there. */
  metadata(path: string): Promise<string | undefined>;
}

/**
 * Finds project and region: configured, else by the cluster's nodes, else by the metadata server.
 *
 * Nodes go before the metadata server because the process may run in a project other than its cluster's.
 * Answers undefined when nothing tells the project.
 */
export async function findPlace({
  configured,
  nodes,
  metadata,
}: PlaceSources): Promise<ProjectPlace | undefined> {
  const { project: nodeProject, zone } = nodes().find((node) => node.project !== undefined) ?? {};
  const project = configured.project ?? nodeProject ?? (await metadata("project/project-id"));
  if (project === undefined) return undefined;
  const region = configured.region ?? regionOf(zone ?? (await metadata("instance/zone")));
  return { project, region };
}

/** Region of a zone given by name or path, e.g. `us-central1` of `projects/1/zones/us-central1-a`. */
function regionOf(zone: string | undefined): string | undefined {
  return /(?:^|\/)([a-z]+-[a-z]+\d+)-[a-z0-9]+$/.exec(zone ?? "")?.[1];
}

/** Whether a scope's name, `global` or a region's or zone's, is one that a cluster in `region` uses. */
export function isNear(scope: string, region: string | undefined): boolean {
  return scope === "global" || region === undefined || scope === region || scope.startsWith(`${region}-`);
}
