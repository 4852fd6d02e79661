import type { Cluster } from "../mutations/cluster.ts";
import type { Pod, Service } from "../mutations/raw-objects.ts";
import type { PodNetwork } from "../simulator/pod-network.ts";
import type { PodBehaviour } from "../simulator/pod-server.ts";

/** What GKE's default backend answers. */
const DEFAULT_BACKEND: PodBehaviour = {
  paths: { "/healthz": 200 },
  otherwise: {
    status: 404,
    body: "response 404 (backend NotFound), service rules for the path non-existent \n",
  },
};

/** A container that runs and is not ready answers, but not with success. */
const NOT_READY: PodBehaviour = { otherwise: 503 };

/** What the pods of a scenario do. */
export interface PodScript {
  /** By the pod's label `app`; other pods answer 200 to everything. */
  readonly behaviours: Readonly<Record<string, Omit<PodBehaviour, "protocol">>>;
  /** Services that say which protocol their pods really speak. */
  readonly truth: Cluster;
}

/** Starts a server for every declared port of every container that runs, and leads node ports to them. */
export async function startPods(network: PodNetwork, cluster: Cluster, script: PodScript): Promise<void> {
  const pods = cluster.objects.filter((object): object is Pod => object.kind === "Pod");
  for (const pod of pods) {
    for (const { number, isReady } of runningPorts(pod)) {
      const behaviour = isReady ? behaviourOf(pod, script) : NOT_READY;
      const protocol = protocolOf(pod, script.truth);
      await network.listen(pod.status.podIP ?? "", number, { ...behaviour, protocol }, pod.metadata.name);
    }
  }
  leadNodePorts(network, cluster, pods);
}

function behaviourOf({ metadata }: Pod, { behaviours }: PodScript): PodBehaviour {
  if (metadata.namespace === "kube-system") return DEFAULT_BACKEND;
  return behaviours[metadata.labels?.app ?? ""] ?? {};
}

function runningPorts({ spec, status }: Pod): readonly { number: number; isReady: boolean }[] {
  if (status.podIP === undefined || status.phase !== "Running") return [];
  return spec.containers.flatMap(({ name, ports = [] }) => {
    const state = status.containerStatuses?.find((one) => one.name === name);
    if (state === undefined || !("running" in (state.state ?? {}))) return [];
    return ports.map(({ containerPort }) => ({ number: containerPort, isReady: state.ready }));
  });
}

/** Pods speak what their Service said before anything was broken. */
function protocolOf({ metadata }: Pod, truth: Cluster): NonNullable<PodBehaviour["protocol"]> {
  const own = truth.all("Service").find((service) => selects(service, metadata.labels ?? {}));
  const annotation = own?.metadata.annotations?.["cloud.google.com/app-protocols"] ?? "{}";
  const protocols = Object.values(JSON.parse(annotation) as Record<string, PodBehaviour["protocol"]>);
  return protocols[0] ?? "HTTP";
}

function selects({ spec: { selector } }: Service, labels: Readonly<Record<string, string>>): boolean {
  const wanted = Object.entries(selector ?? {});
  return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
}

function leadNodePorts(network: PodNetwork, cluster: Cluster, pods: readonly Pod[]): void {
  const services = cluster.objects.filter((object): object is Service => object.kind === "Service");
  const nodes = cluster
    .all("Node")
    .flatMap(({ status }) =>
      (status.addresses as readonly { address: string }[]).map(({ address }) => address),
    );
  for (const service of services) {
    const own = pods.filter(
      ({ metadata }) =>
        metadata.namespace === service.metadata.namespace && selects(service, metadata.labels ?? {}),
    );
    for (const { nodePort, targetPort } of service.spec.ports) {
      if (nodePort === undefined) continue;
      const endpoints = own.flatMap((pod) => {
        const ports = pod.spec.containers.flatMap(({ ports: declared = [] }) => declared);
        const number =
          typeof targetPort === "number"
            ? targetPort
            : ports.find(({ name }) => name === targetPort)?.containerPort;
        const isReady = pod.status.conditions.some(
          ({ type, status }) => type === "Ready" && status === "True",
        );
        return number === undefined || !isReady ? [] : [{ address: pod.status.podIP ?? "", port: number }];
      });
      for (const address of nodes) network.forward(address, nodePort, endpoints);
    }
  }
}
