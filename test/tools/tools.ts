import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { cacheFolder } from "./cache-folder.ts";

/** A program that only tests need, and what brings it. */
type Source =
  | { readonly module: `${string}@v${string}` }
  /** Debian package; where apt-get cannot be used the user is told what to install. */
  | { readonly debian: string };

const TOOLS = {
  helm: { module: "helm.sh/helm/v4/cmd/helm@v4.3.1" },
  "kube-score": { module: "github.com/zegl/kube-score/cmd/kube-score@v1.20.0" },
  promtool: { debian: "prometheus" },
  prometheus: { debian: "prometheus" },
  chromium: { debian: "chromium" },
  buildah: { debian: "buildah" },
  podman: { debian: "podman" },
  runc: { debian: "runc" },
} as const satisfies Readonly<Record<string, Source>>;

export type ToolName = keyof typeof TOOLS;

/**
 * Absolute path of a tool, installed when it is missing: Go modules into the cache folder, Debian packages by apt-get
 * for root. Throws one line that says what to install where neither is possible.
 *
 * A Go tool found in PATH is not used: its version would not be the pinned one.
 */
export function locateTool(name: ToolName): string {
  const source: Source = TOOLS[name];
  return "module" in source ? goTool(name, source.module) : debianTool(name, source.debian);
}

function goTool(name: string, module: string): string {
  const directory = join(cacheFolder("tools"), module.slice(module.lastIndexOf("/") + 1));
  const path = join(directory, name);
  if (existsSync(path)) return path;
  mkdirSync(directory, { recursive: true });
  console.error(`Building ${module} (once; minutes).`);
  run(
    "go",
    ["install", module],
    { GOBIN: directory, GOFLAGS: "", CGO_ENABLED: "0" },
    `install Go 1.26 or newer`,
  );
  return path;
}

function debianTool(name: string, debianPackage: string): string {
  const found = inPath(name);
  if (found !== undefined) return found;
  const remedy = `apt-get install -y --no-install-recommends ${debianPackage}`;
  if (process.getuid?.() !== 0 || inPath("apt-get") === undefined) {
    throw new Error(`${name} is missing and only tests need it; install it, on Debian by: ${remedy}`);
  }
  console.error(`Installing ${debianPackage} (once).`);
  run("apt-get", ["update", "-q"], {}, remedy);
  run("apt-get", ["install", "-y", "-q", "--no-install-recommends", debianPackage], {}, remedy);
  const path = inPath(name);
  if (path === undefined) throw new Error(`${debianPackage} was installed and brought no ${name}`);
  return path;
}

function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv, remedy: string): void {
  const result = spawnSync(program, args, {
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive", ...env },
    encoding: "utf8",
    cwd: "/",
  });
  if (result.status === 0) return;
  const detail = result.error?.message ?? result.stderr.trim().split("\n").slice(-5).join("\n");
  throw new Error(`${program} ${args.join(" ")} failed; by hand: ${remedy}\n${detail}`);
}

/** First file of that name in the folders of PATH. */
export function inPath(name: string): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** Installs what is named, else everything, so that no test waits for it, and prints the paths. */
if (import.meta.main) {
  const asked = process.argv.slice(2);
  try {
    for (const name of Object.keys(TOOLS) as ToolName[]) {
      if (asked.length === 0) console.log(`${name}: ${locateTool(name)}`);
      else if (asked.includes(name)) console.log(locateTool(name));
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
