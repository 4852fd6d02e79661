import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { bundle } from "./build-bundle.ts";

/**
 * Builds the controller and the command line into a folder, `dist` without an argument.
 *
 * The folder is complete: it runs with nothing but Node beside it. It is replaced as a whole, so that nobody who
 * runs from it meets half of a build.
 */
async function build(folder: string): Promise<void> {
  const files = await bundle();
  const next = `${folder}.next-${process.pid}`;
  const old = `${folder}.old-${process.pid}`;
  for (const { path, contents, executable } of files) {
    const target = join(next, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, contents, { mode: executable ? 0o755 : 0o644 });
  }
  renameIfThere(folder, old);
  renameSync(next, folder);
  rmSync(old, { recursive: true, force: true });
}

function renameIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}

try {
  await build(resolve(process.argv[2] ?? join(import.meta.dirname, "../dist")));
} catch (error) {
  // What esbuild rejects it has printed, with the place in the sources.
  if (!(error instanceof Error && "errors" in error)) throw error;
  process.exitCode = 1;
}
