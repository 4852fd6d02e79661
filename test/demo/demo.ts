import { execFile } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs, promisify } from "node:util";
import { waitFor } from "../controlplane/eventually.ts";
import { DemoCluster, NAMESPACE } from "./demo-cluster.ts";
import { awaitEvent, describeIngress } from "./describe-ingress.ts";
import { differences, EXPECTATIONS, type Expectation } from "./expectations.ts";

const DIAGNOSIS = "ingressdoctor.dev/v1alpha1/IngressDiagnosis";
const TIMEOUT_MS = 15_000;

/** The example that is looked at closely, and repaired. */
const EXAMPLE = { name: "checkout", namespace: NAMESPACE };
const HOST = `${EXAMPLE.name}.example.com`;

/** Tells what the pods of {@link EXAMPLE} answered; other Events may come before it. */
const CAUSE = "ProbeAnswers";

const execute = promisify(execFile);

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
  await ask(cluster, 502);
  await printTable(cluster);
  await checkVerdicts(cluster, EXPECTATIONS);
  print(`\n$ kubectl describe ingress ${EXAMPLE.name} -n ${NAMESPACE}`);
  await awaitEvent(cluster.client, EXAMPLE, CAUSE);
  print(await describeIngress(cluster.client, EXAMPLE));
  await repair(cluster);
}

/** In a pipe its absence would look like a load balancer that never answers. */
async function requireCurl(): Promise<void> {
  await execute("curl", ["--version"]).catch(() =>
    Promise.reject(new Error("curl is missing: install curl")),
  );
}

/** Shows what the load balancer of the example answers, once that is the wanted status. */
async function ask(cluster: DemoCluster, wanted: number): Promise<void> {
  const command = `curl -si -H 'Host: ${HOST}' ${await cluster.urlOf(EXAMPLE.name)}/ | head -1`;
  const isWanted = async () => (await runShell(command, cluster)).includes(` ${wanted} `);
  await waitFor(isWanted, { what: `the answer ${wanted} of ${HOST}`, timeoutMs: TIMEOUT_MS });
  await run(command, cluster);
}

async function printTable(cluster: DemoCluster): Promise<void> {
  print("\n$ kubectl get ingressdiagnosis -A");
  print(await cluster.client.printTable(DIAGNOSIS));
}

/** Waits until the stored diagnoses are as expected, but not for ever. */
async function awaitVerdicts(cluster: DemoCluster, expectations: readonly Expectation[]): Promise<void> {
  const deadline = performance.now() + TIMEOUT_MS;
  while (performance.now() < deadline) {
    if (differences(expectations, await cluster.diagnoses()).length === 0) return;
    await sleep(100);
  }
}

async function checkVerdicts(cluster: DemoCluster, expectations: readonly Expectation[]): Promise<void> {
  const different = differences(expectations, await cluster.diagnoses());
  if (different.length > 0) throw new Error(`unexpected diagnoses\n  ${different.join("\n  ")}`);
}

/** Runs the command that the diagnosis suggests and waits until requests are answered and the verdict has turned. */
async function repair(cluster: DemoCluster): Promise<void> {
  const { name } = EXAMPLE;
  const path = "{.status.findings[0].fix.command}";
  const command = await run(
    `kubectl get ingressdiagnosis ${name} -n ${NAMESPACE} -o jsonpath='${path}'`,
    cluster,
  );
  await run(command, cluster);
  await ask(cluster, 200);
  await awaitRepair(cluster);
  await printTable(cluster);
}

/** Google takes minutes to bring a change to all its front ends, so the verdict is `Progressing` at first. */
async function awaitRepair(cluster: DemoCluster): Promise<void> {
  const isRepaired = async () => {
    const all = await cluster.diagnoses();
    return all.some(({ metadata, status }) => metadata.name === EXAMPLE.name && status?.symptom === "none");
  };
  await waitFor(isRepaired, { what: `the end of the 502 of ${HOST}`, timeoutMs: TIMEOUT_MS });
}

/** Prints a command, runs it, and prints what it printed. */
async function run(command: string, cluster: DemoCluster): Promise<string> {
  print(`\n$ ${command}`);
  const output = await runShell(command, cluster);
  print(output);
  return output;
}

/** Runs a command as the administrator's shell would, with kubectl in its path. */
async function runShell(command: string, { kubectl = "", kubeconfig }: DemoCluster): Promise<string> {
  const path = `${kubectl.slice(0, kubectl.lastIndexOf("/"))}:${process.env.PATH}`;
  const env = { ...process.env, PATH: path, KUBECONFIG: kubeconfig };
  try {
    // Not in step with this process, which is the load balancer.
    return (await execute("/bin/sh", ["-c", command], { env })).stdout.trim();
  } catch (error) {
    const { stderr = "" } = error as { readonly stderr?: string };
    throw new Error(`a command failed: ${stderr.trim()}`);
  }
}

/** Says how to look around, and waits for Ctrl-C. */
async function keepRunning(cluster: DemoCluster, interrupted: Promise<void>): Promise<void> {
  print("\nThe cluster stays up until Ctrl-C. In another terminal:");
  print(`  export KUBECONFIG=${cluster.kubeconfig}`);
  if (cluster.kubectl !== undefined) print(`  alias kubectl=${cluster.kubectl}`);
  print(`  kubectl get ingressdiagnosis -n ${NAMESPACE} -o wide`);
  print(`  kubectl describe ingressdiagnosis cart -n ${NAMESPACE}`);
  print(`  curl -i -H 'Host: cart.example.com' ${await cluster.urlOf("cart")}/`);
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
    await requireCurl();
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
