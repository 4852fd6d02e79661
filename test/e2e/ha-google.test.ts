import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually } from "../controlplane/eventually.ts";
import { Fleet, ownWrites, QUICK_LEASE, quiet } from "./availability/fleet.ts";
import {
  type EmulatedCluster,
  INGRESS,
  NAMESPACE,
  SERVICE,
  startEmulatedCluster,
} from "./google/emulated-cluster.ts";
import type { Cluster } from "./reconciler/cluster.ts";

let emulated: EmulatedCluster;
let cluster: Cluster;
let fleet: Fleet;

beforeAll(async () => {
  emulated = await startEmulatedCluster();
  ({ cluster } = emulated);
  fleet = new Fleet(cluster, [...QUICK_LEASE, ...emulated.flags]);
});
afterAll(async () => {
  await fleet?.stop();
  await emulated?.stop();
});

/** Endpoints that Google calls unhealthy, as the published diagnosis counts them. */
async function unhealthy(): Promise<number | undefined> {
  const { backends = [] } = await cluster.status(NAMESPACE, INGRESS);
  return backends.find(({ service }) => service === SERVICE)?.endpoints.unhealthy;
}

test("a new leader withdraws nothing of what its predecessor had read from Google", async () => {
  await fleet.start();
  await fleet.start();
  await eventually(async () => expect(await unhealthy()).toBe(1), { timeoutMs: 60_000 });
  await quiet(cluster);
  const before = ownWrites(cluster);
  await fleet.failOver("SIGKILL");
  const successor = await fleet.leader();
  // It has looked at the Ingress, and read it from Google.
  await eventually(async () => {
    const metrics = await successor.page("metrics");
    expect(metrics).toMatch(new RegExp(`ingress_doctor_verdict\\{namespace="${NAMESPACE}"`));
  });
  await quiet(cluster);
  expect(ownWrites(cluster).slice(before.length)).toEqual([]);
  expect(await unhealthy()).toBe(1);
}, 180_000);
