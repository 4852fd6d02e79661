import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually } from "../controlplane/eventually.ts";
import type { Manifest } from "../controlplane/kube-object.ts";
import { applyManifests } from "../controlplane/manifests.ts";
import { createNamespace } from "../controlplane/namespace.ts";
import { findFreePorts } from "../controlplane/server-process.ts";
import { type Cluster, ingressManifest, startCluster } from "./reconciler/cluster.ts";

const RBAC = "rbac.authorization.k8s.io";
const READER = "ann";

let cluster: Cluster;
let readable: string;
let hidden: string;
let url: string;

beforeAll(async () => {
  cluster = await startCluster();
  const { client } = cluster;
  [readable, hidden] = [await createNamespace(client), await createNamespace(client)];
  for (const namespace of [readable, hidden]) await applyManifests(client, [ingressManifest(namespace)]);
  await applyManifests(client, readerOf(readable));
  const [port] = await findFreePorts(1);
  url = `http://127.0.0.1:${port}/`;
  const controller = await cluster.startController("--page", `127.0.0.1:${port}`);
  await controller.ready();
});
afterAll(() => cluster?.stop());

/** A ServiceAccount that may list diagnoses and pods in its own namespace. */
function readerOf(namespace: string): Manifest[] {
  const metadata = { name: READER, namespace };
  const subject = { kind: "ServiceAccount", ...metadata };
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata },
    {
      apiVersion: `${RBAC}/v1`,
      kind: "Role",
      metadata,
      rules: [
        { apiGroups: ["ingressdoctor.dev"], resources: ["ingressdiagnoses"], verbs: ["list"] },
        { apiGroups: [""], resources: ["pods"], verbs: ["list"] },
      ],
    },
    binding("RoleBinding", metadata, { kind: "Role", name: READER }, subject),
  ];
}

function binding(kind: string, metadata: Manifest["metadata"], role: object, subject: object): Manifest {
  const roleRef = { apiGroup: RBAC, ...role };
  return { apiVersion: `${RBAC}/v1`, kind, metadata, roleRef, subjects: [subject] };
}

async function ask(token: string): Promise<{ status: number; text: string }> {
  const answer = await fetch(url, { method: "POST", body: new URLSearchParams({ token }) });
  return { status: answer.status, text: await answer.text() };
}

test("without the permission to ask the API server it shows nothing and says so", async () => {
  const token = await cluster.client.createToken(readable, READER);
  const { status, text } = await ask(token);
  expect(status).toBe(503);
  expect(text).not.toContain(readable);
});

test("with it everybody sees the namespaces they may read", async () => {
  const role = { kind: "ClusterRole", name: "system:auth-delegator" };
  const subject = { kind: "ServiceAccount", name: "ingress-doctor", namespace: "ingress-doctor" };
  const metadata = { name: "ingress-doctor-page" };
  await applyManifests(cluster.client, [binding("ClusterRoleBinding", metadata, role, subject)]);

  const token = await cluster.client.createToken(readable, READER);
  await eventually(async () => expect((await ask(token)).status).toBe(200));
  const own = (await ask(token)).text;
  expect(own).toContain(`${readable}/web`);
  expect(own).not.toContain(hidden);

  const everything = (await ask(cluster.controlPlane.adminToken)).text;
  expect(everything).toContain(`${readable}/web`);
  expect(everything).toContain(`${hidden}/web`);

  expect((await ask("no-token-of-this-cluster")).status).toBe(401);
});
