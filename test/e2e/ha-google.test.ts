import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually } from "../controlplane/eventually.ts";
import { installGkeCrds } from "../controlplane/gke/install.ts";
import { applyManifests } from "../controlplane/manifests.ts";
import { putBackend, putFrontend } from "../gcp/compute-resources.ts";
import { ComputeEmulator } from "../simulator/compute-api/emulator.ts";
import { Fleet, ownWrites, QUICK_LEASE, quiet } from "./availability/fleet.ts";
import {
  type Cluster,
  deploymentManifest,
  ingressManifest,
  serviceManifest,
  startCluster,
} from "./reconciler/cluster.ts";

/** Names that `compute-resources.ts` gives. */
const [NAMESPACE, INGRESS, SERVICE] = ["shop", "ing-1", "web-1"];

const emulator = new ComputeEmulator();
let cluster: Cluster;
let fleet: Fleet;

beforeAll(async () => {
  cluster = await startCluster();
  await installGkeCrds(cluster.client);
  await applyManifests(cluster.client, [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } },
  ]);
  await applyManifests(cluster.client, [
    serviceManifest(NAMESPACE, SERVICE),
    deploymentManifest(NAMESPACE, SERVICE),
    ingressManifest(NAMESPACE, INGRESS, SERVICE),
  ]);
  putBackend(emulator.resources, 1, { state: "UNHEALTHY" });
  putFrontend(emulator.resources, 1);
  const endpoint = await emulator.start();
  const google = ["--google-endpoint", endpoint, "--google-project", "lab-project"];
  fleet = new Fleet(cluster, [...QUICK_LEASE, ...google]);
});
afterAll(async () => {
  await fleet?.stop();
  await cluster?.stop();
  await emulator.stop();
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
