import type {
  Condition,
  Container,
  ContainerState,
  Node,
  Pod,
  Probe,
  Workload,
} from "../../src/model/pod.ts";
import type { Manifest } from "../controlplane/kube-object.ts";

/** RFC 3339 in whole seconds, as most fields of the API have it. */
export function renderTime(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, "Z");
}

export function renderConditions(conditions: readonly Condition[]): object[] {
  return conditions.map(({ since, ...rest }) => ({
    ...rest,
    ...(since === undefined ? {} : { lastTransitionTime: renderTime(since) }),
  }));
}

/** A Pod with its status; init containers are left out. */
export function renderPod(pod: Pod): Manifest {
  const { ref, uid, labels, owner, phase, ip, conditions, containers, deletedAt } = pod;
  const ownerReferences =
    owner === undefined
      ? []
      : [{ apiVersion: "apps/v1", ...owner, uid: `uid-${owner.name}`, controller: true }];
  return {
    apiVersion: ref.apiVersion,
    kind: ref.kind,
    metadata: {
      name: ref.name,
      namespace: ref.namespace,
      uid,
      labels,
      ownerReferences,
      ...(deletedAt === undefined ? {} : { deletionTimestamp: renderTime(deletedAt) }),
    },
    spec: podSpec(pod),
    status: {
      phase,
      ...(ip === undefined ? {} : { podIP: ip, podIPs: [{ ip }] }),
      conditions: renderConditions(conditions),
      containerStatuses: containers.map(renderContainerStatus),
    },
  };
}

function podSpec(pod: Pod) {
  const { nodeName, hostNetwork, readinessGates, containers, terminationGracePeriodSeconds } = pod;
  return {
    ...(nodeName === undefined ? {} : { nodeName }),
    ...(hostNetwork ? { hostNetwork } : {}),
    readinessGates: readinessGates.map((conditionType) => ({ conditionType })),
    containers: containers.map((container) => renderContainer(container, hostNetwork)),
    terminationGracePeriodSeconds,
  };
}

function renderContainer(
  { name, image, ports, readinessProbe, hasPreStop, ...rest }: Container,
  onHost: boolean,
) {
  const { preStopSleepSeconds: seconds } = rest;
  const preStop = seconds === undefined ? { exec: { command: ["true"] } } : { sleep: { seconds } };
  return {
    name,
    image,
    ports: ports.map((port) => (onHost ? { ...port, hostPort: port.containerPort } : port)),
    ...(readinessProbe === undefined ? {} : { readinessProbe: renderProbe(readinessProbe) }),
    ...(hasPreStop ? { lifecycle: { preStop } } : {}),
  };
}

function renderProbe({ kind, path, port, scheme, host, headers, ...timing }: Probe): object {
  const { timeoutSeconds, periodSeconds } = timing;
  const handlers = {
    http: {
      httpGet: {
        ...(path === undefined ? {} : { path }),
        port,
        ...(scheme === undefined ? {} : { scheme }),
        ...(host === undefined ? {} : { host }),
        httpHeaders: headers,
      },
    },
    tcp: { tcpSocket: { port } },
    exec: { exec: { command: ["true"] } },
    grpc: { grpc: { port } },
  };
  return { ...handlers[kind], timeoutSeconds, periodSeconds };
}

function renderContainerStatus(container: Container): object {
  const { name, image, ready, restartCount, waiting, terminated, lastTerminated } = container;
  return {
    name,
    image,
    imageID: "",
    ready,
    restartCount,
    state: {
      ...(waiting === undefined ? {} : { waiting }),
      ...(terminated === undefined ? {} : { terminated: endOf(terminated) }),
    },
    ...(lastTerminated === undefined ? {} : { lastState: { terminated: endOf(lastTerminated) } }),
  };
}

function endOf(state: ContainerState): object {
  return { exitCode: 0, ...state };
}

/** A Deployment or StatefulSet; its template is that of the pods it would own, where there are any. */
export function renderWorkload(workload: Workload, pods: readonly Pod[]): Manifest {
  const { ref, replicas, readyReplicas, updatedReplicas, templateLabels, selector, conditions } = workload;
  const own = pods.find(({ labels }) =>
    Object.entries(selector).every(([key, value]) => labels[key] === value),
  );
  const { nodeName: _placed, ...template } = own === undefined ? EMPTY_TEMPLATE : podSpec(own);
  return {
    apiVersion: ref.apiVersion,
    kind: ref.kind,
    metadata: { name: ref.name, namespace: ref.namespace },
    spec: {
      replicas,
      selector: { matchLabels: selector },
      template: { metadata: { labels: templateLabels }, spec: template },
      minReadySeconds: workload.minReadySeconds,
      ...renderStrategy(workload),
    },
    status: {
      // Pods of a workload that was just scaled down are still counted.
      replicas: Math.max(replicas, readyReplicas, updatedReplicas),
      readyReplicas,
      updatedReplicas,
      conditions: [...renderConditions(conditions), ...rolloutCondition(workload)],
    },
  };
}

const EMPTY_TEMPLATE = {
  nodeName: undefined,
  containers: [{ name: "app", image: "registry.example.com/web:1" }],
};

function renderStrategy({ ref, strategy: type, maxUnavailable }: Workload): object {
  if (type === "") return {};
  const strategy = { type, ...(type === "RollingUpdate" ? { rollingUpdate: { maxUnavailable } } : {}) };
  return ref.kind === "Deployment" ? { strategy } : { updateStrategy: strategy };
}

/** What a Deployment's controller says of its rollout, where the case does not say it itself. */
function rolloutCondition({ ref, rollingOut, replicas, updatedReplicas, conditions }: Workload): object[] {
  const isSaid = conditions.some(({ type }) => type === "Progressing");
  // A finished rollout needs no word, except that pods of another template would look like one under way.
  if (ref.kind !== "Deployment" || isSaid || (!rollingOut && updatedReplicas >= replicas)) return [];
  const reason = rollingOut ? "ReplicaSetUpdated" : "NewReplicaSetAvailable";
  return [{ type: "Progressing", status: "True", reason, message: "" }];
}

export function renderNode(node: Node): Manifest {
  const { ref, ready, zone, project, hasPodCidr, excluded, beingDeleted, subnet, addresses } = node;
  return {
    apiVersion: ref.apiVersion,
    kind: ref.kind,
    metadata: {
      name: ref.name,
      labels: {
        ...(excluded ? { "node.kubernetes.io/exclude-from-external-load-balancers": "" } : {}),
        ...(subnet === undefined ? {} : { "cloud.google.com/gke-node-pool-subnet": subnet }),
      },
    },
    spec: {
      ...(zone === undefined ? {} : { providerID: `gce://${project}/${zone}/${ref.name}` }),
      ...(hasPodCidr ? { podCIDR: "10.4.0.0/24", podCIDRs: ["10.4.0.0/24"] } : {}),
      ...(beingDeleted ? { taints: [{ key: "ToBeDeletedByClusterAutoscaler", effect: "NoSchedule" }] } : {}),
    },
    status: {
      conditions: [{ type: "Ready", status: ready ? "True" : "False", reason: "", message: "" }],
      addresses: addresses.map((address) => ({ type: "InternalIP", address })),
    },
  };
}
