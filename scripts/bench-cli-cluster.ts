import type { TestClient } from "../test/controlplane/client.ts";
import { type ControlPlane, startControlPlane } from "../test/controlplane/control-plane.ts";
import { eventually } from "../test/controlplane/eventually.ts";
import { installDefaultBackend, installGkeCrds } from "../test/controlplane/gke/install.ts";
import type { Manifest } from "../test/controlplane/kube-object.ts";
import { nodeManifest, testNodes } from "../test/controlplane/nodes.ts";

/** What the cluster of the measurement holds. */
export const SIZE = { ingresses: 1_000, services: 2_000, pods: 4_000, backendConfigs: 1_000 } as const;

const NAMESPACES = 20;
const NODES = 30;
const WRITERS = 16;

/** Starts a control plane with {@link SIZE} objects in it, every pod ready and in its EndpointSlice. */
export async function startBenchCluster(): Promise<ControlPlane> {
  const controlPlane = await startControlPlane({ audit: true, controllers: ["endpointslice-controller"] });
  await fillBenchCluster(controlPlane.client);
  return controlPlane;
}

/** Creates {@link SIZE} objects; returns when every pod is ready and in its EndpointSlice. */
export async function fillBenchCluster(client: TestClient): Promise<void> {
  await installGkeCrds(client);
  await installDefaultBackend(client);
  await createAll(client, testNodes(NODES).map(nodeManifest));
  await createAll(client, numbers(NAMESPACES).map(namespace));
  await createAll(client, numbers(SIZE.backendConfigs).map(backendConfig));
  await createAll(client, numbers(SIZE.services).map(service));
  await inTurns(numbers(SIZE.pods), (index) => createPod(client, index));
  await createAll(client, numbers(SIZE.ingresses).map(ingress));
  await eventually(
    async () => {
      const slices = await client.list("discovery.k8s.io/v1/EndpointSlice");
      if (slices.length < SIZE.services) throw new Error(`${slices.length} EndpointSlices so far`);
    },
    { timeoutMs: 120_000 },
  );
}

/** Removes a pod of the cluster at once and creates it anew, ready. */
export async function replacePod(client: TestClient, index: number): Promise<void> {
  await client.delete(pod(index), { gracePeriodSeconds: 0 });
  await createPod(client, index);
}

async function createPod(client: TestClient, index: number): Promise<void> {
  await client.create(pod(index));
  await client.patchStatus(pod(index), { status: podStatus(index) });
}

function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}

async function createAll(client: TestClient, manifests: readonly Manifest[]): Promise<void> {
  await inTurns(manifests, (manifest) => client.create(manifest));
}

/** Works on all items, a few at a time. */
export async function inTurns<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const rest = [...items];
  const worker = async () => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) await work(item);
  };
  await Promise.all(numbers(WRITERS).map(worker));
}

function namespaceOf(index: number): string {
  return `team-${index % NAMESPACES}`;
}

function namespace(index: number): Manifest {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name: namespaceOf(index) } };
}

/** Services `app-0` and `app-1000`, `app-1` and `app-1001`, ... belong to one Ingress. */
function labels(index: number): Record<string, string> {
  return {
    "app.kubernetes.io/name": `app-${index}`,
    "app.kubernetes.io/component": "frontend",
    "app.kubernetes.io/managed-by": "Helm",
    "helm.sh/chart": "app-1.14.2",
    team: namespaceOf(index),
  };
}

function backendConfig(index: number): Manifest {
  return {
    apiVersion: "cloud.google.com/v1",
    kind: "BackendConfig",
    metadata: { name: `app-${index}`, namespace: namespaceOf(index), labels: labels(index) },
    spec: { healthCheck: { type: "HTTP", requestPath: "/healthz", port: 8080 } },
  } as Manifest;
}

function service(index: number): Manifest {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      name: `app-${index}`,
      namespace: namespaceOf(index),
      labels: labels(index),
      annotations: {
        "cloud.google.com/neg": '{"ingress": true}',
        ...(index < SIZE.backendConfigs
          ? { "cloud.google.com/backend-config": `{"default": "app-${index}"}` }
          : {}),
      },
    },
    spec: {
      selector: { "app.kubernetes.io/name": `app-${index}` },
      ports: [{ name: "http", port: 80, targetPort: "http" }],
    },
  } as Manifest;
}

const NODE_NAMES = testNodes(NODES).map(({ name }) => name);

function pod(index: number): Manifest {
  const app = index % SIZE.services;
  const probe = { httpGet: { path: "/healthz", port: "http" }, periodSeconds: 10 };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: `app-${app}-649bb6f569-${index}`, namespace: namespaceOf(app), labels: labels(app) },
    spec: {
      nodeName: NODE_NAMES[index % NODES],
      automountServiceAccountToken: false,
      containers: [
        {
          name: "web",
          image: `registry.example.com/apps/app-${app}:1.14.2`,
          ports: [{ name: "http", containerPort: 8080 }],
          env: numbers(15).map((variable) => ({ name: `SETTING_${variable}`, value: "v".repeat(40) })),
          resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "256Mi" } },
          readinessProbe: probe,
          livenessProbe: probe,
        },
      ],
    },
  } as Manifest;
}

function podStatus(index: number): object {
  const address = `10.${20 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}`;
  const time = "2026-01-01T00:00:00Z";
  const conditions = ["PodScheduled", "Initialized", "ContainersReady", "Ready"];
  return {
    phase: "Running",
    podIP: address,
    podIPs: [{ ip: address }],
    startTime: time,
    conditions: conditions.map((type) => ({ type, status: "True", lastTransitionTime: time })),
    containerStatuses: [
      {
        name: "web",
        image: `registry.example.com/apps/app:1.14.2`,
        imageID: `registry.example.com/apps/app@sha256:${"0".repeat(64)}`,
        ready: true,
        started: true,
        restartCount: 0,
        state: { running: { startedAt: time } },
      },
    ],
  };
}

function ingress(index: number): Manifest {
  const path = (name: string, at: string) => ({
    path: at,
    pathType: "Prefix",
    backend: { service: { name, port: { number: 80 } } },
  });
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: {
      name: `app-${index}`,
      namespace: namespaceOf(index),
      labels: labels(index),
      annotations: { "kubernetes.io/ingress.class": "gce" },
    },
    spec: {
      rules: [
        {
          host: `app-${index}.example.com`,
          http: { paths: [path(`app-${index}`, "/"), path(`app-${index + SIZE.ingresses}`, "/api")] },
        },
      ],
    },
  } as Manifest;
}
