import { ApiError, type TestClient, type WatchEvent } from "./client.ts";
import { follow } from "./follow.ts";
import { nodeManifest, nodeStatus, podAddress, type TestNode, testNodes } from "./nodes.ts";
import { BEHAVIOUR_ANNOTATION, behaviourOf, type Pod } from "./pod.ts";
import { boundStatus, unschedulableStatus } from "./pod-status.ts";

export interface KubeletOptions {
  /** @defaultValue 3, one in each zone */
  readonly nodes?: number;
}

/** Creates the Nodes of a GKE-like cluster and starts acting as their kubelets and as the scheduler. */
export async function startKubelet(client: TestClient, options: KubeletOptions = {}): Promise<TestKubelet> {
  const nodes = testNodes(options.nodes ?? 3);
  for (const node of nodes) {
    const manifest = nodeManifest(node);
    await client.apply(manifest);
    await client.patchStatus(manifest, nodeStatus(node));
  }
  return new TestKubelet(client, nodes);
}

/**
 * Binds every pod to a Node and keeps its status as its {@link BEHAVIOUR_ANNOTATION} asks, without running
 * anything. Changing the annotation of a pod changes its status; a deleted pod goes away at once.
 */
export class TestKubelet {
  readonly nodes: readonly TestNode[];
  readonly #client: TestClient;
  readonly #abort = new AbortController();
  readonly #running: Promise<void>;
  /** Pod uid -> what is being done for it; keeps the writes for one pod in order. */
  readonly #work = new Map<string, Promise<void>>();
  /** Pod uid -> what its last written status was made of. */
  readonly #written = new Map<string, string>();
  /** Pod address -> pod uid. */
  readonly #addresses = new Map<string, string>();
  #bindings = 0;

  /** Use {@link startKubelet}. */
  constructor(client: TestClient, nodes: readonly TestNode[]) {
    this.#client = client;
    this.nodes = nodes;
    const { signal } = this.#abort;
    this.#running = follow(client, "v1/Pod", (event) => this.#enqueue(event), { signal });
  }

  /** Stops acting and waits for the writes under way; Nodes and pods stay as they are. */
  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#running;
    await Promise.all(this.#work.values());
  }

  #enqueue(event: WatchEvent): void {
    const pod = event.object as Pod;
    const uid = pod.metadata.uid ?? "";
    const before = this.#work.get(uid) ?? Promise.resolve();
    const after = before.then(() => this.#handle(event.type, pod)).catch(reportUnexpected);
    this.#work.set(uid, after);
    void after.then(() => {
      if (this.#work.get(uid) === after) this.#work.delete(uid);
    });
  }

  async #handle(type: WatchEvent["type"], pod: Pod): Promise<void> {
    const uid = pod.metadata.uid ?? "";
    if (type === "DELETED") {
      this.#written.delete(uid);
      for (const [address, holder] of this.#addresses) if (holder === uid) this.#addresses.delete(address);
    } else if (pod.metadata.deletionTimestamp !== undefined) {
      await this.#client.delete(pod, { gracePeriodSeconds: 0 });
    } else if (pod.spec.nodeName === undefined) {
      await this.#schedule(pod);
    } else {
      await this.#report(pod, pod.spec.nodeName);
    }
  }

  async #schedule(pod: Pod): Promise<void> {
    const fitting = behaviourOf(pod) === "unschedulable" ? [] : this.nodes.filter((node) => fits(pod, node));
    const node = fitting[this.#bindings++ % Math.max(1, fitting.length)];
    if (node === undefined) {
      await this.#writeStatus(pod, "unschedulable", () => unschedulableStatus(this.nodes.length));
      return;
    }
    const { name, namespace } = pod.metadata;
    const target = { apiVersion: "v1", kind: "Node", name: node.name };
    const body = { apiVersion: "v1", kind: "Binding", metadata: { name, namespace }, target };
    await this.#client.request("POST", `${await this.#pathOf(pod)}/binding`, { body });
  }

  async #report(pod: Pod, nodeName: string): Promise<void> {
    const node = this.nodes.find((one) => one.name === nodeName);
    // A scenario may bind a pod to a Node that does not exist; nobody reports its status then.
    if (node === undefined) return;
    const gates = (pod.spec.readinessGates ?? []).map(
      (gate) => pod.status?.conditions?.find((one) => one.type === gate.conditionType)?.status,
    );
    await this.#writeStatus(pod, JSON.stringify([behaviourOf(pod), gates]), () =>
      boundStatus(pod, this.#addressOf(pod, node), node.address),
    );
  }

  /** Writes unless the last write was made of the same `inputs`: the echo of a write must not cause another. */
  async #writeStatus(pod: Pod, inputs: string, status: () => object): Promise<void> {
    const uid = pod.metadata.uid ?? "";
    if (this.#written.get(uid) === inputs) return;
    await this.#client.request("PATCH", `${await this.#pathOf(pod)}/status`, {
      // The uid makes the patch fail if another pod has taken the name.
      body: { metadata: { uid }, status: status() },
      // Merges conditions by type: those of other controllers stay.
      contentType: "application/strategic-merge-patch+json",
    });
    this.#written.set(uid, inputs);
  }

  #addressOf(pod: Pod, node: TestNode): string {
    const uid = pod.metadata.uid ?? "";
    if (pod.status?.podIP !== undefined) {
      this.#addresses.set(pod.status.podIP, uid);
      return pod.status.podIP;
    }
    for (let index = 0; ; index++) {
      const address = podAddress(node, index);
      const holder = this.#addresses.get(address);
      if (holder !== undefined && holder !== uid) continue;
      this.#addresses.set(address, uid);
      return address;
    }
  }

  #pathOf(pod: Pod): Promise<string> {
    return this.#client.path("v1/Pod", pod.metadata.namespace, pod.metadata.name);
  }
}

function fits(pod: Pod, node: TestNode): boolean {
  return Object.entries(pod.spec.nodeSelector ?? {}).every(([label, value]) => node.labels[label] === value);
}

/** A pod that changed or went away meanwhile is followed by another event. */
function reportUnexpected(error: unknown): void {
  const isOvertaken = error instanceof ApiError && (error.statusCode === 404 || error.statusCode === 409);
  // A StatefulSet's next pod has the name of the former one, and a patch for that is not for this one.
  const isReplaced = error instanceof ApiError && error.statusCode === 422 && /\.uid\b/.test(error.message);
  if (!isOvertaken && !isReplaced)
    console.error(`test kubelet: ${error instanceof Error ? error.message : String(error)}`);
}
