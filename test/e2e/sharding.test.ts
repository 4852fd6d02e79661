import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { shardOf } from "../../src/reconciler/shard.ts";
import { eventually, waitFor } from "../controlplane/eventually.ts";
import { createNamespace } from "../controlplane/namespace.ts";
import { Churn } from "./availability/churn.ts";
import { Fleet, lateWrites, quiet, writesOf } from "./availability/fleet.ts";
import { type Cluster, ingressManifest, serviceManifest, startCluster } from "./reconciler/cluster.ts";
import type { ControllerUnderTest } from "./reconciler/controller-under-test.ts";

const LOAD = { namespaces: 6, fast: 3, fastMs: 40, slow: 2, slowMs: 700, stable: 6 };
/** Longest that a change may wait for its diagnosis while shards change; a Lease that must expire takes longer. */
const PATIENCE_MS = 10_000;

const LEASE_ROLE = {
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "Role",
  metadata: { name: "ingress-doctor-lease", namespace: "ingress-doctor" },
};

let cluster: Cluster;
let churn: Churn;
let fleet: Fleet;
beforeAll(async () => {
  cluster = await startCluster();
  // As the chart grants it to shards, whose Leases have names of their own.
  await cluster.client.patch(LEASE_ROLE, {
    rules: [
      { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["create", "get", "update"] },
    ],
  });
  churn = await new Churn(cluster.client, LOAD).create();
  fleet = new Fleet(cluster, []);
});
afterAll(async () => {
  await churn?.stop();
  await cluster?.stop();
});

/** Starts shard `index` of `count` and waits until it leads. */
function startShard(index: number, count: number): Promise<ControllerUnderTest> {
  const flags = count === 1 ? [] : ["--shards", String(count), "--shard", String(index)];
  return fleet.startLeader(...flags);
}

function startShards(count: number): Promise<ControllerUnderTest[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => startShard(index, count)));
}

/** Namespaces of the verdicts that a process exports. */
async function exportedNamespaces(controller: ControllerUnderTest): Promise<string[]> {
  const text = await controller.page("metrics");
  const found = [...text.matchAll(/^ingress_doctor_verdict\{namespace="([^"]*)"/gm)];
  return [...new Set(found.map(([, namespace = ""]) => namespace))].sort();
}

/** Every namespace with an Ingress that shard `index` of `count` owns. */
function ownedNamespaces(index: number, count: number): string[] {
  const namespaces = new Set(churn.all.map(({ namespace }) => namespace));
  return [...namespaces].filter((namespace) => shardOf(namespace, count) === index).sort();
}

/** The processes of all shards together export every namespace, and each of them its own. */
async function expectDivided(shards: readonly ControllerUnderTest[]): Promise<void> {
  for (const [index, shard] of shards.entries()) {
    await eventually(async () =>
      expect(await exportedNamespaces(shard)).toEqual(ownedNamespaces(index, shards.length)),
    );
  }
}

/** Changes one Ingress after the other, waits for each diagnosis, and answers the longest wait in milliseconds. */
function startBeat(namespaces: readonly string[]): () => Promise<number> {
  let isOn = true;
  let longest = 0;
  const beating = (async () => {
    for (let beat = 0; isOn; beat += 1) {
      const namespace = namespaces[beat % namespaces.length] ?? "";
      const ingress = ingressManifest(namespace, "beat", beat % 2 === 0 ? "one" : "two");
      const { generation } = (await cluster.client.apply(ingress)).metadata;
      const start = performance.now();
      await waitFor(async () => (await cluster.status(namespace, "beat")).observedGeneration === generation, {
        intervalMs: 20,
        timeoutMs: 30_000,
        what: `the diagnosis of ${namespace}/beat`,
      });
      longest = Math.max(longest, performance.now() - start);
    }
  })();
  // A test that fails before it asks for the answer says why itself.
  beating.catch(() => undefined);
  return async () => {
    isOn = false;
    await beating;
    for (const namespace of namespaces) await cluster.client.delete(ingressManifest(namespace, "beat"));
    return longest;
  };
}

test("from 1 to 3 to 2 shards while changes flow: nothing is lost, withdrawn, or said twice", async () => {
  let shards = await startShards(1);
  await quiet(cluster);
  const before = await churn.stableCauses(cluster);
  const namespaces = await Promise.all(
    Array.from({ length: 6 }, () => createNamespace(cluster.client, "beat")),
  );
  churn.start();
  const endBeat = startBeat(namespaces);
  for (const count of [3, 2]) {
    await sleep(3_000);
    // The new shards lead beside the old ones, whose Leases have other names, before the old ones stop.
    const next = await startShards(count);
    await sleep(2_000);
    for (const old of shards) expect(await old.stop()).toEqual({ code: 0, signal: null });
    shards = next;
  }
  await sleep(3_000);
  expect(await endBeat()).toBeLessThan(PATIENCE_MS);
  await churn.stop();
  await quiet(cluster);
  expect(await churn.lost(cluster)).toEqual([]);
  expect(await churn.repeated(cluster)).toEqual([]);
  expect(await churn.stableCauses(cluster)).toEqual(before);
  expect(lateWrites(cluster)).toEqual([]);
  await expectDivided(shards);
  await fleet.stop();
}, 240_000);

test("from 2 to 3 to 1 shards in place, as a StatefulSet does it, loses nothing and says nothing twice", async () => {
  const shards = new Map((await startShards(2)).map((shard, index) => [index, shard]));
  await quiet(cluster);
  const before = await churn.stableCauses(cluster);
  churn.start();
  for (const count of [3, 1]) {
    const olds = [...shards].reverse();
    for (let index = shards.size; index < count; index += 1)
      shards.set(index, await startShard(index, count));
    for (const [index, old] of olds) {
      await sleep(1_000);
      await old.stop();
      if (index < count) shards.set(index, await startShard(index, count));
      else shards.delete(index);
    }
  }
  await churn.stop();
  await quiet(cluster);
  expect(await churn.lost(cluster)).toEqual([]);
  expect(await churn.repeated(cluster)).toEqual([]);
  expect(await churn.stableCauses(cluster)).toEqual(before);
  await fleet.stop();
}, 240_000);

test("a shard holds its own namespaces only, and two replicas of it hand over like any others", async () => {
  const shards = await startShards(3);
  await quiet(cluster);
  await expectDivided(shards);
  const held = await Promise.all(
    shards.map((shard) => shard.metric('ingress_doctor_watch_objects{kind="diagnoses"}')),
  );
  expect(held.reduce((sum, count) => sum + count, 0)).toBe(churn.all.length);
  for (const [index, shard] of shards.entries()) {
    expect(await shard.metric("ingress_doctor_shards")).toBe(3);
    expect(await shard.metric(`ingress_doctor_shard_info{shard="${index}"}`)).toBe(1);
    expect(await shard.metric('ingress_doctor_watch_objects{kind="ingresses"}')).toBe(churn.all.length);
  }
  const [, second] = shards;
  const standby = await fleet.start("--shards", "3", "--shard", "1");
  expect(standby.logged("diagnosing")).toEqual([]);
  await second?.kill();
  await waitFor(() => standby.logged("diagnosing").length > 0, { timeoutMs: 30_000, what: "a takeover" });
  const [namespace = ""] = ownedNamespaces(1, 3);
  await cluster.client.apply(serviceManifest(namespace, "stranger"));
  await eventually(async () => expect(await exportedNamespaces(standby)).toEqual(ownedNamespaces(1, 3)));
  // Nobody wrote what another shard owns.
  for (const [index, shard] of shards.entries()) {
    const written = new Set(writesOf(cluster, shard).map((entry) => entry.namespace ?? ""));
    expect([...written].filter((name) => shardOf(name, 3) !== index)).toEqual([]);
  }
  await fleet.stop();
}, 120_000);
