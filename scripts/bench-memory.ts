/**
 * Heap that the watch caches need for 10,000 Services, 10,000 EndpointSlices and 10,000 Pods.
 *
 * Objects of realistic size go through the real watch loop, projections, caches and indexes; only the API server
 * is replaced by a stream of JSON lines made in this process. Run it with `node --expose-gc`.
 */
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { ClusterWatch } from "../src/kubernetes/cluster-watch.ts";
import { watchedKinds } from "../src/kubernetes/kinds.ts";
import type { ApiClient } from "../src/kubernetes/transport.ts";
import type { CachedKind } from "../src/reconciler/ports.ts";
import { systemClock } from "../src/telemetry/clock.ts";

const COUNT = 10_000;
const NAMESPACES = 40;
/** Megabytes of heap for all 30,000 objects. */
const BUDGET_MB = 60;
const CHUNK = 64 * 1024;
const MIB = 1024 * 1024;
const KINDS = ["services", "endpointSlices", "pods"] as const;

const collect = globalThis.gc;
if (collect === undefined) {
  console.error("usage: node --expose-gc scripts/bench-memory.ts");
  process.exit(2);
}

function metadata(kind: string, index: number, fields: object) {
  const name = `app-${index}-${kind}`;
  return {
    name,
    namespace: namespaceOf(index),
    uid: `${String(index).padStart(8, "0")}-87a1-44cb-9391-ccf9a30e7fbc`,
    resourceVersion: String(1_000 + index),
    generation: 1,
    creationTimestamp: "2026-01-01T00:00:00Z",
    labels: {
      "app.kubernetes.io/name": `app-${index}`,
      "app.kubernetes.io/instance": `app-${index}-prod`,
      "app.kubernetes.io/component": "frontend",
      "app.kubernetes.io/managed-by": "Helm",
      "helm.sh/chart": "app-1.14.2",
      team: `team-${index % 25}`,
    },
    managedFields: ["kubectl-client-side-apply", "kube-controller-manager"].map((manager) => ({
      manager,
      operation: "Update",
      apiVersion: "v1",
      time: "2026-01-01T00:00:05Z",
      fieldsType: "FieldsV1",
      fieldsV1: { "f:metadata": { "f:labels": { ".": {}, "f:team": {} } }, ...fields },
    })),
  };
}

function namespaceOf(index: number): string {
  return `team-${index % NAMESPACES}`;
}

function service(index: number) {
  const meta = metadata("svc", index, { "f:spec": { "f:ports": {}, "f:selector": {}, "f:type": {} } });
  return {
    kind: "Service",
    apiVersion: "v1",
    metadata: {
      ...meta,
      annotations: {
        "cloud.google.com/neg": '{"ingress": true}',
        "cloud.google.com/neg-status": `{"network_endpoint_groups":{"80":"k8s1-7c1e09d2-app-${index}-80-2c91abe2"},"zones":["us-central1-a","us-central1-b"]}`,
        "kubectl.kubernetes.io/last-applied-configuration": JSON.stringify({ spec: "x".repeat(600) }),
      },
    },
    spec: {
      ports: [{ name: "http", protocol: "TCP", port: 80, targetPort: 8080 }],
      selector: { "app.kubernetes.io/name": `app-${index}`, "app.kubernetes.io/component": "frontend" },
      clusterIP: "10.0.4.177",
      clusterIPs: ["10.0.4.177"],
      type: "ClusterIP",
      sessionAffinity: "None",
      ipFamilies: ["IPv4"],
      ipFamilyPolicy: "SingleStack",
      internalTrafficPolicy: "Cluster",
    },
    status: { loadBalancer: {} },
  };
}

function endpointSlice(index: number) {
  const meta = metadata("slice", index, { "f:addressType": {}, "f:endpoints": {}, "f:ports": {} });
  const labels = {
    ...meta.labels,
    "kubernetes.io/service-name": `app-${index}-svc`,
    "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
  };
  return {
    kind: "EndpointSlice",
    apiVersion: "discovery.k8s.io/v1",
    metadata: { ...meta, labels },
    addressType: "IPv4",
    endpoints: Array.from({ length: 6 }, (_, endpoint) => ({
      addresses: [`10.${index >> 8}.${index & 255}.${endpoint}`],
      conditions: { ready: true, serving: true, terminating: false },
      targetRef: {
        kind: "Pod",
        namespace: meta.namespace,
        name: `app-${index}-649bb6f569-${endpoint}w7tm`,
        uid: `bb4be8da-a3e3-4057-93c0-${endpoint}`,
      },
      nodeName: `gke-prod-default-pool-5f3c2a1b-${index % 100}`,
      zone: `us-central1-${"abc"[endpoint % 3]}`,
    })),
    ports: [{ name: "http", protocol: "TCP", port: 8080 }],
  };
}

function pod(index: number) {
  const meta = metadata("pod", index, {
    "f:spec": { "f:containers": { 'k:{"name":"web"}': Object.fromEntries(fieldNames(25)) } },
    "f:status": { "f:conditions": Object.fromEntries(fieldNames(15)), "f:phase": {} },
  });
  const condition = (type: string) => ({
    type,
    status: "True",
    lastProbeTime: null,
    lastTransitionTime: "2026-01-01T00:00:09Z",
  });
  const probe = { httpGet: { path: "/healthz", port: "http", scheme: "HTTP" }, periodSeconds: 10 };
  return {
    kind: "Pod",
    apiVersion: "v1",
    metadata: {
      ...meta,
      generateName: `app-${index}-649bb6f569-`,
      labels: { ...meta.labels, "pod-template-hash": "649bb6f569" },
      ownerReferences: [
        {
          apiVersion: "apps/v1",
          kind: "ReplicaSet",
          name: `app-${index}-649bb6f569`,
          uid: "x",
          controller: true,
        },
      ],
    },
    spec: {
      nodeName: `gke-prod-default-pool-5f3c2a1b-${index % 100}`,
      serviceAccountName: "default",
      terminationGracePeriodSeconds: 30,
      restartPolicy: "Always",
      volumes: [
        {
          name: "kube-api-access-7bmgk",
          projected: { sources: [{ serviceAccountToken: { path: "token" } }] },
        },
      ],
      tolerations: Array.from({ length: 2 }, () => ({
        key: "node.kubernetes.io/not-ready",
        operator: "Exists",
      })),
      readinessGates: [{ conditionType: "cloud.google.com/load-balancer-neg-ready" }],
      containers: [
        {
          name: "web",
          image: `europe-docker.pkg.dev/prod/apps/app-${index % 500}:1.14.2`,
          ports: [{ name: "http", containerPort: 8080, protocol: "TCP" }],
          env: Array.from({ length: 15 }, (_, env) => ({ name: `SETTING_${env}`, value: "v".repeat(40) })),
          resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "256Mi" } },
          readinessProbe: probe,
          livenessProbe: probe,
          volumeMounts: [{ name: "kube-api-access-7bmgk", mountPath: "/var/run/secrets", readOnly: true }],
        },
      ],
    },
    status: {
      phase: "Running",
      hostIP: "10.128.0.4",
      podIP: `10.${index >> 8}.${index & 255}.1`,
      podIPs: [{ ip: `10.${index >> 8}.${index & 255}.1` }],
      startTime: "2026-01-01T00:00:00Z",
      conditions: [
        "PodReadyToStartContainers",
        "Initialized",
        "Ready",
        "ContainersReady",
        "PodScheduled",
      ].map(condition),
      containerStatuses: [
        {
          name: "web",
          ready: true,
          started: true,
          restartCount: 0,
          image: `europe-docker.pkg.dev/prod/apps/app-${index % 500}:1.14.2`,
          imageID: `europe-docker.pkg.dev/prod/apps/app@sha256:${"0".repeat(64)}`,
          containerID: `containerd://${"0".repeat(64)}`,
          state: { running: { startedAt: "2026-01-01T00:00:03Z" } },
        },
      ],
    },
  };
}

function fieldNames(count: number): [string, object][] {
  return Array.from({ length: count }, (_, index) => [`f:field-number-${index}`, {}]);
}

const MAKERS: { readonly [plural: string]: (index: number) => object } = {
  services: service,
  endpointslices: endpointSlice,
  pods: pod,
};

/** The lines of a streamed list, in chunks as a socket would bring them; then silence. */
async function* streamedList(make: (index: number) => object): AsyncGenerator<Buffer> {
  let text = "";
  for (let index = 0; index < COUNT; index += 1) {
    text += `${JSON.stringify({ type: "ADDED", object: make(index) })}\n`;
    if (text.length < CHUNK) continue;
    yield Buffer.from(text);
    text = "";
    await new Promise((resolve) => setImmediate(resolve));
  }
  const annotations = { "k8s.io/initial-events-end": "true" };
  const bookmark = { type: "BOOKMARK", object: { metadata: { resourceVersion: "99999", annotations } } };
  yield Buffer.from(`${text}${JSON.stringify(bookmark)}\n`);
  await new Promise(() => undefined);
}

const streams: Readable[] = [];
const client: ApiClient = {
  call: () => Promise.reject(new Error("nothing is listed in pages here")),
  stream: async ({ path }) => {
    const make = MAKERS[path.slice(path.lastIndexOf("/") + 1)];
    if (make === undefined) throw new Error(`nothing to stream for ${path}`);
    const chunks = Readable.from(streamedList(make), { objectMode: true, highWaterMark: 1 });
    streams.push(chunks);
    return { chunks };
  },
};

const ignore = () => undefined;
const silent = { debug: ignore, info: ignore, warn: ignore, error: ignore };

interface Measured {
  readonly heapBytes: number;
  readonly cpuMs: number;
  readonly watch: ClusterWatch;
}

/** Fills the caches of `kinds` and answers what they retain; the watch keeps them alive. */
async function fill(kinds: readonly CachedKind[]): Promise<Measured> {
  const before = await heapUsed();
  const cpu = process.cpuUsage();
  const watch = new ClusterWatch({
    transport: client,
    clock: systemClock,
    metrics: { requestFinished: ignore, requestDelayed: ignore, watchEnded: ignore, listed: ignore },
    logger: silent,
    kinds: watchedKinds.filter(({ source }) => kinds.includes(source)),
  });
  await watchStalls(async () => {
    watch.start();
    while (kinds.some((kind) => watch.state(kind).phase !== "synced")) await sleep(20);
  });
  // One question, as each Service asks it, so that the label index is part of the figure.
  if (kinds.includes("pods")) watch.listers.pods.matching("team-0", { "app.kubernetes.io/name": "app-0" });
  const used = process.cpuUsage(cpu);
  return { heapBytes: (await heapUsed()) - before, cpuMs: (used.user + used.system) / 1_000, watch };
}

async function heapUsed(): Promise<number> {
  for (let round = 0; round < 4; round += 1) {
    collect?.();
    await sleep(20);
  }
  return process.memoryUsage().heapUsed;
}

let longestStall = 0;

/** Notes the longest time that `work` keeps timers waiting. */
async function watchStalls(work: () => Promise<void>): Promise<void> {
  let last = performance.now();
  const timer = setInterval(() => {
    longestStall = Math.max(longestStall, performance.now() - last - 5);
    last = performance.now();
  }, 5);
  await work();
  clearInterval(timer);
}

console.log("kind             JSON B/object  heap B/object  CPU ms");
let total = 0;
const kept: ClusterWatch[] = [];
for (const kind of KINDS) {
  const sample = MAKERS[kind.toLowerCase()]?.(4_242);
  const { heapBytes, cpuMs, watch } = await fill([kind]);
  kept.push(watch);
  total += heapBytes;
  const columns = [JSON.stringify(sample).length, Math.round(heapBytes / COUNT), Math.round(cpuMs)];
  console.log(`${kind.padEnd(15)}${columns.map((value) => String(value).padStart(14)).join("")}`);
}
const heapMb = total / MIB;
const peakMb = process.resourceUsage().maxRSS / 1_024;
console.log(
  `all ${KINDS.length * COUNT} objects: ${heapMb.toFixed(1)} MB of heap (budget ${BUDGET_MB}), ` +
    `peak ${peakMb.toFixed(0)} MB resident, longest stall ${longestStall.toFixed(0)} ms`,
);
process.exit(heapMb < BUDGET_MB ? 0 : 1);
