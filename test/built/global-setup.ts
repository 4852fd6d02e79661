import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  export interface ProvidedContext {
    /** Folder of the program as it is shipped; undefined where tests run the sources. */
    builtProgram: string | undefined;
  }
}

/**
 * Builds the program for all end-to-end tests, so that they run what users run.
 *
 * The folder has no packages beside or above it, so anything that was not bundled is missed.
 */
export default function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), "ingress-doctor-built-"));
  const program = join(folder, "app");
  execFileSync(process.execPath, [join(import.meta.dirname, "../../scripts/build.ts"), program], {
    stdio: "inherit",
  });
  project.provide("builtProgram", program);
  return () => rmSync(folder, { recursive: true, force: true });
}
