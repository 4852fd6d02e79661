import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Diagnosis } from "../../src/diagnostics/diagnosis.ts";
import { diagnose } from "../../src/diagnostics/engine.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { computeSession } from "../gcp/compute-session.ts";
import { askedIn, readOnce } from "../gcp/read-once.ts";
import { ComputeEmulator } from "../simulator/compute-api/emulator.ts";
import { disagreements, type Played, type PlayOptions, play } from "./agreement.ts";
import { type AgreementScenario, BROKEN, HEALTHY } from "./scenario.ts";
import { PROJECT, World } from "./world.ts";

// Real requests, two dozen a scenario, on machines that do other things too.
vi.setConfig({ testTimeout: 30_000 });

const emulator = new ComputeEmulator({ checkAnswers: true });
let session: ReturnType<typeof computeSession>;
beforeAll(async () => {
  session = computeSession(await emulator.start());
  // Loading the client library is not what the tests wait for.
  await readOnce({ api: session.api, project: PROJECT, readAt: 0 }, []);
}, 60_000);
afterAll(() => emulator.stop());

/** A world that Google's API is asked about, with nothing in it yet. */
function liveWorld(): PlayOptions {
  emulator.resources.clear();
  emulator.problems.length = 0;
  return { world: new World(emulator.resources), observe: readLive };
}

/** Completes snapshots by what the real client reads of their load balancers. */
async function readLive(snapshots: readonly Snapshot[]): Promise<readonly Snapshot[]> {
  const reading = { api: session.api, project: PROJECT, readAt: snapshots[0]?.takenAt ?? 0 };
  const answers = await readOnce(reading, snapshots.map(askedIn));
  return snapshots.map((one, index) => ({ ...one, loadBalancer: answers[index] ?? one.loadBalancer }));
}

/** Everything that can be said of a scenario that does not hold for both sides. */
async function judge(scenario: AgreementScenario, played: Played): Promise<readonly string[]> {
  expect(emulator.problems).toEqual([]);
  for (const { loadBalancer } of played.snapshots) expect(loadBalancer.known).toBe(true);
  if (scenario.fault === undefined) expectHealth(played.snapshots.map((one) => diagnose(one)));
  return disagreements(played);
}

function expectHealth(said: readonly Diagnosis[]): void {
  for (const { verdict, findings, undecided } of said.filter(({ applicable }) => applicable)) {
    expect(findings.filter(({ severity }) => severity !== "info")).toEqual([]);
    expect({ verdict, undecided }).toEqual({ verdict: "Healthy", undecided: [] });
  }
}

describe("diagnosis and load balancer agree where Google is read by the real client", () => {
  it.each([...HEALTHY, ...BROKEN])("$name", async (scenario) => {
    expect(await play(scenario, (played) => judge(scenario, played), liveWorld())).toEqual([]);
  });
});
