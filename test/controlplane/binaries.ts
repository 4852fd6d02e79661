import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "../tools/cache-folder.ts";
import { buildBinaries, goVersion, isDirectoryComplete, type Report } from "./build-binaries.ts";

/** Absolute paths of the programs of one control plane. */
export interface Binaries {
  readonly directory: string;
  readonly etcd: string;
  readonly kubeApiserver: string;
  readonly kubeControllerManager: string;
  /** Absent only in a `KUBEBUILDER_ASSETS` folder without it. */
  readonly kubectl: string | undefined;
}

/**
 * Locates the control plane's programs, building them once when no cache has them.
 *
 * Order: the folder named by `KUBEBUILDER_ASSETS`; the cache; a build from the Go modules pinned beside this
 * file, reported line by line. Throws one clear line when none of the three is possible.
 */
export async function locateBinaries(report: Report = () => {}): Promise<Binaries> {
  const assets = process.env.KUBEBUILDER_ASSETS;
  if (assets !== undefined && assets !== "") return binariesOf(assets);
  const version = goVersion();
  const directory =
    version === undefined ? cachedWithoutGo() : join(cacheFolder("controlplane"), cacheKey(version));
  if (!isDirectoryComplete(directory)) await buildBinaries(directory, report);
  return binariesOf(directory);
}

function binariesOf(directory: string): Binaries {
  const required = ["etcd", "kube-apiserver", "kube-controller-manager"].map((name) => join(directory, name));
  const missing = required.filter((path) => !existsSync(path));
  if (missing.length > 0) {
    // Mixing in a binary of our own would pair a controller manager with an older API server, which is unsupported.
    throw new Error(
      `KUBEBUILDER_ASSETS=${directory} lacks ${missing.join(", ")}; ` +
        "add it, or unset the variable to have the pinned control plane built.",
    );
  }
  const [etcd = "", kubeApiserver = "", kubeControllerManager = ""] = required;
  const kubectl = join(directory, "kubectl");
  return {
    directory,
    etcd,
    kubeApiserver,
    kubeControllerManager,
    kubectl: existsSync(kubectl) ? kubectl : undefined,
  };
}

function cacheKey(version: string): string {
  return `${modulePrefix()}${version}`;
}

/** What the binaries are made of, and the platform; the version of Go that made them follows. */
function modulePrefix(): string {
  const hash = createHash("sha256");
  for (const file of ["go.mod", "go.sum"]) {
    hash.update(readFileSync(join(import.meta.dirname, file)));
  }
  return `${hash.digest("hex").slice(0, 12)}-${process.platform}-${process.arch}-`;
}

/** A machine without Go may still use what any Go built from the same module. */
function cachedWithoutGo(): string {
  const root = cacheFolder("controlplane");
  const entries = existsSync(root) ? readdirSync(root) : [];
  const found = entries.find(
    (name) => name.startsWith(modulePrefix()) && isDirectoryComplete(join(root, name)),
  );
  if (found === undefined) {
    throw new Error(
      "Go 1.26 or newer is needed to build the test control plane once, and no `go` was found in PATH; " +
        "install Go, or set KUBEBUILDER_ASSETS to a folder with etcd, kube-apiserver and kube-controller-manager.",
    );
  }
  return join(root, found);
}

if (import.meta.main) {
  try {
    const binaries = await locateBinaries((line) => console.log(line));
    console.log(`Control plane binaries: ${binaries.directory}`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
