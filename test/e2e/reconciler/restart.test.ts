import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventually } from "../../controlplane/eventually.ts";
import { installGkeCrds } from "../../controlplane/gke/install.ts";
import { applyManifests } from "../../controlplane/manifests.ts";
import { createNamespace } from "../../controlplane/namespace.ts";
import {
  type Cluster,
  DIAGNOSIS,
  deploymentManifest,
  ingressManifest,
  serviceManifest,
  startCluster,
} from "./cluster.ts";

const NAMES = Array.from({ length: 12 }, (_, index) => `web-${index}`);
const KILLS = 12;

let cluster: Cluster;
let namespace: string;

beforeAll(async () => {
  cluster = await startCluster();
  await installGkeCrds(cluster.client);
  namespace = await createNamespace(cluster.client, "restart");
  for (const name of NAMES) await applyManifests(cluster.client, [ingressManifest(namespace, name)]);
});
afterAll(() => cluster?.stop());

/** Statuses without their times, which are those of the moment at which something was seen. */
async function statuses(): Promise<Record<string, unknown>> {
  const entries = [...(await cluster.diagnoses())].map(([key, { status }]) => {
    const text = JSON.stringify(status, (name, value) => (name === "lastTransitionTime" ? undefined : value));
    return [key, JSON.parse(text ?? "null")];
  });
  return Object.fromEntries(entries);
}

/** Everything that is written down, times and versions included. */
async function versions(): Promise<string[]> {
  const diagnoses = [...(await cluster.diagnoses()).values()];
  const events = await cluster.events();
  return [...diagnoses, ...events]
    .map(({ metadata }) => `${metadata.name} ${metadata.resourceVersion}`)
    .sort();
}

/** Breaks and mends one Ingress after the other, a little different each time. */
async function churn(round: number): Promise<void> {
  for (const [index, name] of NAMES.entries()) {
    const service = serviceManifest(namespace, name);
    if ((round + index) % 3 === 0) await cluster.client.delete(service);
    else await applyManifests(cluster.client, [service, deploymentManifest(namespace, name)]);
    await sleep(5);
  }
}

test("whenever the controller is killed, the statuses end as they would have without", async () => {
  for (let round = 0; round < KILLS; round += 1) {
    const controller = await cluster.startController("--no-leader-elect");
    const churning = churn(round);
    // At every point of its life: while it starts, lists, diagnoses and writes.
    await sleep(300 + ((round * 397) % 2400));
    await controller.kill();
    await churning;
  }
  const survivor = await (await cluster.startController("--no-leader-elect")).ready();
  await survivor.idle();
  const afterKills = await statuses();
  await survivor.stop();

  for (const diagnosis of (await cluster.diagnoses()).values()) await cluster.client.delete(diagnosis);
  const undisturbed = await (await cluster.startController("--no-leader-elect")).ready();
  await eventually(async () => expect(Object.keys(await statuses())).toHaveLength(NAMES.length));
  await undisturbed.idle();
  expect(afterKills).toEqual(await statuses());
  await undisturbed.stop();
}, 240_000);

test("a restart writes nothing and says nothing twice", async () => {
  const first = await (await cluster.startController("--no-leader-elect")).ready();
  await first.idle();
  const before = await versions();
  expect(before.length).toBeGreaterThan(NAMES.length);
  await first.kill();
  for (let restart = 0; restart < 3; restart += 1) {
    const next = await (await cluster.startController("--no-leader-elect")).ready();
    await next.idle();
    await next.kill();
  }
  expect(await versions()).toEqual(before);
}, 120_000);

describe("with leader election", () => {
  test("SIGTERM hands the Lease over at once, and only the leader writes", async () => {
    const leader = await (await cluster.startController()).ready();
    const follower = await cluster.startController();
    await eventually(async () => expect(await follower.page("readyz")).toContain("ok caches"));
    expect(follower.logged("diagnosing")).toEqual([]);
    expect(await follower.metric("ingress_doctor_leader")).toBe(0);
    expect(await leader.stop()).toEqual({ code: 0, signal: null });
    await follower.ready();
    await applyManifests(cluster.client, [ingressManifest(namespace, "late")]);
    await eventually(() => cluster.status(namespace, "late"));
    expect(await follower.stop()).toEqual({ code: 0, signal: null });
  }, 60_000);

  test("after SIGKILL another process takes over when the Lease has expired", async () => {
    const leader = await (await cluster.startController()).ready();
    const follower = await cluster.startController();
    await eventually(async () => expect(await follower.page("readyz")).toContain("ok caches"));
    await leader.kill();
    await eventually(() => expect(follower.logged("diagnosing")).toHaveLength(1), { timeoutMs: 30_000 });
    await follower.stop();
  }, 90_000);

  test("a process that loses the Lease ends at once, not well", async () => {
    const controller = await (await cluster.startController()).ready();
    const lease = {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: { name: "ingress-doctor", namespace: "ingress-doctor" },
    };
    await cluster.client.patch(lease, { spec: { holderIdentity: "usurper" } });
    expect((await controller.exited).code).toBe(1);
    await cluster.client.delete(lease);
  }, 60_000);
});

test("a second SIGTERM ends the process at once", async () => {
  const controller = await (await cluster.startController("--no-leader-elect")).ready();
  controller.signal("SIGTERM");
  controller.signal("SIGTERM");
  const { code } = await controller.exited;
  // Should the first one have been quick enough, it was a clean stop.
  expect([0, 1]).toContain(code);
}, 60_000);

test("a diagnosis keeps its transition times over restarts", async () => {
  const before = await cluster.client.get(DIAGNOSIS, "web-0", namespace);
  const controller = await (await cluster.startController("--no-leader-elect")).ready();
  await controller.idle();
  await controller.stop();
  expect(await cluster.client.get(DIAGNOSIS, "web-0", namespace)).toEqual(before);
}, 60_000);
