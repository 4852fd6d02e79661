import { installGkeCrds } from "../../controlplane/gke/install.ts";
import { applyManifests } from "../../controlplane/manifests.ts";
import { putBackend, putFrontend } from "../../gcp/compute-resources.ts";
import { ComputeEmulator } from "../../simulator/compute-api/emulator.ts";
import {
  type Cluster,
  deploymentManifest,
  ingressManifest,
  serviceManifest,
  startCluster,
} from "../reconciler/cluster.ts";

/** Names that `compute-resources.ts` gives: Ingress `shop/ing-1`, Service `shop/web-1`. */
export const [NAMESPACE, INGRESS, SERVICE] = ["shop", "ing-1", "web-1"] as const;

/** A cluster with one Ingress, and its load balancer in an emulator, whose only endpoint is unhealthy. */
export interface EmulatedCluster {
  readonly cluster: Cluster;
  readonly emulator: ComputeEmulator;
  /** Lead a controller to the emulator. */
  readonly flags: readonly string[];
  stop(): Promise<void>;
}

/** Starts cluster and emulator; no controller runs yet. */
export async function startEmulatedCluster(): Promise<EmulatedCluster> {
  const emulator = new ComputeEmulator();
  const cluster = await startCluster();
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
  const flags = ["--google-endpoint", await emulator.start(), "--google-project", "lab-project"];
  const stop = async () => {
    await cluster.stop();
    await emulator.stop();
  };
  return { cluster, emulator, flags, stop };
}
