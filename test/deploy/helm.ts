import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { Manifest } from "../controlplane/kube-object.ts";
import { parseManifests } from "../controlplane/manifests.ts";
import { locateTool } from "../tools/tools.ts";

/** Folder of the chart that is shipped. */
export const CHART = join(import.meta.dirname, "../../charts/ingress-doctor");

/** Name and namespace in which a chart is installed. */
export interface Release {
  readonly name: string;
  readonly namespace: string;
}

/** The release of the documentation. */
export const RELEASE: Release = { name: "ingress-doctor", namespace: "ingress-doctor" };

/** Values of a chart, as a values file holds them. */
export type Values = Readonly<Record<string, unknown>>;

/** How a run of helm ended. */
export interface HelmRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the pinned helm with nothing of the user's own configuration; `values` become a values file. */
export async function helm(args: readonly string[], values: Values = {}): Promise<HelmRun> {
  const home = mkdtempSync(join(tmpdir(), "ingress-doctor-helm-"));
  try {
    const file = join(home, "values.json");
    writeFileSync(file, JSON.stringify(values));
    const all = Object.keys(values).length === 0 ? args : [...args, "--values", file];
    return await run(all, {
      PATH: process.env.PATH,
      HOME: home,
      HELM_CACHE_HOME: home,
      HELM_CONFIG_HOME: home,
      HELM_DATA_HOME: home,
    });
  } finally {
    rmSync(home, { recursive: true });
  }
}

/** Not `spawnSync`: while helm waits for pods, this process acts as their kubelet. */
async function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<HelmRun> {
  const child = spawn(locateTool("helm"), args, { env, stdio: ["ignore", "pipe", "pipe"] });
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  return { status, stdout, stderr };
}

/** Standard output of a run that must succeed; rejects with what helm said otherwise. */
export async function helmOutput(args: readonly string[], values?: Values): Promise<string> {
  const { status, stdout, stderr } = await helm(args, values);
  if (status === 0) return stdout;
  throw new Error(`helm ${args.join(" ")} ended with ${status}: ${stderr}`);
}

/** What `helm template` prints for `values`. */
export function renderText(values: Values = {}, release: Release = RELEASE, chart = CHART): Promise<string> {
  return helmOutput(["template", release.name, chart, "--namespace", release.namespace], values);
}

/** The objects of a release with `values`. */
export async function renderChart(values?: Values, release?: Release): Promise<Manifest[]> {
  return parseManifests(await renderText(values, release));
}

/** The only object of a kind among `manifests`. */
export function only<T extends Manifest>(manifests: readonly Manifest[], kind: string): T {
  const [found, other] = manifests.filter((manifest) => manifest.kind === kind);
  if (found === undefined || other !== undefined) throw new Error(`there is not exactly one ${kind}`);
  return found as T;
}
