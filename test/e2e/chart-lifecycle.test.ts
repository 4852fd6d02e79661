import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import type { TestClient } from "../controlplane/client.ts";
import { type ControlPlane, startControlPlane } from "../controlplane/control-plane.ts";
import { eventually } from "../controlplane/eventually.ts";
import { allObjects } from "../controlplane/inventory.ts";
import type { KubeObject } from "../controlplane/kube-object.ts";
import { startKubelet, type TestKubelet } from "../controlplane/kubelet.ts";
import { CHART, helm, helmOutput, RELEASE, type Values } from "../deploy/helm.ts";
import { DIAGNOSIS } from "./reconciler/cluster.ts";

const CRD = "apiextensions.k8s.io/v1/CustomResourceDefinition";
const CRD_NAME = "ingressdiagnoses.ingressdoctor.dev";
const { name: NAME, namespace: NAMESPACE } = RELEASE;

/** What makes the objects of a release become ready, and go when their owner goes. */
const CONTROLLERS = [
  "deployment-controller",
  "disruption-controller",
  "endpointslice-controller",
  "garbage-collector-controller",
  "replicaset-controller",
  "statefulset-controller",
];

let controlPlane: ControlPlane;
let client: TestClient;
let kubelet: TestKubelet;
let directory: string;
let before: Set<string>;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "ingress-doctor-release-"));
  controlPlane = await startControlPlane({ controllers: CONTROLLERS });
  client = controlPlane.client;
  kubelet = await startKubelet(client);
  await client.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } });
  await eventually(() => client.get("v1/ServiceAccount", "default", NAMESPACE));
  before = await allObjects(client);
});
afterAll(async () => {
  await kubelet?.stop();
  await controlPlane?.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** Arguments that lead helm to the test's cluster. */
function inCluster(...args: readonly string[]): string[] {
  const kubeconfig = join(controlPlane.directory, "admin.kubeconfig");
  return [...args, "--namespace", NAMESPACE, "--kubeconfig", kubeconfig];
}

async function release(verb: "install" | "upgrade", chart: string, values: Values = {}): Promise<void> {
  // An upgrade without values would keep those of the release before.
  const reset = verb === "upgrade" ? ["--reset-values"] : [];
  await helmOutput(inCluster(verb, NAME, chart, ...reset, "--wait", "--timeout", "60s"), values);
}

/** Copy of the chart as an older version of it could have been: without the column Summary. */
function olderChart(): string {
  const folder = join(directory, "older");
  cpSync(CHART, folder, { recursive: true });
  const chart = join(folder, "Chart.yaml");
  writeFileSync(chart, stringify({ ...parse(readFileSync(chart, "utf8")), version: "0.0.9" }));
  const file = join(folder, "files", `${CRD_NAME}.yaml`);
  const crd = parse(readFileSync(file, "utf8"));
  crd.spec.versions[0].additionalPrinterColumns.pop();
  writeFileSync(file, stringify(crd));
  return folder;
}

interface Definition extends KubeObject {
  readonly spec: {
    readonly versions: readonly { readonly additionalPrinterColumns: readonly { readonly name: string }[] }[];
  };
}

async function columns(): Promise<string[]> {
  const { spec } = await client.get<Definition>(CRD, CRD_NAME);
  return (spec.versions[0]?.additionalPrinterColumns ?? []).map(({ name }) => name);
}

interface Scaled extends KubeObject {
  readonly status?: { readonly readyReplicas?: number };
}

async function readyPods(kind: "Deployment" | "StatefulSet"): Promise<number | undefined> {
  const found = await client.find<Scaled>(`apps/v1/${kind}`, NAME, NAMESPACE);
  return found?.status?.readyReplicas;
}

/** Waits until as many pods are ready; helm may return before a workload it has just created has a status. */
async function expectReadyPods(kind: "Deployment" | "StatefulSet", count: number | undefined): Promise<void> {
  await eventually(async () => expect(await readyPods(kind)).toBe(count), { what: `${count} ready pods` });
}

/** Objects that were not there before anything was installed. APIServices follow definitions by themselves. */
async function added(): Promise<string[]> {
  // The storage of a definition that has just changed answers errors for a moment.
  const objects = await eventually(() => allObjects(client));
  return [...objects].filter((object) => !before.has(object) && !object.startsWith("APIService")).sort();
}

const DIAGNOSIS_MANIFEST = {
  apiVersion: "ingressdoctor.dev/v1alpha1",
  kind: "IngressDiagnosis",
  metadata: { name: "web", namespace: "default" },
};

test("install waits until it runs", async () => {
  await release("install", olderChart());
  await expectReadyPods("Deployment", 2);
  expect(await columns()).not.toContain("Summary");
  await client.create(DIAGNOSIS_MANIFEST);
});

test("upgrade brings the new resource definition and keeps the diagnoses", async () => {
  await release("upgrade", CHART, { replicas: 3 });
  await expectReadyPods("Deployment", 3);
  expect(await columns()).toContain("Summary");
  expect(await client.find(DIAGNOSIS, "web", "default")).toBeDefined();
});

test("rollback brings the former one back", async () => {
  await helmOutput(inCluster("rollback", NAME, "1", "--wait", "--timeout", "60s"));
  await expectReadyPods("Deployment", 2);
  expect(await columns()).not.toContain("Summary");
  expect(await client.find(DIAGNOSIS, "web", "default")).toBeDefined();
});

test("an upgrade to shards replaces the Deployment by a StatefulSet, and back", async () => {
  await release("upgrade", CHART, { sharding: { shards: 2, replicasPerShard: 2 } });
  await expectReadyPods("StatefulSet", 4);
  await expectReadyPods("Deployment", undefined);
  await release("upgrade", CHART, { sharding: { shards: 3, replicasPerShard: 1 } });
  await expectReadyPods("StatefulSet", 3);
  await release("upgrade", CHART);
  await expectReadyPods("Deployment", 2);
  await expectReadyPods("StatefulSet", undefined);
});

test("an upgrade that is not valid changes nothing", async () => {
  const objects = await added();
  const { status, stderr } = await helm(inCluster("upgrade", NAME, CHART), { replicas: "many" });
  expect([status, stderr]).toEqual([1, expect.stringContaining("got string, want integer")]);
  expect(await added()).toEqual(objects);
});

test("uninstall leaves nothing but the resource definition and the diagnoses", async () => {
  await helmOutput(inCluster("uninstall", NAME, "--wait", "--timeout", "60s"));
  await eventually(async () =>
    expect(await added()).toEqual([
      `CustomResourceDefinition.apiextensions.k8s.io /${CRD_NAME}`,
      "IngressDiagnosis.ingressdoctor.dev default/web",
    ]),
  );
});

test("what was left is taken up by the same release, and by another one only when it is told to", async () => {
  await release("install", CHART);
  await helmOutput(inCluster("uninstall", NAME, "--wait", "--timeout", "60s"));
  const other = inCluster("install", "other", CHART, "--wait", "--timeout", "60s");
  expect((await helm(other)).stderr).toMatch(/invalid ownership metadata.*"meta\.helm\.sh\/release-name"/s);
  await helmOutput([...other, "--take-ownership"]);
  await helmOutput(inCluster("uninstall", "other", "--wait", "--timeout", "60s"));
  expect(await client.find(DIAGNOSIS, "web", "default")).toBeDefined();
});

test("with crds.keep=false nothing at all is left", async () => {
  await helmOutput(inCluster("install", NAME, CHART, "--take-ownership", "--wait", "--timeout", "60s"), {
    crds: { keep: false },
  });
  await helmOutput(inCluster("uninstall", NAME, "--wait", "--timeout", "60s"));
  await eventually(async () => expect(await added()).toEqual([]));
});
