import type { TestProject } from "vitest/node";
import { startControlPlane } from "./control-plane.ts";
import { installDefaultBackend } from "./gke/install.ts";
import type { Connection } from "./kubeconfig.ts";
import { startKubelet } from "./kubelet.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** Administrator's connection to the control plane that the end-to-end tests share. */
    controlPlane: Connection;
  }
}

/**
 * Starts one control plane with three Nodes and GKE's default backend for all end-to-end tests.
 *
 * Each test file keeps to namespaces of its own. A test that must break the cluster itself (stop the API
 * server, remove a CRD) starts another one with `startControlPlane`.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const controlPlane = await startControlPlane({ report: (line) => console.log(line) });
  const kubelet = await startKubelet(controlPlane.client);
  await installDefaultBackend(controlPlane.client);
  project.provide("controlPlane", controlPlane.connection);
  return async () => {
    await kubelet.stop();
    await controlPlane.stop();
  };
}
