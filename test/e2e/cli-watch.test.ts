import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { ingressDoctor, type Run } from "../cli/command.ts";
import { RunningCommand } from "../cli/running-command.ts";
import { readAuditLog } from "../controlplane/audit.ts";
import { type ControlPlane, startControlPlane } from "../controlplane/control-plane.ts";
import { eventually } from "../controlplane/eventually.ts";
import { installDefaultBackend, installGkeCrds } from "../controlplane/gke/install.ts";
import { startGkeController } from "../controlplane/gke-controller.ts";
import { writeServiceAccountKubeconfig } from "../controlplane/kubeconfig.ts";
import { startKubelet, type TestKubelet } from "../controlplane/kubelet.ts";
import { applyManifests } from "../controlplane/manifests.ts";
import { createNamespace } from "../controlplane/namespace.ts";
import { deploymentManifest, ingressManifest, serviceManifest } from "./reconciler/cluster.ts";

let controlPlane: ControlPlane;
let kubelet: TestKubelet;
let running: RunningCommand | undefined;

beforeAll(async () => {
  controlPlane = await startControlPlane({ audit: true });
  kubelet = await startKubelet(controlPlane.client);
  await installGkeCrds(controlPlane.client);
  await installDefaultBackend(controlPlane.client);
});

afterEach(async () => {
  running?.signal("SIGKILL");
  await running?.ended;
});

afterAll(async () => {
  await kubelet?.stop();
  await controlPlane?.stop();
});

/** A namespace, and a kubeconfig of somebody who may use these verbs on everything. */
async function scene(prefix: string, verbs: readonly string[] = ["list", "watch"]) {
  const { client, directory } = controlPlane;
  const namespace = await createNamespace(client, prefix);
  const rbac = { apiVersion: "rbac.authorization.k8s.io/v1" };
  const [name, kind] = [`${namespace}-reader`, "ClusterRole"];
  const subjects = [{ kind: "ServiceAccount", name, namespace }];
  const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind, name };
  await client.create({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace } });
  await client.create({
    ...rbac,
    kind,
    metadata: { name },
    rules: [{ apiGroups: ["*"], resources: ["*"], verbs }],
  });
  await client.create({ ...rbac, kind: `${kind}Binding`, metadata: { name }, roleRef, subjects });
  const kubeconfig = join(directory, `${name}.kubeconfig`);
  await writeServiceAccountKubeconfig(kubeconfig, client, { namespace, name });
  return { namespace, kubeconfig, user: `system:serviceaccount:${namespace}:${name}`, client };
}

function start(...args: readonly string[]): RunningCommand {
  running = new RunningCommand(...args);
  return running;
}

/** What a command wrote once it has ended by itself. */
async function lines({ ended }: RunningCommand): Promise<Run & { readonly all: readonly string[] }> {
  const run = await ended;
  return { ...run, all: run.out.trimEnd().split("\n") };
}

test("wait follows a new Ingress until it is ready, and says what is missing until then", async () => {
  const { namespace, kubeconfig, client, user } = await scene("wait");
  await applyManifests(client, [
    serviceManifest(namespace),
    deploymentManifest(namespace),
    ingressManifest(namespace),
  ]);
  const wait = start("wait", "web", "--kubeconfig", kubeconfig, "--timeout", "50s");
  await eventually(() => expect(wait.out).toMatch(/Missing: AddressAssigned \(since /));
  expect(wait.out).toMatch(/ Progressing: .* Settles by \d{4}-/);
  const gke = await startGkeController(client, namespace);
  const { code, err, all } = await lines(wait);
  await gke.stop();
  expect([code, err]).toEqual([0, ""]);
  expect(all.at(-2)).toContain(`${namespace}/web Healthy: `);
  expect(all.at(-1)).toBe(`${namespace}/web: Ready.`);
  // One line for a change, and none twice.
  expect(new Set(all.map((line) => line.slice(21))).size).toBe(all.length);
  const own = readAuditLog(controlPlane.auditLog).filter((entry) => entry.user === user);
  expect([...new Set(own.map(({ verb }) => verb))].sort()).toEqual(["list", "watch"]);
  const elsewhere = own.filter((entry) => entry.namespace !== namespace);
  const resources = [...new Set(elsewhere.map(({ resource }) => resource))].sort();
  expect(resources).toEqual(["nodes", "services"]);
});

test("wait gives up on what time does not cure, with the cause and its fix", async () => {
  const { namespace, kubeconfig, client } = await scene("broken");
  await applyManifests(client, [ingressManifest(namespace, "web", "nowhere")]);
  const args = ["wait", "web", "--kubeconfig", kubeconfig, "--give-up-after", "1s"];
  const { code, out } = await ingressDoctor(args);
  expect(code).toBe(1);
  expect(out).toContain(`${namespace}/web does not become Ready by itself:`);
  expect(out).toContain("GID401 ServiceMissing");
  expect(out).toContain("Fix:");
});

test("wait lets an error pass that the next manifest cures, and tells of time that is up", async () => {
  const { namespace, kubeconfig, client } = await scene("late");
  await applyManifests(client, [ingressManifest(namespace)]);
  const wait = start("wait", "web", "--kubeconfig", kubeconfig, "--timeout", "12s", "-o", "json");
  await eventually(() => expect(wait.out).toContain('"verdict":"Broken"'));
  await applyManifests(client, [serviceManifest(namespace), deploymentManifest(namespace)]);
  const { code, all } = await lines(wait);
  expect(code).toBe(2);
  const data = all.map((line) => JSON.parse(line) as { verdict: string; outcome?: string });
  expect(data.at(-1)).toMatchObject({ outcome: "timeout", verdict: "Progressing", name: "web" });
  expect(data.map(({ verdict }) => verdict)).toContain("Broken");
});

test("wait says at once that there is no such Ingress", async () => {
  const { kubeconfig, namespace, client } = await scene("typo");
  await applyManifests(client, [ingressManifest(namespace)]);
  const { code, out, err } = await ingressDoctor(["wait", "wbe", "--kubeconfig", kubeconfig]);
  expect([code, out]).toEqual([2, ""]);
  expect(err).toBe("ingress-doctor: there is no Ingress wbe in what was read; there are web\n");
});

test("watch shows every change until Ctrl-C, which ends it in good order", async () => {
  const { namespace, kubeconfig, client } = await scene("watch");
  await applyManifests(client, [serviceManifest(namespace)]);
  const watch = start("watch", "-n", namespace, "--kubeconfig", kubeconfig);
  await new Promise((resolve) => setTimeout(resolve, 500));
  await applyManifests(client, [ingressManifest(namespace), ingressManifest(namespace, "other", "nowhere")]);
  await eventually(() => expect(watch.out).toContain(`${namespace}/other Broken`));
  await eventually(() => expect(watch.out).toContain(`${namespace}/web `));
  await client.delete(ingressManifest(namespace, "other"));
  await eventually(() => expect(watch.out).toContain(`${namespace}/other was deleted\n`));
  watch.signal("SIGINT");
  const { code, err } = await lines(watch);
  expect(code).toBe(130);
  expect(err).toMatch(/^(there is no Ingress yet; waiting for one\n)?$/);
});

test("who may list but not watch is told so", async () => {
  const { kubeconfig } = await scene("list-only", ["list"]);
  const { code, err } = await ingressDoctor(["watch", "--kubeconfig", kubeconfig]);
  expect(code).toBe(2);
  expect(err).toMatch(/^ingress-doctor: you may list Ingresses but not watch them: .*\n$/);
});
