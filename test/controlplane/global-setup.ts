import type { TestProject } from "vitest/node";
import { startControlPlane } from "./control-plane.ts";
import type { Connection } from "./kubeconfig.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** Administrator's connection to the control plane that the end-to-end tests share. */
    controlPlane: Connection;
  }
}

/** Starts one control plane for all end-to-end tests; each test file keeps to namespaces of its own. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const controlPlane = await startControlPlane({ report: (line) => console.log(line) });
  project.provide("controlPlane", controlPlane.connection);
  return () => controlPlane.stop();
}
