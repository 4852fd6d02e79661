import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { ApiError, TestClient } from "../controlplane/client.ts";
import { eventually, waitFor } from "../controlplane/eventually.ts";
import type { KubeObject, Manifest } from "../controlplane/kube-object.ts";
import { createNamespace, deleteNamespace } from "../controlplane/namespace.ts";
import { BEHAVIOUR_ANNOTATION, type Behaviour } from "../controlplane/pod.ts";

interface Pod extends KubeObject {
  readonly spec: { readonly nodeName?: string };
  readonly status: {
    readonly phase: string;
    readonly podIP?: string;
    readonly conditions: readonly {
      readonly type: string;
      readonly status: string;
      readonly reason?: string;
    }[];
    readonly containerStatuses?: readonly {
      readonly restartCount: number;
      readonly state: { readonly waiting?: { readonly reason: string } };
      readonly lastState: { readonly terminated?: { readonly exitCode: number } };
    }[];
  };
}

interface EndpointSlice extends KubeObject {
  readonly endpoints: readonly {
    readonly addresses: readonly string[];
    readonly conditions: { readonly ready: boolean };
  }[];
}

let client: TestClient;
beforeAll(() => {
  client = new TestClient(inject("controlPlane"));
});
afterAll(() => client.close());

describe("kubelet of the test bed", () => {
  let namespace: string;
  beforeAll(async () => {
    namespace = await createNamespace(client, "kubelet");
  });

  test("a Deployment becomes ready and its EndpointSlice lists the pods' addresses", async () => {
    await client.apply(deployment(namespace, "web", "ready"));
    await client.apply(service(namespace, "web"));
    const addresses = await eventually(async () => {
      const pods = await podsOf("web");
      expect(pods.map(isReady)).toEqual([true, true]);
      return pods.map((pod) => pod.status.podIP);
    });
    expect(new Set(addresses).size).toBe(2);
    await eventually(async () => {
      const [slice] = await client.list<EndpointSlice>("discovery.k8s.io/v1/EndpointSlice", { namespace });
      const ready = slice?.endpoints.filter((endpoint) => endpoint.conditions.ready) ?? [];
      expect(ready.flatMap((endpoint) => endpoint.addresses).sort()).toEqual(addresses.toSorted());
    });
    const stored = await client.get<{ status: { readyReplicas: number } }>(
      "apps/v1/Deployment",
      "web",
      namespace,
    );
    expect(stored.status.readyReplicas).toBe(2);
  });

  test("a crashing container shows its back-off and how it ended", async () => {
    const status = await statusOf("crash");
    expect(status.phase).toBe("Running");
    expect(status.containerStatuses?.[0]).toMatchObject({
      restartCount: 5,
      state: { waiting: { reason: "CrashLoopBackOff" } },
      lastState: { terminated: { exitCode: 1 } },
    });
  });

  test("an image that cannot be pulled leaves the pod pending on its Node", async () => {
    const status = await statusOf("image-pull-error");
    expect(status.phase).toBe("Pending");
    expect(status.containerStatuses?.[0]?.state.waiting?.reason).toBe("ImagePullBackOff");
  });

  test("a failing readiness probe leaves a running pod not ready", async () => {
    const status = await statusOf("not-ready");
    expect(status.phase).toBe("Running");
    expect(status.conditions).toContainEqual(
      expect.objectContaining({ type: "Ready", status: "False", reason: "ContainersNotReady" }),
    );
  });

  test("a pod that no Node takes says so", async () => {
    const status = await statusOf("unschedulable");
    expect(status.conditions).toEqual([
      expect.objectContaining({ type: "PodScheduled", status: "False", reason: "Unschedulable" }),
    ]);
  });

  test("a pod follows its annotation when it changes", async () => {
    await statusOf("container-creating");
    const [pod] = await podsOf("container-creating");
    if (pod === undefined) throw new Error("the pod is gone");
    await client.patch(pod, { metadata: { annotations: { [BEHAVIOUR_ANNOTATION]: "ready" } } });
    await waitFor(async () => isReady(await client.get<Pod>("v1/Pod", pod.metadata.name, namespace)));
  });

  /** Status of the first pod of a Deployment with this behaviour, once the kubelet has written it. */
  async function statusOf(behaviour: Behaviour): Promise<Pod["status"]> {
    await client.apply(deployment(namespace, behaviour, behaviour));
    return waitFor(async () => {
      const [pod] = await podsOf(behaviour);
      // Binding alone makes a status, with PodScheduled and nothing else.
      const written = behaviour === "unschedulable" ? pod?.status.conditions : pod?.status.containerStatuses;
      return written === undefined ? undefined : pod?.status;
    });
  }

  function podsOf(app: string): Promise<Pod[]> {
    return client.list<Pod>("v1/Pod", { namespace, labelSelector: `app=${app}` });
  }
});

test("a namespace goes away with everything in it", async () => {
  const namespace = await createNamespace(client, "doomed");
  await client.apply(service(namespace, "web"));
  await deleteNamespace(client, namespace);
  expect(await client.list("v1/Service", { namespace })).toEqual([]);
});

test("a ServiceAccount's token carries its own permissions only", async () => {
  const namespace = await createNamespace(client, "rbac");
  const rbac = { apiVersion: "rbac.authorization.k8s.io/v1" };
  const metadata = { name: "reader", namespace };
  await client.apply({ apiVersion: "v1", kind: "ServiceAccount", metadata });
  const rules = [{ apiGroups: [""], resources: ["services"], verbs: ["list"] }];
  await client.apply({ ...rbac, kind: "Role", metadata, rules });
  const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "reader" };
  const subjects = [{ kind: "ServiceAccount", name: "reader", namespace }];
  await client.apply({ ...rbac, kind: "RoleBinding", metadata, roleRef, subjects });

  const token = await client.createToken(namespace, "reader");
  const reader = new TestClient({ ...client.connection, token });
  try {
    // The authorizer learns of the binding through a watch of its own.
    expect(await eventually(() => reader.list("v1/Service", { namespace }))).toEqual([]);
    const forbidden = await reader.list("v1/Pod", { namespace }).catch((error: unknown) => error);
    expect(forbidden).toBeInstanceOf(ApiError);
    expect(forbidden).toMatchObject({ statusCode: 403, reason: "Forbidden" });
  } finally {
    await reader.close();
  }
});

test("tables are printed as kubectl prints them", async () => {
  const namespace = await createNamespace(client, "table");
  await client.apply(service(namespace, "web"));
  const lines = (await client.printTable("v1/Service", { namespace })).split("\n");
  expect(lines[0]).toMatch(/^NAME {3,}TYPE {3,}CLUSTER-IP {3,}EXTERNAL-IP {3,}PORT\(S\) {3,}AGE$/);
  expect(lines[1]).toMatch(/^web {3,}ClusterIP {3,}10\.96\.\S+ {3,}<none> {3,}80\/TCP/);
});

function isReady(pod: Pod): boolean {
  return pod.status.conditions.some((condition) => condition.type === "Ready" && condition.status === "True");
}

function deployment(namespace: string, name: string, behaviour: Behaviour): Manifest {
  const labels = { app: name };
  const containers = [{ name: "web", image: "registry.example.com/web:1", ports: [{ containerPort: 8080 }] }];
  const annotations = { [BEHAVIOUR_ANNOTATION]: behaviour };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: { metadata: { labels, annotations }, spec: { containers } },
    },
  };
}

function service(namespace: string, name: string): Manifest {
  const spec = { selector: { app: name }, ports: [{ name: "http", port: 80, targetPort: 8080 }] };
  return { apiVersion: "v1", kind: "Service", metadata: { name, namespace }, spec };
}
