import { describe, expect, it } from "vitest";
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
import { type AgreementScenario, BROKEN, HEALTHY, staged } from "./scenario.ts";
import { requestsFor } from "./urls.ts";
import { World } from "./world.ts";

/** What the diagnosis of one Ingress expects. */
interface Expectations {
  readonly explain: (request: UrlRequest) => RouteExplanation;
  readonly routes: readonly RouteDiagnosis[];
}

/** By name of the Ingress. */
function expectationsOf({ cluster, seenAt }: Scene): ReadonlyMap<string, Expectations> {
  return new Map(
    snapshotsOf(cluster.objects, seenAt).map((snapshot) => {
      const { findings, routes } = diagnose(snapshot);
      const topology = buildTopology(snapshot);
      const explain = (request: UrlRequest) => routeUrl(topology, findings, request);
      return [snapshot.ingress.ref.name, { explain, routes }] as const;
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
  readonly expected: ReadonlyMap<string, Expectations>;
  readonly earlier: ReadonlyMap<string, Expectations>;
}

/** Every request that the simulator answers unlike the diagnosis expects. */
async function disagreements(scenario: AgreementScenario): Promise<readonly string[]> {
  const { before, now } = staged(scenario);
  const world = new World();
  try {
    await world.startPods(now.cluster, { behaviours: scenario.outside.pods ?? {}, truth: before.cluster });
    await world.serve(builtFrom(scenario, before, now), scenario.outside.change ?? (() => undefined));
    world.reportHealth(now.cluster);
    const sides = { world, expected: expectationsOf(now), earlier: expectationsOf(before) };
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

describe("diagnosis and load balancer agree on every request", () => {
  it("in 40 scenarios or more", () => {
    expect(HEALTHY.length + BROKEN.length).toBeGreaterThanOrEqual(40);
  });

  it("with every kind of answer among them", () => {
    const answers = [...HEALTHY, ...BROKEN].flatMap((scenario) => {
      const { now } = staged(scenario);
      const expected = expectationsOf(now);
      return now.cluster.all("Ingress").flatMap((ingress) => {
        const { explain } = expected.get(ingress.metadata.name) ?? {};
        return explain === undefined ? [] : requestsFor(ingress).map((request) => explain(request).answer);
      });
    });
    expect(answers.length).toBeGreaterThan(5000);
    expect(new Set(answers)).toEqual(new Set(["served", "404", "502", "503", "redirect", "none", "unknown"]));
  });

  it.each(HEALTHY)("healthy: $name", async (scenario) => {
    expect(await disagreements(scenario)).toEqual([]);
  });

  it.each(BROKEN)("broken: $name", async (scenario) => {
    expect(await disagreements(scenario)).toEqual([]);
  });
});
