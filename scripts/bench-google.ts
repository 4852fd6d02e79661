/**
 * What the Google Cloud adapter costs a controller that has no credentials, and one that reads an emulator:
 * time until it diagnoses, CPU time and memory, each as a ratio to a controller with `--google=off`.
 *
 * Runs `dist/main.js` against a real API server, with the kinds of runs in turn. Linux only.
 */
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { startControlPlane } from "../test/controlplane/control-plane.ts";
import { writeServiceAccountKubeconfig } from "../test/controlplane/kubeconfig.ts";
import { applyManifests, parseManifests } from "../test/controlplane/manifests.ts";
import { ServerProcess } from "../test/controlplane/server-process.ts";
import { putBackend, putFrontend } from "../test/gcp/compute-resources.ts";
import { ComputeEmulator } from "../test/simulator/compute-api/emulator.ts";
import { usageOf } from "./process-usage.ts";

const CONTROLLER = join(import.meta.dirname, "../dist/main.js");
const DEPLOY = join(import.meta.dirname, "../deploy");
const ACCOUNT = { namespace: "ingress-doctor", name: "ingress-doctor" };
const READY_TIMEOUT_MS = 60_000;

/** After it is ready: time for credentials to be looked for, and for the first reads. */
const SETTLE_MS = 5_000;

/** Load balancers that the emulator tells of. */
const BALANCERS = 200;

interface Figures {
  readonly startMs: number;
  readonly cpuMs: number;
  readonly memoryMb: number;
}

const { values } = parseArgs({ options: { runs: { type: "string", default: "5" } } });
if (!existsSync(CONTROLLER)) throw new Error("dist/main.js is missing; run `npm run build` first");
const emulator = new ComputeEmulator();
for (let index = 0; index < BALANCERS; index++) {
  putBackend(emulator.resources, index);
  putFrontend(emulator.resources, index);
}
const endpoint = await emulator.start();
const controlPlane = await startControlPlane();
try {
  for (const file of ["crds/ingressdiagnoses.ingressdoctor.dev.yaml", "rbac.yaml"]) {
    await applyManifests(controlPlane.client, parseManifests(readFileSync(join(DEPLOY, file), "utf8")));
  }
  const kubeconfig = join(controlPlane.directory, "ingress-doctor.kubeconfig");
  await writeServiceAccountKubeconfig(kubeconfig, controlPlane.client, ACCOUNT);
  const kinds = {
    "--google=off": ["--google=off"],
    "no credentials": [],
    emulator: [`--google-endpoint=${endpoint}`, "--google-project=lab-project"],
  };
  const figures: Record<string, Figures[]> = {};
  for (let run = 0; run < Number(values.runs); run++) {
    for (const [kind, flags] of Object.entries(kinds)) {
      const directory = join(controlPlane.directory, `${kind.replaceAll(/\W/g, "-")}-${run}`);
      mkdirSync(directory);
      const measured = await measure(directory, ["--kubeconfig", kubeconfig, ...flags]);
      figures[kind] = [...(figures[kind] ?? []), measured];
    }
  }
  print(figures);
} finally {
  await controlPlane.stop();
  await emulator.stop();
}

async function measure(directory: string, flags: readonly string[]): Promise<Figures> {
  const started = performance.now();
  const args = [CONTROLLER, "--listen=127.0.0.1:0", "--no-leader-elect", ...flags];
  const environment = { HOME: directory, GOOGLE_APPLICATION_CREDENTIALS: "" };
  const controller = new ServerProcess(process.execPath, args, directory, environment);
  try {
    const isReady = async () => readFileSync(controller.logFile, "utf8").includes('"diagnosing"');
    await controller.waitUntil(isReady, READY_TIMEOUT_MS);
    const startMs = performance.now() - started;
    await sleep(SETTLE_MS);
    return { startMs, ...usageOf(controller.pid) };
  } finally {
    await controller.kill("SIGTERM");
  }
}

function print(figures: Readonly<Record<string, readonly Figures[]>>): void {
  const base = figures["--google=off"] ?? [];
  for (const [kind, runs] of Object.entries(figures)) {
    const said = (["startMs", "cpuMs", "memoryMb"] as const).map((key) => {
      const [value, bare] = [median(runs.map((run) => run[key])), median(base.map((run) => run[key]))];
      return `${key} ${Math.round(value)} (${(value / bare).toFixed(2)} x)`;
    });
    console.log(`${kind}: ${said.join(", ")}`);
  }
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}
