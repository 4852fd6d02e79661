import { spawnSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { DemoCluster, NAMESPACE } from "./demo-cluster.ts";
import { awaitEvent, describeIngress } from "./describe-ingress.ts";
import { differences, EXPECTATIONS, type Expectation } from "./expectations.ts";

const DIAGNOSIS = "ingressdoctor.dev/v1alpha1/IngressDiagnosis";
const VERDICT_TIMEOUT_MS = 15_000;

/** The example that is looked at closely, and the one that is repaired. */
const DESCRIBED = "checkout";
const REPAIRED = "reviews";

const print = (text: string) => void process.stdout.write(`${text}\n`);

/** Runs one step and says how long it took. */
async function step<T>(label: string, run: () => Promise<T>): Promise<T> {
  const started = performance.now();
  process.stdout.write(`${label} ... `);
  const value = await run();
  print(seconds(started));
  return value;
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1_000).toFixed(1)} s`;
}

async function demo(cluster: DemoCluster): Promise<void> {
  await step("Installing GKE's CRDs and Ingress Doctor's CRD and permissions", () => cluster.install());
  await step("Applying examples/ and making them one hour old", () => cluster.applyExamples());
  await step("Running Ingress Doctor with its ServiceAccount's permissions", async () => {
    await cluster.startController();
    await awaitVerdicts(cluster, EXPECTATIONS);
  });
  await printTable(cluster);
  await checkVerdicts(cluster, EXPECTATIONS);
  print(`\n$ kubectl describe ingress ${DESCRIBED} -n ${NAMESPACE}`);
  const described = { name: DESCRIBED, namespace: NAMESPACE };
  await awaitEvent(cluster.client, described, "ingress-doctor");
  print(await describeIngress(cluster.client, described));
  await repair(cluster);
}

async function printTable(cluster: DemoCluster): Promise<void> {
  print("\n$ kubectl get ingressdiagnosis -A");
  print(await cluster.client.printTable(DIAGNOSIS));
}

/** Waits until the stored diagnoses are as expected, but not for ever. */
async function awaitVerdicts(cluster: DemoCluster, expectations: readonly Expectation[]): Promise<void> {
  const deadline = performance.now() + VERDICT_TIMEOUT_MS;
  while (performance.now() < deadline) {
    if (differences(expectations, await cluster.diagnoses()).length === 0) return;
    await sleep(100);
  }
}

async function checkVerdicts(cluster: DemoCluster, expectations: readonly Expectation[]): Promise<void> {
  const different = differences(expectations, await cluster.diagnoses());
  if (different.length > 0) throw new Error(`unexpected diagnoses\n  ${different.join("\n  ")}`);
}

/** Runs the command that the diagnosis suggests and waits until the verdict has turned. */
async function repair(cluster: DemoCluster): Promise<void> {
  const diagnoses = await cluster.diagnoses();
  const status = diagnoses.find(({ metadata }) => metadata.name === REPAIRED)?.status;
  const fix = status?.findings.find(({ code }) => code === status.cause?.code)?.fix;
  if (fix?.command === undefined) throw new Error(`the cause of ${REPAIRED} comes without a command`);
  print(`\nWhat Ingress Doctor says about ${REPAIRED}:`);
  print(`  ${status?.summary}\n  Fix: ${fix.summary}`);
  if (cluster.kubectl === undefined) {
    print(`\nThe folder of KUBEBUILDER_ASSETS has no kubectl, so this is not run:\n  ${fix.command}`);
    return;
  }
  print(`\n$ ${fix.command}`);
  print(runShell(fix.command, cluster));
  const healthy = { file: "", ingress: REPAIRED, verdict: "Healthy", symptom: "none", cause: undefined };
  await awaitVerdicts(cluster, [healthy]);
  await printTable(cluster);
  await checkVerdicts(cluster, [healthy]);
}

/** Runs a command as the administrator's shell would, with kubectl in its path. */
function runShell(command: string, { kubectl = "", kubeconfig }: DemoCluster): string {
  const path = `${kubectl.slice(0, kubectl.lastIndexOf("/"))}:${process.env.PATH}`;
  const env = { ...process.env, PATH: path, KUBECONFIG: kubeconfig };
  const { status, stdout, stderr } = spawnSync("sh", ["-c", command], { env, encoding: "utf8" });
  if (status !== 0) throw new Error(`the suggested command failed: ${stderr.trim()}`);
  return stdout.trim();
}

/** Says how to look around, and waits for Ctrl-C. */
async function keepRunning(cluster: DemoCluster, interrupted: Promise<void>): Promise<void> {
  print("\nThe cluster stays up until Ctrl-C. In another terminal:");
  print(`  export KUBECONFIG=${cluster.kubeconfig}`);
  if (cluster.kubectl !== undefined) print(`  alias kubectl=${cluster.kubectl}`);
  print(`  kubectl get ingressdiagnosis -n ${NAMESPACE} -o wide`);
  print(`  kubectl describe ingressdiagnosis cart -n ${NAMESPACE}`);
  const alive = setInterval(() => {}, 60_000);
  await interrupted;
  clearInterval(alive);
}

async function main(keep: boolean): Promise<number> {
  const started = performance.now();
  const interrupted = new Promise<void>((resolve) => {
    process.once("SIGINT", resolve).once("SIGTERM", resolve);
  });
  let cluster: DemoCluster | undefined;
  try {
    cluster = await step("Starting etcd, the Kubernetes API server and its controllers", () =>
      DemoCluster.start((line) => print(`\n${line}`)),
    );
    await Promise.race([
      demo(cluster),
      interrupted.then(() => Promise.reject(new Error("it was interrupted"))),
    ]);
    print(`\nAll ${EXPECTATIONS.length} examples were diagnosed as expected, in ${seconds(started)}.`);
    if (keep) await keepRunning(cluster, interrupted);
    return 0;
  } catch (error) {
    print(`\nThe demo failed: ${error instanceof Error ? error.message : error}`);
    return 1;
  } finally {
    await cluster?.stop();
  }
}

const { values } = parseArgs({ options: { keep: { type: "boolean", default: false } } });
process.exit(await main(values.keep));
