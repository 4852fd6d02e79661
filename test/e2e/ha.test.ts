import { writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { eventually, waitFor } from "../controlplane/eventually.ts";
import { Churn } from "./availability/churn.ts";
import { Fleet, lateWrites, ownWrites, QUICK_LEASE, quiet, writesOf } from "./availability/fleet.ts";
import { type Cluster, startCluster } from "./reconciler/cluster.ts";

/** With `HA_REPORT=<file>` every count is the one that the documentation tells of, and the figures go there. */
const report = process.env.HA_REPORT;
const [KILLS, TERMS, STOPS] = report === undefined ? [3, 2, 1] : [20, 20, 10];
const LEASE = report === undefined ? QUICK_LEASE : [];
/** Longest that a takeover may take: the Lease's duration and two looks at it. */
const [KILL_MS, TERM_MS] = report === undefined ? [7_000, 3_000] : [17_000, 3_000];
const LOAD = { namespaces: 4, fast: 5, fastMs: 30, slow: 3, slowMs: 700, stable: 6 };
const MINUTES = 60_000;

const figures: Record<string, unknown> = {};
afterEach(() => {
  if (report !== undefined) writeFileSync(report, `${JSON.stringify(figures, null, 2)}\n`);
});

let cluster: Cluster;
let churn: Churn;
let fleet: Fleet;
beforeAll(async () => {
  cluster = await startCluster();
  churn = await new Churn(cluster.client, LOAD).create();
});
afterAll(() => cluster?.stop());
beforeEach(() => {
  fleet = new Fleet(cluster, LEASE);
});
afterEach(async () => {
  await churn.stop();
  await fleet.stop();
});

/** Ends one leader after the other by `signal` under a load of changes, and answers how long each takeover took. */
async function failOvers(signal: NodeJS.Signals, times: number): Promise<number[]> {
  const took: number[] = [];
  for (let turn = 0; turn < times; turn += 1) {
    // At every point of the time between two renewals.
    await sleep(500 + ((turn * 397) % 2_000));
    took.push(await fleet.failOver(signal));
    await fleet.start();
  }
  return took.sort((a, b) => a - b);
}

function summaryOf(took: readonly number[], late: number) {
  const rounded = took.map(Math.round);
  return { takeovers: took.length, p50: rounded[Math.floor(took.length / 2)], max: rounded.at(-1), late };
}

/** What must hold whenever the changes have ended, whoever led meanwhile. */
async function expectNothingLostOrRepeated(): Promise<void> {
  await quiet(cluster);
  expect(await churn.lost(cluster)).toEqual([]);
  expect(await churn.repeated(cluster)).toEqual([]);
}

describe.each([2, 3])("%i replicas, while Ingresses and Services change all the time", (replicas) => {
  test.each([
    ["SIGKILL", KILLS, KILL_MS],
    ["SIGTERM", TERMS, TERM_MS],
  ] as const)(
    "%s of the leader %i times: another one leads in time, no status is lost, no Event is said twice",
    async (signal, times, limit) => {
      for (let replica = 0; replica < replicas; replica += 1) await fleet.start();
      await fleet.leader();
      await quiet(cluster);
      const before = await churn.stableCauses(cluster);
      churn.start();
      const changes = churn.changes;
      const took = await failOvers(signal, times);
      await churn.stop();
      await expectNothingLostOrRepeated();
      const late = lateWrites(cluster);
      figures[`${signal}, ${replicas} replicas`] = {
        ...summaryOf(took, late.length),
        changes: churn.changes - changes,
      };
      expect(late).toEqual([]);
      expect(took.at(-1)).toBeLessThan(limit);
      expect(await churn.stableCauses(cluster)).toEqual(before);
    },
    30 * MINUTES,
  );
});

test(
  "a leader that was stopped for longer than its Lease writes nothing when it goes on, and ends",
  async () => {
    await fleet.start();
    await fleet.start();
    churn.start();
    for (let turn = 0; turn < STOPS; turn += 1) {
      const leader = await fleet.leader();
      await sleep(1_000 + ((turn * 397) % 1_000));
      leader.signal("SIGSTOP");
      const successor = await waitFor(
        () => fleet.running.find((one) => one !== leader && one.logged("diagnosing").length > 0),
        { timeoutMs: 30_000, what: "a successor" },
      );
      await waitFor(() => writesOf(cluster, successor).length > 0, { what: "a write of the successor" });
      leader.signal("SIGCONT");
      expect(await leader.exited).toEqual({ code: 1, signal: null });
      await fleet.start();
    }
    await churn.stop();
    await expectNothingLostOrRepeated();
    const late = lateWrites(cluster);
    figures.SIGSTOP = { stops: STOPS, late };
    expect(late).toEqual([]);
  },
  30 * MINUTES,
);

test(
  "two that write without an election agree: each change is told once, and then nothing is written",
  async () => {
    const replicas = [await fleet.start("--no-leader-elect"), await fleet.start("--no-leader-elect")];
    await quiet(cluster);
    const before = await churn.stableCauses(cluster);
    churn.start();
    await sleep(report === undefined ? 10_000 : 60_000);
    await churn.stop();
    await churn.breakAll();
    await expectNothingLostOrRepeated();
    expect(await churn.stableCauses(cluster)).toEqual(before);
    // Both of them did write.
    for (const replica of replicas) expect(writesOf(cluster, replica).length).toBeGreaterThan(0);
    const written = ownWrites(cluster).length;
    await sleep(report === undefined ? 5_000 : 600_000);
    const flaps = ownWrites(cluster).length - written;
    figures["no election"] = { flaps };
    expect(flaps).toBe(0);
  },
  30 * MINUTES,
);

test("a follower is ready, and says that it does not lead", async () => {
  await fleet.start();
  const leader = await fleet.leader();
  const follower = await fleet.start();
  expect(await follower.page("readyz")).toBe("ok caches\nok diagnoses\n");
  expect(await follower.metric("ingress_doctor_leader")).toBe(0);
  expect(await follower.page("metrics")).not.toContain("ingress_doctor_verdict{");
  await eventually(async () => expect(await leader.metric("ingress_doctor_leader")).toBe(1));
});
