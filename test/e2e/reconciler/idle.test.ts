import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readAuditLog, writesBy } from "../../controlplane/audit.ts";
import { eventually, waitFor } from "../../controlplane/eventually.ts";
import { installGkeCrds } from "../../controlplane/gke/install.ts";
import { applyManifests } from "../../controlplane/manifests.ts";
import { createNamespace } from "../../controlplane/namespace.ts";
import {
  type Cluster,
  CONTROLLER_USER,
  DIAGNOSIS,
  deploymentManifest,
  ingressManifest,
  serviceManifest,
  startCluster,
} from "./cluster.ts";
import type { ControllerUnderTest } from "./controller-under-test.ts";

/** How long nothing may be written; `IDLE_SECONDS` shortens it while working on the tests. */
const IDLE_MS = Number(process.env.IDLE_SECONDS ?? 60) * 1000;
const INGRESSES = 20;

let cluster: Cluster;
let controller: ControllerUnderTest;
let namespace: string;

beforeAll(async () => {
  cluster = await startCluster();
  await installGkeCrds(cluster.client);
  namespace = await createNamespace(cluster.client, "idle");
  for (let index = 0; index < INGRESSES; index += 1) {
    const name = `web-${index}`;
    // Every other Ingress lacks its Service.
    const behind =
      index % 2 === 0 ? [] : [serviceManifest(namespace, name), deploymentManifest(namespace, name)];
    await applyManifests(cluster.client, [...behind, ingressManifest(namespace, name)]);
  }
  controller = await (await cluster.startController()).ready();
  await waitFor(async () => (await cluster.diagnoses()).size === INGRESSES, { what: "all diagnoses" });
});
afterAll(() => cluster?.stop());

/** Requests that the API server has counted so far, by verb and resource; Leases are renewed all the time. */
async function countWrites(): Promise<Map<string, number>> {
  const text = await cluster.client.requestText("GET", "/metrics");
  const counts = new Map<string, number>();
  for (const [, labels = "", value] of text.matchAll(/^apiserver_request_total\{(.*)\} (\S+)$/gm)) {
    const label = (name: string) => new RegExp(`(?:^|,)${name}="([^"]*)"`).exec(labels)?.[1] ?? "";
    const [verb, resource] = [label("verb"), label("resource")];
    if (["GET", "LIST", "WATCH"].includes(verb) || resource === "leases") continue;
    const key = `${verb} ${resource} ${label("subresource")}`.trim();
    counts.set(key, (counts.get(key) ?? 0) + Number(value));
  }
  return counts;
}

test(
  "nothing is written on an unchanged cluster",
  async () => {
    await controller.idle();
    const before = await countWrites();
    // The count must see writes at all.
    expect(before.get("APPLY ingressdiagnoses status")).toBeGreaterThanOrEqual(INGRESSES);
    const ownBefore = ownWrites().length;
    await sleep(IDLE_MS);
    expect([...(await countWrites())].filter(([key, count]) => count !== before.get(key))).toEqual([]);
    expect(ownWrites()).toHaveLength(ownBefore);
  },
  IDLE_MS + 60_000,
);

/** What the controller itself has written so far, by the audit log. */
function ownWrites() {
  const writes = writesBy(CONTROLLER_USER, readAuditLog(cluster.controlPlane.auditLog));
  return writes.filter(({ resource }) => resource !== "leases");
}

test("a change of one Ingress writes one status", async () => {
  const alone = await createNamespace(cluster.client, "one");
  await applyManifests(cluster.client, [ingressManifest(alone)]);
  const { cause } = await eventually(() => cluster.status(alone));
  await controller.idle();
  const before = await countWrites();
  await applyManifests(cluster.client, [serviceManifest(alone)]);
  await eventually(async () => expect((await cluster.status(alone)).cause?.code).not.toBe(cause?.code));
  await controller.idle();
  const after = await countWrites();
  const count = (counts: Map<string, number>) => counts.get("APPLY ingressdiagnoses status") ?? 0;
  expect(count(after) - count(before)).toBe(1);
});

test("an Ingress that is deleted takes its diagnosis, its metrics and its queue entry with it", async () => {
  const alone = await createNamespace(cluster.client, "alone");
  await applyManifests(cluster.client, [ingressManifest(alone)]);
  await eventually(() => cluster.status(alone));
  expect(await controller.page("metrics")).toContain(`namespace="${alone}"`);
  await cluster.client.delete(ingressManifest(alone));
  await waitFor(async () => (await cluster.client.find(DIAGNOSIS, "web", alone)) === undefined);
  await eventually(async () =>
    expect(await controller.page("metrics")).not.toContain(`namespace="${alone}"`),
  );
  await controller.idle();
  const adds = await controller.metric('workqueue_adds_total{name="ingresses"}');
  await applyManifests(cluster.client, [serviceManifest(alone)]);
  await controller.idle();
  expect(await controller.metric('workqueue_adds_total{name="ingresses"}')).toBe(adds);
});

test("a diagnosis that its Ingress left behind is removed as well", async () => {
  const name = "web-3";
  await cluster.client.delete(ingressManifest(namespace, name), { propagationPolicy: "Orphan" });
  await waitFor(async () => (await cluster.client.find(DIAGNOSIS, name, namespace)) === undefined);
});

test("a diagnosis that somebody deletes comes back", async () => {
  const before = await cluster.client.get(DIAGNOSIS, "web-5", namespace);
  await cluster.client.delete(before);
  const after = await waitFor(() => cluster.client.find(DIAGNOSIS, "web-5", namespace));
  expect(after.metadata.uid).not.toBe(before.metadata.uid);
  await eventually(() => cluster.status(namespace, "web-5"));
});

test("an Ingress that another controller takes over loses its diagnosis", async () => {
  const ingress = ingressManifest(namespace, "web-7");
  await cluster.client.patch(ingress, {
    metadata: { annotations: { "kubernetes.io/ingress.class": "nginx" } },
  });
  await waitFor(async () => (await cluster.client.find(DIAGNOSIS, "web-7", namespace)) === undefined);
});

test("the caches, the queue and the Lease are well", async () => {
  expect(await controller.page("readyz")).toBe("ok caches\nok diagnoses\n");
  expect(await controller.page("livez")).toBe("ok queue\nok clock\n");
  expect(await controller.metric("ingress_doctor_leader")).toBe(1);
});

test("every request was allowed, and nothing that is granted went unused", async () => {
  expect(await controller.stop()).toEqual({ code: 0, signal: null });
  const own = readAuditLog(cluster.controlPlane.auditLog).filter(({ user }) => user === CONTROLLER_USER);
  expect(own.filter(({ code }) => code === 403)).toEqual([]);
  const used = new Set(
    own.filter(({ resource }) => resource !== "").map(({ verb, resource }) => `${verb} ${resource}`),
  );
  // Applying an object that does not exist needs `create` as well, and is logged as the patch that it is.
  // A streaming list is logged as the watch that it is.
  const lists = [...used]
    .filter((use) => use.startsWith("list "))
    .map((use) => use.replace("list ", "watch "));
  expect([...used].filter((use) => !use.startsWith("list ")).sort()).toEqual(
    [
      ...new Set([
        ...lists,
        ...[
          "backendconfigs deployments endpointslices events frontendconfigs ingressdiagnoses ingresses",
          "managedcertificates networkpolicies nodes pods servicenetworkendpointgroups services statefulsets",
        ].flatMap((kinds) => kinds.split(" ").map((kind) => `watch ${kind}`)),
        "create events",
        "create leases",
        "delete ingressdiagnoses",
        "get leases",
        "patch ingressdiagnoses",
        "patch ingressdiagnoses/status",
        "update leases",
      ]),
    ].sort(),
  );
});
