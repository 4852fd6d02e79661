import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "vitest";

const SHARED = join(import.meta.dirname, "..", "..", "..", "shared");

/** Path below the optional folder of reference data that lies beside the repository. */
export function sharedPath(...parts: string[]): string {
  return join(SHARED, ...parts);
}

/** Whether that folder has `parts`. */
export function hasShared(...parts: string[]): boolean {
  return existsSync(sharedPath(...parts));
}

/**
 * `describe` for tests that need the reference data.
 *
 * Without the data they are skipped with one line; in CI (`CI=true`) its absence is a failure, so that the
 * tests cannot vanish unnoticed.
 */
export function describeWithShared(name: string, tests: () => void): void {
  if (hasShared()) {
    describe(name, tests);
    return;
  }
  if (process.env.CI === "true")
    throw new Error(`${name}: ${SHARED} is missing, and CI may not skip what needs it.`);
  console.log(`Skipped "${name}": it needs reference data in ${SHARED}.`);
  // The body reads the data while tests are collected, so it must not run.
  describe.skip(name, () => it("needs the reference data", () => {}));
}
