import { negName } from "../controlplane/gke/names.ts";
import type {
  AnyObject,
  Container,
  EndpointSlice,
  HttpProbe,
  Ingress,
  KindName,
  Metadata,
  Node,
  ObjectOf,
  Pod,
  PodSpec,
  Service,
  ServicePort,
} from "./raw-objects.ts";

export const MINUTE = 60_000;

/** When every healthy cluster was made. */
export const CREATED = Date.parse("2026-11-23T06:00:00Z");

export const IDS = { clusterUid: "7c1e09d2a4b85f36", kubeSystemUid: "4b0f5c9e-31aa-4b57-8d2e-d2a4d6a3a001" };

export const GATE = "cloud.google.com/load-balancer-neg-ready";

export const ZONES = ["us-central1-a", "us-central1-b", "us-central1-c"] as const;

const NODES = ZONES.map((zone, index) => ({
  zone,
  name: `gke-lab-default-pool-5f3c2a1b-k${index + 1}`,
  index,
}));

/** One cluster as its API server would answer, at a moment of its life. */
export class Cluster {
  readonly namespace = "shop";
  objects: AnyObject[] = [];

  /** The object of a kind and name in the namespace under test; throws when it is not there. */
  get<Kind extends KindName>(kind: Kind, name: string): ObjectOf<Kind> {
    const found = this.all(kind).find(({ metadata }) => metadata.name === name);
    if (found === undefined) throw new Error(`There is no ${kind} ${name}.`);
    return found;
  }

  /** Every object of a kind in the namespace under test, or without a namespace. */
  all<Kind extends KindName>(kind: Kind): ObjectOf<Kind>[] {
    return this.objects.filter(
      (object): object is ObjectOf<Kind> =>
        object.kind === kind && (object.metadata.namespace ?? this.namespace) === this.namespace,
    );
  }

  add(...objects: readonly AnyObject[]): void {
    this.objects.push(...objects);
  }

  remove(...objects: readonly AnyObject[]): void {
    const gone = new Set<AnyObject>(objects);
    this.objects = this.objects.filter((object) => !gone.has(object));
  }

  copy(): Cluster {
    const copy = new Cluster();
    copy.objects = structuredClone(this.objects);
    return copy;
  }

  /** The Ingress under test: the first. */
  get ingress(): Ingress {
    const first = this.all("Ingress")[0];
    if (first === undefined) throw new Error("There is no Ingress.");
    return first;
  }

  /** Services of the Ingress under test, in order of first use. */
  get services(): Service[] {
    const { rules = [], defaultBackend } = this.ingress.spec;
    const backends = [...rules.flatMap((rule) => rule.http?.paths ?? []).map(({ backend }) => backend)];
    if (defaultBackend !== undefined) backends.push(defaultBackend);
    const names = new Set(backends.flatMap(({ service }) => service?.name ?? []));
    return this.all("Service").filter(({ metadata }) => names.has(metadata.name));
  }

  /** The Service that faults concern: the first backend of the Ingress. */
  get service(): Service {
    const first = this.services[0];
    if (first === undefined) throw new Error("The Ingress names no Service.");
    return first;
  }

  podsOf(service: Service): Pod[] {
    const { selector } = service.spec;
    if (selector === undefined) return [];
    return this.all("Pod").filter((pod) =>
      Object.entries(selector).every(([key, value]) => pod.metadata.labels?.[key] === value),
    );
  }
}

export function stamp(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

/** Metadata of an object that `kubectl apply` made at `at`. */
export function metadata(kind: string, name: string, at: number, more: Partial<Metadata> = {}): Metadata {
  return {
    name,
    namespace: "shop",
    uid: `${kind.toLowerCase()}-${name}-uid`,
    creationTimestamp: stamp(at),
    generation: 1,
    managedFields: [written("kubectl-client-side-apply", at)],
    ...more,
  };
}

function written(manager: string, at: number) {
  return { manager, operation: "Update", time: stamp(at), fieldsV1: { "f:spec": {} } };
}

/** Notes that a person changed the object at `at`. */
export function touch(object: AnyObject, at: number): void {
  object.metadata.generation = (object.metadata.generation ?? 1) + 1;
  object.metadata.managedFields = [...(object.metadata.managedFields ?? []), written("kubectl-edit", at)];
}

export function nodes(): Node[] {
  return NODES.map(({ zone, name, index }) => ({
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      uid: `node-${index}-uid`,
      creationTimestamp: stamp(CREATED - 60 * MINUTE),
      labels: { "topology.kubernetes.io/zone": zone, "cloud.google.com/gke-nodepool": "default-pool" },
    },
    spec: { podCIDR: `10.4.${index}.0/24`, providerID: `gce://lab-project/${zone}/${name}` },
    status: {
      addresses: [{ address: `10.128.0.${index + 2}`, type: "InternalIP" }],
      conditions: [condition("Ready", "True", CREATED - 60 * MINUTE, "KubeletReady")],
    },
  }));
}

/** A condition; `at` is null where the controller leaves the time out. */
export function condition(type: string, status: string, at: number | null, reason = "") {
  return { type, status, reason, message: "", lastTransitionTime: at === null ? null : stamp(at) };
}

export interface AppOptions {
  readonly replicas?: number;
  readonly port?: number;
  readonly portName?: string;
  readonly probe?: HttpProbe | undefined;
  readonly gates?: boolean;
  readonly kind?: "Deployment" | "StatefulSet";
  readonly labels?: Readonly<Record<string, string>>;
  readonly extraPorts?: Container["ports"];
}

export function httpProbe(path = "/ready", port: number | string = "http", scheme = "HTTP"): HttpProbe {
  return { httpGet: { path, port, scheme }, timeoutSeconds: 1, periodSeconds: 10 };
}

/** A workload with all its pods running and ready. */
export function app(name: string, options: AppOptions = {}): AnyObject[] {
  const { replicas = 3, port = 8080, portName = "http", gates = true, kind = "Deployment" } = options;
  const probe = "probe" in options ? options.probe : httpProbe();
  const labels = { app: name, ...options.labels };
  const spec: PodSpec = {
    containers: [
      {
        name,
        image: `registry.example.com/${name}:1.4.2`,
        ports: [{ name: portName, containerPort: port, protocol: "TCP" }, ...(options.extraPorts ?? [])],
        ...(probe === undefined ? {} : { readinessProbe: probe }),
        lifecycle: { preStop: { sleep: { seconds: 60 } } },
      },
    ],
    ...(gates ? { readinessGates: [{ conditionType: GATE }] } : {}),
    terminationGracePeriodSeconds: 120,
  };
  const workload = {
    apiVersion: "apps/v1",
    kind,
    metadata: metadata(kind, name, CREATED),
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels }, spec },
      ...(kind === "Deployment"
        ? { strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "25%", maxSurge: "25%" } } }
        : {}),
    },
    status: {
      observedGeneration: 1,
      replicas,
      readyReplicas: replicas,
      updatedReplicas: replicas,
      availableReplicas: replicas,
      conditions:
        kind === "Deployment"
          ? [
              condition("Available", "True", CREATED, "MinimumReplicasAvailable"),
              condition("Progressing", "True", CREATED, "NewReplicaSetAvailable"),
            ]
          : [],
    },
  };
  const pods = Array.from({ length: replicas }, (_, index) =>
    readyPod(kind === "StatefulSet" ? `${name}-${index}` : `${name}-5bd9849bbb-x${index}k2p`, index, {
      spec,
      labels: { ...labels, "pod-template-hash": "5bd9849bbb" },
      owner: { kind: kind === "StatefulSet" ? kind : "ReplicaSet", name: `${name}-5bd9849bbb` },
    }),
  );
  return [workload as AnyObject, ...pods];
}

interface PodShape {
  readonly spec: PodSpec;
  readonly labels: Record<string, string>;
  readonly owner: { readonly kind: string; readonly name: string };
}

/** A pod that runs and is ready since a minute after its creation. */
export function readyPod(name: string, index: number, { spec, labels, owner }: PodShape, at = CREATED): Pod {
  const node = NODES[index % NODES.length] ?? NODES[0];
  const address = [...name].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) % 200, 7) + 10;
  const since = at + MINUTE;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: metadata("Pod", name, at, {
      labels,
      ownerReferences: [{ apiVersion: "apps/v1", ...owner, uid: `${owner.name}-uid`, controller: true }],
    }),
    spec: { ...structuredClone(spec), nodeName: node?.name ?? "" },
    status: {
      phase: "Running",
      podIP: `10.4.${node?.index ?? 0}.${address}`,
      conditions: [
        condition("PodScheduled", "True", at),
        condition("Initialized", "True", at),
        condition("ContainersReady", "True", since),
        condition("Ready", "True", since),
        ...(spec.readinessGates === undefined ? [] : [condition(GATE, "True", null, "LoadBalancerNegReady")]),
      ],
      containerStatuses: spec.containers.map((container) => ({
        name: container.name,
        image: container.image,
        ready: true,
        restartCount: 0,
        state: { running: { startedAt: stamp(since) } },
        lastState: {},
      })),
    },
  };
}

export interface ServiceOptions {
  readonly type?: string;
  readonly neg?: object | undefined;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ports?: Service["spec"]["ports"];
  readonly headless?: boolean;
  readonly selector?: Record<string, string>;
}

/** A Service with the NEG annotation, port 80 to the container port named `http`. */
export function service(name: string, options: ServiceOptions = {}): Service {
  const { type = "ClusterIP", annotations = {}, headless = false, selector = { app: name } } = options;
  const neg = "neg" in options ? options.neg : { ingress: true };
  const ports = options.ports ?? [{ name: "http", port: 80, protocol: "TCP", targetPort: "http" }];
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: metadata("Service", name, CREATED, {
      annotations: {
        ...(neg === undefined ? {} : { "cloud.google.com/neg": JSON.stringify(neg) }),
        ...annotations,
      },
    }),
    spec: {
      type,
      ...(headless ? { clusterIP: "None" } : {}),
      selector,
      ports: ports.map((port, index) => (type === "ClusterIP" ? port : { nodePort: 30080 + index, ...port })),
      ipFamilies: ["IPv4"],
    },
  };
}

/** Rebuilds the EndpointSlices of every Service with a selector, as kube-controller-manager does. */
export function slice(cluster: Cluster): void {
  const owned = cluster.all("EndpointSlice").filter(isManaged);
  cluster.remove(...owned);
  for (const one of cluster.all("Service")) {
    if (one.spec.selector === undefined || one.spec.type === "ExternalName") continue;
    cluster.add(...slicesOf(cluster, one));
  }
}

function isManaged({ metadata: { labels } }: EndpointSlice): boolean {
  return labels?.["endpointslice.kubernetes.io/managed-by"] === "endpointslice-controller.k8s.io";
}

/** One slice for the pods with the same port numbers; an empty one when no pod has an address. */
function slicesOf(cluster: Cluster, owner: Service): EndpointSlice[] {
  const groups = new Map<string, { ports: EndpointSlice["ports"]; pods: Pod[] }>();
  for (const pod of cluster.podsOf(owner)) {
    if (pod.status.podIP === undefined || pod.status.phase === "Succeeded") continue;
    const ports = owner.spec.ports.flatMap((port) => {
      const number = containerPort(pod, port);
      return number === undefined ? [] : [{ name: port.name ?? "", port: number, protocol: port.protocol }];
    });
    const key = JSON.stringify(ports);
    const group = groups.get(key) ?? { ports, pods: [] };
    group.pods.push(pod);
    groups.set(key, group);
  }
  const filled = [...groups.values()];
  const shapes = filled.length === 0 ? [{ ports: [], pods: [] }] : filled;
  return shapes.map(({ ports, pods }, index) => ({
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: metadata("EndpointSlice", `${owner.metadata.name}-9wz7${index}`, CREATED, {
      labels: {
        "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
        "kubernetes.io/service-name": owner.metadata.name,
      },
    }),
    addressType: "IPv4",
    ports,
    endpoints: pods.map((pod) => endpointOf(pod, cluster.namespace)),
  }));
}

/** A name is looked up among container ports of the same protocol. */
function containerPort(pod: Pod, { targetPort, protocol }: ServicePort): number | undefined {
  if (typeof targetPort === "number") return targetPort;
  const ports = pod.spec.containers.flatMap((container) => container.ports);
  return ports.find((port) => port.name === targetPort && port.protocol === protocol)?.containerPort;
}

function endpointOf(pod: Pod, namespace: string) {
  const ready = pod.status.conditions.some(({ type, status }) => type === "Ready" && status === "True");
  const terminating = pod.metadata.deletionTimestamp !== undefined;
  const node = NODES.find(({ name }) => name === pod.spec.nodeName);
  return {
    addresses: [pod.status.podIP ?? ""],
    conditions: { ready: ready && !terminating, serving: ready, terminating },
    targetRef: { kind: "Pod", namespace, name: pod.metadata.name },
    ...(node === undefined ? {} : { nodeName: node.name, zone: node.zone }),
  };
}

/** Name of the NEG of a Service port. */
export function negOf(owner: Service, port: number): string {
  return negName(IDS, owner.metadata.namespace ?? "", owner.metadata.name, port);
}
