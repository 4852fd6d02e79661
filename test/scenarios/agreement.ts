import { buildTopology } from "../../src/diagnostics/build-topology.ts";
import type { RouteDiagnosis } from "../../src/diagnostics/diagnosis.ts";
import { diagnose } from "../../src/diagnostics/engine.ts";
import type { UrlRequest } from "../../src/diagnostics/gke/match-url.ts";
import type { RouteExplanation } from "../../src/diagnostics/route.ts";
import { routeUrl } from "../../src/diagnostics/route-url.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import type { Scene } from "../mutations/life.ts";
import type { Ingress } from "../mutations/raw-objects.ts";
import { snapshotsOf } from "../support/object-snapshots.ts";
import { type AgreementScenario, type Staged, staged } from "./scenario.ts";
import { requestsFor } from "./urls.ts";
import { World } from "./world.ts";

/** What the diagnosis of one Ingress expects. */
export interface Expectations {
  readonly explain: (request: UrlRequest) => RouteExplanation;
  readonly routes: readonly RouteDiagnosis[];
}

/** By name of the Ingress. */
export function expectationsOf(snapshots: readonly Snapshot[]): ReadonlyMap<string, Expectations> {
  return new Map(
    snapshots.map((snapshot) => {
      const { findings, routes } = diagnose(snapshot);
      const topology = buildTopology(snapshot);
      const explain = (request: UrlRequest) => routeUrl(topology, findings, request);
      return [snapshot.ingress.ref.name, { explain, routes }] as const;
    }),
  );
}

/** What can be told of the Ingresses of a scene from Kubernetes alone. */
export function watched({ cluster, seenAt }: Scene): readonly Snapshot[] {
  return snapshotsOf(cluster.objects, seenAt);
}

/** Both sides of a scenario, running. */
export interface Played extends Staged {
  readonly world: World;
  /** What is known of the Ingresses at the moment the scenario is looked at. */
  readonly snapshots: readonly Snapshot[];
}

/**
 * Plays a scenario: starts its pods, makes its load balancers, lets health checks settle, and ends all of it
 * after `look`.
 *
 * @param observe completes the snapshots by what else is looked at
 */
export async function play<T>(
  scenario: AgreementScenario,
  look: (played: Played) => T | Promise<T>,
  { world = new World(), observe }: PlayOptions = {},
): Promise<T> {
  const { before, now } = staged(scenario);
  try {
    await world.startPods(now.cluster, { behaviours: scenario.outside.pods ?? {}, truth: before.cluster });
    await world.serve(builtFrom(scenario, before, now), scenario.outside.change ?? (() => undefined));
    // Who asks Google learns it from there: the annotation stays what it was when the Ingress was last synced.
    if (observe === undefined) world.reportHealth(now.cluster);
    const snapshots = watched(now);
    return await look({ before, now, world, snapshots: (await observe?.(snapshots)) ?? snapshots });
  } finally {
    await world.stop();
  }
}

export interface PlayOptions {
  readonly world?: World;
  readonly observe?: (snapshots: readonly Snapshot[]) => readonly Snapshot[] | Promise<readonly Snapshot[]>;
}

/** What the controllers have made a load balancer of: nothing new where every sync ends early. */
function builtFrom({ fault, onset }: AgreementScenario, before: Scene, now: Scene): readonly Snapshot[] {
  const stops = fault !== undefined && fault.symptoms === undefined;
  if (stops && onset === "at-creation") return [];
  return watched(stops ? before : now);
}

interface Sides {
  readonly world: World;
  readonly expected: ReadonlyMap<string, Expectations>;
  readonly earlier: ReadonlyMap<string, Expectations>;
}

/** Every request that the simulator answers unlike the diagnosis expects. */
export async function disagreements({ world, snapshots, before, now }: Played): Promise<readonly string[]> {
  const sides = { world, expected: expectationsOf(snapshots), earlier: expectationsOf(watched(before)) };
  const ours = now.cluster.all("Ingress").filter(({ metadata }) => !metadata.name.startsWith("other"));
  return (await Promise.all(ours.map((ingress) => compare(ingress, sides)))).flat();
}

async function compare(ingress: Ingress, { world, expected, earlier }: Sides): Promise<readonly string[]> {
  const { name } = ingress.metadata;
  const address = ingress.status.loadBalancer.ingress?.[0]?.ip ?? "";
  const compared = requestsFor(ingress).map(async (request) => {
    const got = await world.ask(address, request);
    const explanation = expected.get(name)?.explain(request);
    // A frozen load balancer may still do what it was last told.
    const held = explanation?.frozen ? earlier.get(name)?.explain(request).answer : undefined;
    if (explanation?.answer === got || held === got) return [];
    const { scheme, host, path } = request;
    return [`${scheme}://${host}${path} of ${name}: diagnosis ${explanation?.answer}, simulator ${got}`];
  });
  const routes = (expected.get(name)?.routes ?? []).map((route) => compareRoute(route, world, address));
  return (await Promise.all([...compared, ...routes])).flat();
}

/** Asks for what a route names; over TLS where plain HTTP is switched off or redirected. */
async function compareRoute(
  route: RouteDiagnosis,
  world: World,
  address: string,
): Promise<readonly string[]> {
  if (route.frozen) return [];
  const host = route.host === "*" ? "any.invalid" : route.host.replace("*", "a");
  const path = route.path.replace(/\*$/, "") || "/";
  const plain = await world.ask(address, { scheme: "http", host, path });
  const isElsewhere = plain === "none" || plain === "redirect";
  const got = isElsewhere ? await world.ask(address, { scheme: "https", host, path }) : plain;
  return got === route.answer
    ? []
    : [`route ${route.host}${route.path}: diagnosis ${route.answer}, simulator ${got}`];
}
