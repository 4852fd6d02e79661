/**
 * What the built controller costs on a real API server: idle, and with 1,000 Ingresses, 2,000 Services with their
 * EndpointSlices, 4,000 pods and 1,000 BackendConfigs; quiet, and while pods come and go.
 *
 * Prints each figure with its budget and judges nothing, because times depend on the machine. Runs `dist/main.js`
 * with the permissions that are shipped, a Lease, and without Google. `--node=FLAGS` are Node's own: under the memory
 * limit of the chart it takes a heap of 256 MiB, and on a large machine it would leave garbage lying. Linux only.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { type AuditEntry, readAuditLog, writesBy } from "../test/controlplane/audit.ts";
import type { TestClient } from "../test/controlplane/client.ts";
import { type ControlPlane, startControlPlane } from "../test/controlplane/control-plane.ts";
import { eventually, waitFor } from "../test/controlplane/eventually.ts";
import { follow } from "../test/controlplane/follow.ts";
import type { KubeObject, Manifest } from "../test/controlplane/kube-object.ts";
import { writeServiceAccountKubeconfig } from "../test/controlplane/kubeconfig.ts";
import { applyManifests, parseManifests } from "../test/controlplane/manifests.ts";
import { fillBenchCluster, inTurns, replacePod, SIZE } from "./bench-cli-cluster.ts";
import { type LoopDelay, MeasuredController } from "./measured-controller.ts";

const ROOT = join(import.meta.dirname, "..");
const CONTROLLER = join(ROOT, "dist/main.js");
const ACCOUNT = { namespace: "ingress-doctor", name: "ingress-doctor" };
const USER = `system:serviceaccount:${ACCOUNT.namespace}:${ACCOUNT.name}`;
const DIAGNOSIS = "ingressdoctor.dev/v1alpha1/IngressDiagnosis";

/** Kinds that a controller lists, and so must the bare client it is compared with. */
const LISTED_KINDS = [
  "networking.k8s.io/v1/Ingress",
  "v1/Service",
  "discovery.k8s.io/v1/EndpointSlice",
  "v1/Pod",
  "v1/Node",
  "cloud.google.com/v1/BackendConfig",
] as const;

const MINUTE_MS = 60_000;
const SETTLE_MS = 10_000;
const WRITE_TIMEOUT_MS = 300_000;
const PODS_PER_MINUTE = 500;
const QUIET = "quiet minute";

interface Diagnosis extends KubeObject {
  readonly status?: { readonly verdict: string };
}

function print(what: string, measured: string, budget?: string): void {
  console.log(`${what.padEnd(58)} ${measured}${budget === undefined ? "" : `  (budget ${budget})`}`);
}

const { values: options } = parseArgs({
  options: { node: { type: "string", default: "--max-old-space-size=256" } },
});
if (!existsSync(CONTROLLER)) throw new Error("dist/main.js is missing; run `npm run build` first");
const controlPlane = await startControlPlane({ audit: true, controllers: ["endpointslice-controller"] });
try {
  await install(controlPlane.client);
  await measureEmpty(controlPlane);
  await fillBenchCluster(controlPlane.client);
  await measureFull(controlPlane);
} finally {
  await controlPlane.stop();
}

async function install(client: TestClient): Promise<void> {
  for (const file of ["crds/ingressdiagnoses.ingressdoctor.dev.yaml", "rbac.yaml"]) {
    await applyManifests(client, parseManifests(readFileSync(join(ROOT, "deploy", file), "utf8")));
  }
  await eventually(() => client.list(DIAGNOSIS), { what: "the resource IngressDiagnosis" });
}

async function startController({ client, directory }: ControlPlane): Promise<MeasuredController> {
  const kubeconfig = join(directory, "ingress-doctor.kubeconfig");
  await writeServiceAccountKubeconfig(kubeconfig, client, ACCOUNT);
  const flags = options.node.split(" ");
  return new MeasuredController(
    [...flags, CONTROLLER, "--kubeconfig", kubeconfig, "--google=off"],
    directory,
  );
}

async function measureEmpty(target: ControlPlane): Promise<void> {
  const controller = await startController(target);
  const startMs = await controller.diagnosing();
  await sleep(SETTLE_MS);
  const { memoryMb, cpuMs } = controller.usage;
  await controller.stop();
  print("empty cluster: process start to diagnosing", `${startMs.toFixed(0)} ms`, "1000 ms");
  print("empty cluster: resident memory", mib(memoryMb));
  print("empty cluster: CPU until 10 s after the start", `${cpuMs} ms`);
}

async function measureFull(target: ControlPlane): Promise<void> {
  const controller = await startController(target);
  const writtenMs = await allWritten(target.client, controller);
  const { peakMb, cpuMs } = controller.usage;
  const delay = await controller.loopDelay();
  await untilQuiet(target);
  const { memoryMb } = controller.usage;
  const diagnoses = await target.client.list<Diagnosis>(DIAGNOSIS);
  print("1,000 Ingresses: process start to the last status", `${writtenMs.toFixed(0)} ms`);
  print("1,000 Ingresses: CPU until then", `${cpuMs} ms`);
  print("1,000 Ingresses: resident memory then at most, and later", `${mib(peakMb)}, ${mib(memoryMb)}`);
  print("1,000 Ingresses: event loop delay p99, max, at the start", delays(delay), "50 ms, 250 ms at 10,000");
  print("1,000 Ingresses: verdicts", verdicts(diagnoses));
  await measureMinute(QUIET, target, controller, () => sleep(MINUTE_MS));
  await measureMinute(`${PODS_PER_MINUTE} pods replaced in a minute`, target, controller, () =>
    churn(target.client),
  );
  print("1,000 Ingresses: resident memory after that", mib(controller.usage.memoryMb));
  await controller.stop();
  const bareMs = await writeBarely(target.client, diagnoses);
  print("the same lists and writes by a bare client", `${bareMs.toFixed(0)} ms`);
  print("controller, start included, against it", `${(writtenMs / bareMs).toFixed(2)} x`, "1.3 x at 10,000");
}

function mib(value: number): string {
  return `${value.toFixed(0)} MiB`;
}

function delays({ p99Ms, maxMs }: LoopDelay): string {
  return `${p99Ms.toFixed(0)} ms, ${maxMs.toFixed(0)} ms`;
}

/** Waits until every Ingress has a status, and answers after how many milliseconds of the controller's life. */
async function allWritten(client: TestClient, controller: MeasuredController): Promise<number> {
  const done = new Set<string>();
  const abort = new AbortController();
  const { promise: all, resolve } = Promise.withResolvers<void>();
  const note = ({ object }: { object: KubeObject }) => {
    const { metadata, status } = object as Diagnosis;
    if (status !== undefined) done.add(`${metadata.namespace}/${metadata.name}`);
    if (done.size === SIZE.ingresses) resolve();
  };
  const following = follow(client, DIAGNOSIS, note, { signal: abort.signal });
  const late = sleep(WRITE_TIMEOUT_MS, undefined, { ref: false }).then(() => {
    throw new Error(`only ${done.size} statuses were written`);
  });
  await Promise.race([all, late]);
  const took = performance.now() - controller.startedAt;
  abort.abort();
  await following;
  return took;
}

/** Requests of the controller that came in from `since` on, in epoch milliseconds. */
function requestsSince(since: number, { auditLog }: ControlPlane): AuditEntry[] {
  return readAuditLog(auditLog).filter(({ user, receivedAt }) => user === USER && receivedAt >= since);
}

function writesAmong(requests: readonly AuditEntry[]): AuditEntry[] {
  return writesBy(USER, requests).filter(({ resource }) => resource !== "leases");
}

/** The Events of the first diagnoses are sent slowly, after the statuses. */
async function untilQuiet(target: ControlPlane): Promise<void> {
  const isQuiet = async () => {
    const since = Date.now();
    await sleep(SETTLE_MS);
    return writesAmong(requestsSince(since, target)).length === 0;
  };
  await waitFor(isQuiet, { timeoutMs: WRITE_TIMEOUT_MS, what: "a cluster in which nothing is written" });
}

async function measureMinute(
  name: string,
  target: ControlPlane,
  controller: MeasuredController,
  work: () => Promise<void>,
): Promise<void> {
  await controller.loopDelay();
  const [since, from, before] = [Date.now(), performance.now(), controller.usage];
  await work();
  const elapsedMs = performance.now() - from;
  const cpu = (controller.usage.cpuMs - before.cpuMs) / elapsedMs;
  const delay = await controller.loopDelay();
  const requests = requestsSince(since, target);
  const lists = requests.filter(({ verb }) => verb === "list");
  const perSecond = (requests.length * 1_000) / elapsedMs;
  const quiet = (budget: string) => (name === QUIET ? budget : undefined);
  print(`${name}: requests a second`, perSecond.toFixed(2), quiet("0.6"));
  print(`${name}: writes, lists`, `${writesAmong(requests).length}, ${lists.length}`, quiet("0, 0"));
  print(`${name}: CPU`, `${(100 * cpu).toFixed(1)} % of a core`, "10 %");
  print(`${name}: event loop delay p99, max`, delays(delay), "50 ms, 250 ms");
}

/** Replaces pods evenly over a minute; on a machine that cannot keep up it takes longer. */
async function churn(client: TestClient): Promise<void> {
  const start = performance.now();
  const replacements: Promise<void>[] = [];
  for (let index = 0; index < PODS_PER_MINUTE; index++) {
    replacements.push(replacePod(client, index));
    const due = start + ((index + 1) * MINUTE_MS) / PODS_PER_MINUTE;
    await sleep(Math.max(0, due - performance.now()));
  }
  await Promise.all(replacements);
}

/** Lists what a controller lists and writes `diagnoses` anew with nothing else to do, and answers how long that took. */
async function writeBarely(client: TestClient, diagnoses: readonly Diagnosis[]): Promise<number> {
  for (const namespace of new Set(diagnoses.map(({ metadata }) => metadata.namespace))) {
    await client.request("DELETE", await client.path(DIAGNOSIS, namespace));
  }
  const start = performance.now();
  await Promise.all(LISTED_KINDS.map((kind) => client.list(kind)));
  await inTurns(diagnoses, async ({ apiVersion, kind, metadata: { namespace, name }, status }) => {
    const manifest = { apiVersion, kind, metadata: { namespace, name } } as Manifest;
    await client.apply(manifest);
    await client.applyStatus({ ...manifest, status } as Manifest);
  });
  return performance.now() - start;
}

function verdicts(diagnoses: readonly Diagnosis[]): string {
  const counts = new Map<string, number>();
  for (const { status } of diagnoses) {
    const verdict = status?.verdict ?? "none";
    counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  }
  return [...counts].map(([verdict, count]) => `${count} ${verdict}`).join(", ");
}
