import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually } from "../../controlplane/eventually.ts";
import { installGkeCrds } from "../../controlplane/gke/install.ts";
import { applyManifests } from "../../controlplane/manifests.ts";
import { putBackend, putFrontend, putHealth } from "../../gcp/compute-resources.ts";
import { ComputeEmulator } from "../../simulator/compute-api/emulator.ts";
import {
  type Cluster,
  deploymentManifest,
  ingressManifest,
  serviceManifest,
  startCluster,
} from "../reconciler/cluster.ts";

const emulator = new ComputeEmulator();
let cluster: Cluster;

/** Names that `compute-resources.ts` gives: Ingress `shop/ing-1`, Service `shop/web-1`. */
const [NAMESPACE, INGRESS, SERVICE] = ["shop", "ing-1", "web-1"];

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
  const flags = ["--google-endpoint", endpoint, "--google-project", "lab-project"];
  await (await cluster.startController(...flags)).ready();
});
afterAll(async () => {
  await cluster?.stop();
  await emulator.stop();
});

/** Endpoints of the Service's backend as the published diagnosis counts them. */
async function endpoints() {
  const { backends } = await cluster.status(NAMESPACE, INGRESS);
  return backends?.find(({ service }) => service === SERVICE)?.endpoints;
}

test("the diagnosis says what Google's probes find, and follows when that changes", async () => {
  await eventually(async () => expect(await endpoints()).toMatchObject({ healthy: 0, unhealthy: 1 }));
  putHealth(emulator.resources, 1, { state: "HEALTHY" });
  // Unhealthy endpoints are looked at every 20 seconds.
  await eventually(async () => expect(await endpoints()).toMatchObject({ healthy: 1, unhealthy: 0 }), {
    timeoutMs: 40_000,
  });
}, 60_000);
