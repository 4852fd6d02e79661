import { describe, expect, it } from "vitest";
import { buildTopology } from "../../src/diagnostics/build-topology.ts";
import { diagnose } from "../../src/diagnostics/engine.ts";
import type { UrlRequest } from "../../src/diagnostics/gke/match-url.ts";
import type { RouteExplanation } from "../../src/diagnostics/route.ts";
import { routeUrl } from "../../src/diagnostics/route-url.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import type { Scene } from "../mutations/life.ts";
import type { Ingress } from "../mutations/raw-objects.ts";
import { snapshotsOf } from "../support/object-snapshots.ts";
import { type AgreementScenario, BROKEN, HEALTHY, staged } from "./scenario.ts";
import { requestsFor } from "./urls.ts";
import { World } from "./world.ts";

/** Says what a request gets, by the diagnosis of a scene. */
function expectations(scene: Scene): ReadonlyMap<string, (request: UrlRequest) => RouteExplanation> {
  return new Map(
    snapshotsOf(scene.cluster.objects, scene.seenAt).map((snapshot) => {
      const { findings } = diagnose(snapshot);
      const topology = buildTopology(snapshot);
      return [snapshot.ingress.ref.name, (request) => routeUrl(topology, findings, request)] as const;
    }),
  );
}

/** What the controllers have made a load balancer of: nothing new where every sync ends early. */
function builtFrom({ fault, onset }: AgreementScenario, before: Scene, now: Scene): readonly Snapshot[] {
  const stops = fault !== undefined && fault.symptoms === undefined;
  if (stops && onset === "at-creation") return [];
  const { cluster, seenAt } = stops ? before : now;
  return snapshotsOf(cluster.objects, seenAt);
}

interface Sides {
  readonly world: World;
  readonly expected: ReturnType<typeof expectations>;
  readonly earlier: ReturnType<typeof expectations>;
}

/** Every request that the simulator answers unlike the diagnosis expects. */
async function disagreements(scenario: AgreementScenario): Promise<readonly string[]> {
  const { before, now } = staged(scenario);
  const world = new World();
  try {
    await world.startPods(now.cluster, { behaviours: scenario.outside.pods ?? {}, truth: before.cluster });
    await world.serve(builtFrom(scenario, before, now), scenario.outside.change ?? (() => undefined));
    world.reportHealth(now.cluster);
    const sides = { world, expected: expectations(now), earlier: expectations(before) };
    const ours = now.cluster.all("Ingress").filter(({ metadata }) => !metadata.name.startsWith("other"));
    return (await Promise.all(ours.map((ingress) => compare(ingress, sides)))).flat();
  } finally {
    await world.stop();
  }
}

async function compare(ingress: Ingress, { world, expected, earlier }: Sides): Promise<readonly string[]> {
  const { name } = ingress.metadata;
  const address = ingress.status.loadBalancer.ingress?.[0]?.ip ?? "";
  const compared = requestsFor(ingress).map(async (request) => {
    const got = await world.ask(address, request);
    const explanation = expected.get(name)?.(request);
    // A frozen load balancer may still do what it was last told.
    const held = explanation?.frozen ? earlier.get(name)?.(request).answer : undefined;
    if (explanation?.answer === got || held === got) return [];
    const { scheme, host, path } = request;
    return [`${scheme}://${host}${path} of ${name}: diagnosis ${explanation?.answer}, simulator ${got}`];
  });
  return (await Promise.all(compared)).flat();
}

describe("diagnosis and load balancer agree on every request", () => {
  it("in 40 scenarios or more", () => {
    expect(HEALTHY.length + BROKEN.length).toBeGreaterThanOrEqual(40);
  });

  it.each(HEALTHY)("healthy: $name", async (scenario) => {
    expect(await disagreements(scenario)).toEqual([]);
  });

  it.each(BROKEN)("broken: $name", async (scenario) => {
    expect(await disagreements(scenario)).toEqual([]);
  });
});
