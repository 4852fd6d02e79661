import { describe, expect, test } from "vitest";
import { buildTopology } from "../../src/diagnostics/build-topology.ts";
import { hasNegs, negEffect, negSyncState } from "../../src/diagnostics/neg-state.ts";
import type { Backend } from "../../src/diagnostics/topology.ts";
import { known } from "../../src/model/observed.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { nodePortService, notRead, reportedIngress, serviceNeg, snapshot } from "../support/builders.ts";
import { failedNeg, unmadeNeg } from "../support/neg-events.ts";

/** The only backend of a snapshot that the user names. */
function backendOf(changes: Partial<Snapshot>): Backend {
  const [backend] = buildTopology(snapshot(changes)).backends;
  if (backend === undefined) throw new Error("no backend");
  return backend;
}

const unmade = { serviceNegs: known([unmadeNeg("no")]), ingress: reportedIngress("Unknown") };
const stuck = { serviceNegs: known([failedNeg("no")]), ingress: reportedIngress("UNHEALTHY") };

describe("what an error of the NEG controller means", () => {
  test.each<[string, Partial<Snapshot>, ReturnType<typeof negEffect>]>([
    [
      "a NEG that was not made stops the sync",
      unmade,
      { severity: "error", symptoms: ["no-address", "stale"] },
    ],
    ["a NEG that is not filled answers 502", stuck, { severity: "error", symptoms: ["502"] }],
    ["a healthy backend falls behind", {}, { severity: "warning", symptoms: ["stale"] }],
    [
      "an Ingress that uses instance groups does not feel it",
      { services: known([nodePortService()]) },
      { severity: "warning", symptoms: ["no-neg"] },
    ],
    [
      "unreadable NEGs make it uncertain",
      { serviceNegs: notRead("serviceNegs") },
      { severity: "warning", symptoms: ["no-address", "stale"] },
    ],
  ])("%s", (_, changes, effect) => {
    expect(negEffect(backendOf(changes))).toEqual(effect);
  });

  test("without a backend the worst is assumed", () => {
    expect(negEffect(undefined)).toEqual({ severity: "error", symptoms: ["no-address", "502"] });
  });
});

test("the last sync failed, went well, or is not told of", () => {
  expect(negSyncState(backendOf({}))).toBe("synced");
  expect(negSyncState(backendOf(stuck))).toBe("failed");
  expect(negSyncState(backendOf({ serviceNegs: known([serviceNeg({ conditions: [] })]) }))).toBe("unknown");
  expect(negSyncState(backendOf({ serviceNegs: notRead("serviceNegs") }))).toBe("unknown");
});

test("NEGs exist when they were initialized, or, by older controllers, when they have zones", () => {
  expect(hasNegs(backendOf({}))).toBe(true);
  expect(hasNegs(backendOf(unmade))).toBe(false);
  expect(hasNegs(backendOf({ serviceNegs: known([serviceNeg({ conditions: [] })]) }))).toBe(true);
  expect(hasNegs(backendOf({ serviceNegs: known([serviceNeg({ conditions: [], zones: [] })]) }))).toBe(false);
  expect(hasNegs(backendOf({ serviceNegs: known([]) }))).toBe(false);
});
