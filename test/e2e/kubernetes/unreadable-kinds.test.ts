import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { TestClient } from "../../controlplane/client.ts";
import { eventually, waitFor } from "../../controlplane/eventually.ts";
import type { Manifest } from "../../controlplane/kube-object.ts";
import { createNamespace } from "../../controlplane/namespace.ts";
import { customResource } from "./custom-resource.ts";
import { WatchUnderTest } from "./harness.ts";

const connection = inject("controlPlane");
const RBAC = { apiVersion: "rbac.authorization.k8s.io/v1" };
const ROLE_REF = { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "reader" };
let client: TestClient;
beforeAll(() => {
  client = new TestClient(connection);
});
afterAll(() => client.close());

const QUICK = { healthyAfterMs: 50, backoffMinMs: 50, backoffMaxMs: 400, recheckMs: 200 };

const gadget = customResource("Gadget");

test("a custom resource is picked up when its definition appears, and its objects go when it goes", async () => {
  const run = new WatchUnderTest({ connection, kinds: [gadget.watched], timings: QUICK });
  try {
    await waitFor(() => run.watch.state("backendConfigs").phase === "absent");
    expect(run.watch.listers.backendConfigs.all()).toMatchObject({
      known: false,
      reason: "not-configured",
      needs: "the resource type gadgets.e2e.ingressdoctor.dev in the cluster",
    });

    await client.create(gadget.definition);
    await waitFor(() => run.watch.state("backendConfigs").phase === "synced");
    const namespace = await createNamespace(client, "gadget");
    await eventually(() => client.create(gadget.object(namespace, "one", 7)));
    await waitFor(() => {
      const found = run.watch.listers.backendConfigs.get(`${namespace}/one`);
      return found.known && found.value?.timeoutSec === 7;
    });

    await client.delete(gadget.definition);
    await waitFor(() => run.watch.state("backendConfigs").phase === "absent");
    expect(run.watch.state("backendConfigs").objects).toBe(0);
    expect(run.changedNames).toEqual(["+one", "-one"]);
    expect(run.phases.map(({ phase }) => phase)).toEqual(["absent", "synced", "absent"]);
  } finally {
    await run.stop();
  }
});

test("a forbidden kind is unknown, comes when it is allowed and is unknown again when it is revoked", async () => {
  const namespace = await createNamespace(client, "forbidden");
  const metadata = { name: "reader", namespace };
  await client.create({ apiVersion: "v1", kind: "ServiceAccount", metadata });
  await client.create(role(namespace, ["services"]));
  const subjects = [{ kind: "ServiceAccount", name: "reader", namespace }];
  await client.create({ ...RBAC, kind: "RoleBinding", metadata, roleRef: ROLE_REF, subjects });
  await client.create(service(namespace));
  const token = await client.createToken(namespace, "reader");
  const run = new WatchUnderTest({
    connection: { ...connection, token },
    kinds: ["services", "pods"],
    namespaces: [namespace],
    // Watches end after 2 to 4 s, for a permission is only asked for at their beginning.
    timings: { ...QUICK, watchSeconds: 2 },
  });
  try {
    await waitFor(() => run.watch.state("services").phase === "synced");
    await waitFor(() => run.watch.state("pods").phase === "forbidden");
    expect(run.watch.listers.pods.all()).toEqual({
      known: false,
      source: "pods",
      reason: "forbidden",
      needs: "permission to list and watch pods",
    });
    expect(run.watch.listers.services.all().known).toBe(true);

    await client.apply(role(namespace, ["pods"]));
    await waitFor(() => run.watch.state("pods").phase === "synced");
    await waitFor(() => run.watch.state("services").phase === "forbidden");
    expect(run.watch.listers.services.get(`${namespace}/web`)).toMatchObject({ reason: "forbidden" });

    await client.apply(role(namespace, ["pods", "services"]));
    await waitFor(() => run.watch.state("services").phase === "synced");
    expect(run.watch.listers.services.get(`${namespace}/web`)).toMatchObject({ known: true });
    // What was unreadable for a while did not go and come: nobody was told so.
    expect(run.changedNames).toEqual(["+web"]);
  } finally {
    await run.stop();
  }
});

function role(namespace: string, resources: readonly string[]): Manifest {
  const rules = [{ apiGroups: [""], resources, verbs: ["list", "watch"] }];
  return { ...RBAC, kind: "Role", metadata: { name: "reader", namespace }, rules };
}

function service(namespace: string): Manifest {
  const spec = { selector: { app: "web" }, ports: [{ port: 80 }] };
  return { apiVersion: "v1", kind: "Service", metadata: { name: "web", namespace }, spec };
}
