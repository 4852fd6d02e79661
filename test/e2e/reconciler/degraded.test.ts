import { afterAll, beforeAll, describe, expect, test } from "vitest";
import backendConfigMissing from "../../../src/diagnostics/rules/health/backend-config-missing.ts";
import { eventually, waitFor } from "../../controlplane/eventually.ts";
import { installGkeCrds } from "../../controlplane/gke/install.ts";
import type { Manifest } from "../../controlplane/kube-object.ts";
import { applyManifests } from "../../controlplane/manifests.ts";
import { createNamespace } from "../../controlplane/namespace.ts";
import { BEHAVIOUR_ANNOTATION } from "../../controlplane/pod.ts";
import {
  type Cluster,
  DIAGNOSIS,
  deploymentManifest,
  ingressManifest,
  serviceManifest,
  shipped,
  startCluster,
} from "./cluster.ts";
import type { ControllerUnderTest } from "./controller-under-test.ts";

const BACKEND_CONFIG = "backendconfigs.cloud.google.com";
const CRD = { apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition" };

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(() => cluster?.stop());

/** Findings that are no hints, by code and subject: `GID401 Service/web`. */
async function blamed(namespace: string): Promise<string[]> {
  const { findings } = await cluster.status(namespace);
  return findings
    .filter(({ severity }) => severity !== "info")
    .map(({ code, subject }) => `${code} ${subject.kind}/${subject.name}`);
}

/** Whether the BackendConfig that Service `web` names is called missing. */
async function isCalledMissing(namespace: string): Promise<boolean> {
  return (await blamed(namespace)).some((finding) => finding.startsWith(backendConfigMissing.code));
}

/** What an administrator would have to grant or install for every question to be answered. */
async function needs(namespace: string): Promise<string> {
  const { undecided = [] } = await cluster.status(namespace);
  return undecided.map(({ reason, needs }) => `${reason}: ${needs}`).join("\n");
}

describe("without the CRDs of GKE", () => {
  let controller: ControllerUnderTest;
  let namespace: string;
  beforeAll(async () => {
    namespace = await createNamespace(cluster.client, "no-crd");
    const service = serviceManifest(namespace);
    const annotations = {
      ...(service.metadata.annotations as object),
      "cloud.google.com/backend-config": '{"default": "web-bc"}',
    };
    await applyManifests(cluster.client, [
      { ...service, metadata: { ...service.metadata, annotations } },
      deploymentManifest(namespace),
      ingressManifest(namespace),
    ]);
    controller = await (await cluster.startController("--no-leader-elect")).ready();
    await eventually(() => cluster.status(namespace));
  });
  afterAll(() => controller.kill());

  test("the controller runs, says what it cannot see, and calls nothing missing", async () => {
    await eventually(async () => expect(await needs(namespace)).toContain(BACKEND_CONFIG));
    expect(await isCalledMissing(namespace)).toBe(false);
    expect(await controller.page("readyz")).toContain("ok caches");
    expect(await controller.metric('ingress_doctor_watch_phase{kind="backendConfigs",phase="absent"}')).toBe(
      1,
    );
  });

  test("when they are installed it sees by itself that the BackendConfig is missing, and when it comes", async () => {
    await installGkeCrds(cluster.client);
    await eventually(async () => expect(await isCalledMissing(namespace)).toBe(true), {
      timeoutMs: 60_000,
    });
    expect(await needs(namespace)).not.toContain(BACKEND_CONFIG);
    await cluster.client.create({
      apiVersion: "cloud.google.com/v1",
      kind: "BackendConfig",
      metadata: { name: "web-bc", namespace },
      spec: { healthCheck: { requestPath: "/healthz" } },
    });
    await eventually(async () => expect(await isCalledMissing(namespace)).toBe(false));
  }, 90_000);

  test("when one is removed again, that is what it says, and not that every BackendConfig is missing", async () => {
    await cluster.client.delete({ ...CRD, metadata: { name: BACKEND_CONFIG } });
    await eventually(async () => expect(await needs(namespace)).toContain(BACKEND_CONFIG), {
      timeoutMs: 60_000,
    });
    expect(await isCalledMissing(namespace)).toBe(false);
  }, 90_000);
});

/** The shipped ClusterRole, without one resource if asked. */
function clusterRole(without?: string): Manifest {
  const found = shipped("rbac.yaml").find(({ kind }) => kind === "ClusterRole");
  if (found === undefined) throw new Error("deploy/rbac.yaml has no ClusterRole");
  const rules = (found.rules as readonly { readonly resources: readonly string[] }[]).map((rule) => ({
    ...rule,
    resources: rule.resources.filter((name) => name !== without),
  }));
  return { ...found, rules };
}

test("with the permissions of one namespace it does its work there, and nowhere else", async () => {
  const namespace = await createNamespace(cluster.client, "own");
  const other = await createNamespace(cluster.client, "other");
  const metadata = { name: "ingress-doctor", namespace };
  const rbac = { apiVersion: "rbac.authorization.k8s.io/v1", metadata };
  await applyManifests(cluster.client, [
    { apiVersion: "v1", kind: "ServiceAccount", metadata },
    { ...rbac, kind: "Role", rules: clusterRole().rules },
    {
      ...rbac,
      kind: "RoleBinding",
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: metadata.name },
      subjects: [{ kind: "ServiceAccount", ...metadata }],
    },
    ingressManifest(namespace),
    ingressManifest(other),
  ]);
  const controller = await cluster.startControllerAs(
    namespace,
    "--namespace",
    namespace,
    "--no-leader-elect",
  );
  await controller.ready();
  expect((await eventually(() => cluster.status(namespace))).verdict).toBe("Broken");
  await controller.idle();
  expect(await cluster.client.find(DIAGNOSIS, "web", other)).toBeUndefined();
  expect(await cluster.events(namespace)).toHaveLength(1);
  await controller.stop();
});

describe("without permission to read pods", () => {
  let controller: ControllerUnderTest;
  let namespace: string;

  beforeAll(async () => {
    namespace = await createNamespace(cluster.client, "no-pods");
    const deployment = deploymentManifest(namespace);
    const { template } = deployment.spec as { readonly template: { readonly metadata: object } };
    const metadata = { ...template.metadata, annotations: { [BEHAVIOUR_ANNOTATION]: "crash" } };
    await applyManifests(cluster.client, [
      serviceManifest(namespace),
      { ...deployment, spec: { ...(deployment.spec as object), template: { ...template, metadata } } },
      ingressManifest(namespace),
    ]);
    await cluster.client.apply(clusterRole("pods"));
    controller = await (await cluster.startController("--no-leader-elect")).ready();
    await eventually(() => cluster.status(namespace));
  });
  afterAll(() => controller.kill());

  test("the controller runs, says which permission it lacks, and says nothing about pods", async () => {
    await eventually(async () => expect(await needs(namespace)).toMatch(/forbidden: .*pods/));
    expect((await blamed(namespace)).filter((subject) => subject.includes(" Pod/"))).toEqual([]);
    expect(await controller.metric('ingress_doctor_watch_phase{kind="pods",phase="forbidden"}')).toBe(1);
  });

  test("when it is granted, pods are taken into account without a restart", async () => {
    await cluster.client.apply(clusterRole());
    await eventually(async () => expect(await needs(namespace)).not.toMatch(/forbidden/), {
      timeoutMs: 90_000,
    });
  }, 120_000);
});

test("without its own resource it tells by Events and metrics, and writes statuses once it is installed", async () => {
  const namespace = await createNamespace(cluster.client, "no-resource");
  const [crd] = shipped("crds/ingressdiagnoses.ingressdoctor.dev.yaml");
  if (crd === undefined) throw new Error("there is no resource definition");
  await cluster.client.delete(crd);
  await waitFor(
    async () => (await cluster.client.find(`${CRD.apiVersion}/${CRD.kind}`, crd.metadata.name)) === undefined,
  );
  const controller = await (await cluster.startController("--no-leader-elect")).ready();
  await applyManifests(cluster.client, [ingressManifest(namespace)]);
  const [event] = await waitFor(async () => {
    const events = await cluster.events(namespace);
    return events.length > 0 && events;
  });
  expect(event).toMatchObject({ type: "Warning", regarding: { name: "web" } });
  expect(await controller.page("readyz")).toContain("ok diagnoses: IngressDiagnosis is absent");
  expect(await controller.page("metrics")).toMatch(
    new RegExp(`ingress_doctor_verdict{namespace="${namespace}".* 1`),
  );
  await cluster.client.apply(crd);
  const status = await eventually(() => cluster.status(namespace), { timeoutMs: 60_000 });
  expect(status.cause?.reason).toBe(event?.reason);
  await controller.stop();
  expect(await cluster.client.list(DIAGNOSIS)).not.toEqual([]);
}, 120_000);
