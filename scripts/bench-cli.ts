/**
 * What one run of the built command line costs on a cluster with 1,000 Ingresses, 2,000 Services and 4,000 pods.
 *
 * Requests are counted by the API server's audit log, memory and CPU by the operating system. Times are printed as
 * ratio to a bare client that lists the same objects and parses them, because a machine is never as fast as another.
 * Run it with `npm run bench:cli`; making the cluster takes minutes.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readAuditLog } from "../test/controlplane/audit.ts";
import { TestClient } from "../test/controlplane/client.ts";
import type { ControlPlane } from "../test/controlplane/control-plane.ts";
import { writeServiceAccountKubeconfig } from "../test/controlplane/kubeconfig.ts";
import { SIZE, startBenchCluster } from "./bench-cli-cluster.ts";

const RUNS = 5;
const BUDGET = { requests: 12, megabytes: 200 };

/** Makes a process say at its end what it has used. */
const METER = `process.on("exit", () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  process.stderr.write("@" + JSON.stringify([maxRSS / 1024, (userCPUTime + systemCPUTime) / 1e6]));
});`;

const LISTS = [
  "networking.k8s.io/v1/Ingress",
  "v1/Service",
  "discovery.k8s.io/v1/EndpointSlice",
  "v1/Pod",
  "cloud.google.com/v1/BackendConfig",
] as const;

interface Cost {
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  readonly megabytes: number;
}

/** Runs a program with Node and answers what it cost; throws when it ends with another code than a diagnosis does. */
async function costOf(args: readonly string[]): Promise<Cost> {
  const begin = performance.now();
  const meter = `--import=data:text/javascript,${encodeURIComponent(METER)}`;
  const child = spawn(process.execPath, [meter, ...args], { stdio: ["ignore", "ignore", "pipe"] });
  let err = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text;
  });
  const code = await new Promise((resolve) => child.once("close", resolve));
  const [megabytes, cpuSeconds] = JSON.parse(err.slice(err.lastIndexOf("@") + 1));
  if (code !== 0 && code !== 1) throw new Error(err);
  return { wallSeconds: (performance.now() - begin) / 1_000, cpuSeconds, megabytes };
}

/** The middle one of several runs, figure by figure. */
async function medianOf(args: readonly string[]): Promise<Cost> {
  const costs: Cost[] = [];
  for (let run = 0; run <= RUNS; run += 1) costs.push(await costOf(args));
  // The first one fills the caches of disk and API server.
  const counted = costs.slice(1);
  const median = (figure: keyof Cost) =>
    counted.map((cost) => cost[figure]).toSorted((a, b) => a - b)[counted.length >> 1] ?? 0;
  return {
    wallSeconds: median("wallSeconds"),
    cpuSeconds: median("cpuSeconds"),
    megabytes: median("megabytes"),
  };
}

/** A user of its own, so that its requests can be told from those that made the cluster. */
const READER = { namespace: "default", name: "bench-reader" };

async function readerKubeconfig({ client, directory }: ControlPlane): Promise<string> {
  const rbac = "rbac.authorization.k8s.io";
  const metadata = { name: READER.name };
  const rules = [{ apiGroups: ["*"], resources: ["*"], verbs: ["list"] }];
  const roleRef = { apiGroup: rbac, kind: "ClusterRole", name: READER.name };
  const subjects = [{ kind: "ServiceAccount", ...READER }];
  await client.create({ apiVersion: "v1", kind: "ServiceAccount", metadata: READER });
  await client.create({ apiVersion: `${rbac}/v1`, kind: "ClusterRole", metadata, rules });
  await client.create({ apiVersion: `${rbac}/v1`, kind: "ClusterRoleBinding", metadata, roleRef, subjects });
  const kubeconfig = join(directory, "reader.kubeconfig");
  await writeServiceAccountKubeconfig(kubeconfig, client, READER);
  return kubeconfig;
}

function requestsOfReader({ auditLog }: ControlPlane): number {
  const user = `system:serviceaccount:${READER.namespace}:${READER.name}`;
  return readAuditLog(auditLog).filter((entry) => entry.user === user).length;
}

async function measure(controlPlane: ControlPlane, program: string): Promise<boolean> {
  const kubeconfig = await readerKubeconfig(controlPlane);
  const command = [program, "diagnose", "-A", "--google", "off", "--kubeconfig", kubeconfig];
  await costOf(command);
  const requests = requestsOfReader(controlPlane);
  const { url, ca, token } = controlPlane.connection;
  const connection = Buffer.from(JSON.stringify({ url, ca, token })).toString("base64");
  const [own, bare] = [await medianOf(command), await medianOf([import.meta.filename, connection])];
  console.log(`${SIZE.ingresses} Ingresses, ${SIZE.services} Services, ${SIZE.pods} pods, all namespaces:`);
  console.log(`requests: ${requests}  (budget ${BUDGET.requests})`);
  console.log(`peak memory: ${Math.round(own.megabytes)} MB  (budget ${BUDGET.megabytes} MB)`);
  console.log(`CPU: ${ratio(own.cpuSeconds, bare.cpuSeconds)} times a bare client's`);
  console.log(`wall: ${ratio(own.wallSeconds, bare.wallSeconds)} times a bare client's`);
  return requests <= BUDGET.requests && own.megabytes <= BUDGET.megabytes;
}

function ratio(own: number, bare: number): string {
  return `${(own / bare).toFixed(1)} (${own.toFixed(2)} s / ${bare.toFixed(2)} s)`;
}

/** The bare client, in a process of its own. */
async function listAll(connection: string): Promise<void> {
  const client = new TestClient(JSON.parse(Buffer.from(connection, "base64").toString()));
  await Promise.all(LISTS.map((kind) => client.list(kind)));
  process.exit(0);
}

async function build(folder: string): Promise<string> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "build.ts"), folder], {
    stdio: "inherit",
  });
  await new Promise((resolve) => child.once("close", resolve));
  return join(folder, "cli/main.js");
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "ingress-doctor-bench-"));
  const program = await build(join(folder, "app"));
  console.log("Making the cluster ...");
  const controlPlane = await startBenchCluster();
  try {
    process.exitCode = (await measure(controlPlane, program)) ? 0 : 1;
  } finally {
    await controlPlane.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

const [connection] = process.argv.slice(2);
await (connection === undefined ? main() : listAll(connection));
