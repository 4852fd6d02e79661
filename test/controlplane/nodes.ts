import type { Manifest } from "./kube-object.ts";

/** Project, region and zones of the pretended GKE cluster. */
export const PROJECT = "test-project";
export const REGION = "us-central1";
export const ZONES = ["us-central1-a", "us-central1-b", "us-central1-c"] as const;

/** Range of all pod addresses; each Node has its own part of it. */
const POD_RANGE_FIRST_OCTETS = "10.4";

export interface TestNode {
  readonly name: string;
  readonly zone: string;
  readonly address: string;
  readonly podCidr: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** `count` Nodes spread over the zones, named and labelled as GKE does, with 254 pod addresses each. */
export function testNodes(count: number): TestNode[] {
  return Array.from({ length: count }, (_, index) => {
    const zone = ZONES[index % ZONES.length] ?? ZONES[0];
    const name = `gke-test-default-pool-3d9f1c52-${(index + 10).toString(36).padStart(4, "n")}`;
    return {
      name,
      zone,
      address: `10.128.${Math.floor((index + 2) / 256)}.${(index + 2) % 256}`,
      podCidr: `${POD_RANGE_FIRST_OCTETS}.${index}.0/24`,
      labels: {
        "cloud.google.com/gke-nodepool": "default-pool",
        "kubernetes.io/arch": "amd64",
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "topology.kubernetes.io/region": REGION,
        "topology.kubernetes.io/zone": zone,
      },
    };
  });
}

export function nodeManifest(node: TestNode): Manifest {
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: node.name, labels: node.labels },
    spec: {
      podCIDR: node.podCidr,
      podCIDRs: [node.podCidr],
      providerID: `gce://${PROJECT}/${node.zone}/${node.name}`,
    },
  };
}

/** Status of a Node that is ready. */
export function nodeStatus(node: TestNode): unknown {
  const now = new Date().toISOString();
  return {
    status: {
      addresses: [
        { type: "InternalIP", address: node.address },
        { type: "Hostname", address: node.name },
      ],
      conditions: [
        {
          type: "Ready",
          status: "True",
          reason: "KubeletReady",
          message: "kubelet is posting ready status",
          lastHeartbeatTime: now,
          lastTransitionTime: now,
        },
      ],
    },
  };
}

/** The `index`-th pod address of the Node, counted from 0; throws when its range is used up. */
export function podAddress(node: TestNode, index: number): string {
  if (index >= 254) throw new Error(`${node.name} has no pod address left in ${node.podCidr}`);
  return `${node.podCidr.slice(0, node.podCidr.lastIndexOf("."))}.${index + 1}`;
}
