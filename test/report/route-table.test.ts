import { expect, it } from "vitest";
import { buildTopology } from "../../src/diagnostics/build-topology.ts";
import { diagnose } from "../../src/diagnostics/engine.ts";
import type { UrlRequest } from "../../src/diagnostics/gke/match-url.ts";
import { explainRoute } from "../../src/diagnostics/route.ts";
import { routeInput } from "../../src/diagnostics/route-url.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { routeInputOf } from "../../src/report/route-table.ts";
import { writeRouteTable } from "../../src/report/write-route-table.ts";
import type { Ingress } from "../mutations/raw-objects.ts";
import { type AgreementScenario, BROKEN, HEALTHY, staged } from "../scenarios/scenario.ts";
import { requestsFor } from "../scenarios/urls.ts";
import { ingress, path, rule, snapshot } from "../support/builders.ts";
import { snapshotsOf } from "../support/object-snapshots.ts";

/** Requests that a table, written as JSON and read back, explains unlike the engine does. */
function disagreements(sample: Snapshot, requests: readonly UrlRequest[]): readonly UrlRequest[] {
  const { findings } = diagnose(sample);
  const topology = buildTopology(sample);
  const original = routeInput(topology, findings);
  const input = routeInputOf(JSON.parse(JSON.stringify(writeRouteTable(original))));
  return requests.filter((request) => {
    const [ours, theirs] = [explainRoute(input, request), explainRoute(original, request)];
    return JSON.stringify(ours) !== JSON.stringify(theirs);
  });
}

/** The Ingresses of a scenario, with the requests to try. */
function cases(
  scenario: AgreementScenario,
): readonly { sample: Snapshot; requests: readonly UrlRequest[] }[] {
  const { cluster, seenAt } = staged(scenario).now;
  const raw = new Map(cluster.all("Ingress").map((one): [string, Ingress] => [one.metadata.name, one]));
  return snapshotsOf(cluster.objects, seenAt).flatMap((sample) => {
    const written = raw.get(sample.ingress.ref.name);
    return written === undefined ? [] : [{ sample, requests: requestsFor(written) }];
  });
}

it.each([...HEALTHY, ...BROKEN])("a table explains every URL as the engine does: $name", (scenario) => {
  const tried = cases(scenario);
  expect(tried.flatMap(({ requests }) => requests).length).toBeGreaterThan(5);
  expect(tried.flatMap(({ sample, requests }) => disagreements(sample, requests))).toEqual([]);
});

it("hosts, paths and Services named like members of every object are plain data", () => {
  const names = ["__proto__", "constructor", "toString"];
  const sample = snapshot({
    ingress: ingress({ rules: names.map((name) => rule(name, path(`/${name}`, name))) }),
  });
  const requests = names.map((name): UrlRequest => ({ scheme: "http", host: name, path: `/${name}` }));
  expect(disagreements(sample, requests)).toEqual([]);
});
