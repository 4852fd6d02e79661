import type { TestClient } from "../controlplane/client.ts";
import { follow } from "../controlplane/follow.ts";
import type { ClusterIds } from "../controlplane/gke/names.ts";
import { KINDS } from "../controlplane/gke/objects.ts";
import { ANSWERS_ANNOTATION } from "../controlplane/gke/scenario.ts";
import type { KubeObject } from "../controlplane/kube-object.ts";
import { PROJECT, REGION } from "../controlplane/nodes.ts";
import { behaviourOf, type Pod } from "../controlplane/pod.ts";
import { snapshotsOf } from "../support/object-snapshots.ts";
import { ComputeEmulator } from "./compute-api/emulator.ts";
import { selfLinkOf } from "./compute-api/resources.ts";
import { DataPlane } from "./data-plane.ts";
import { seedLoadBalancer } from "./gke-translation.ts";
import { PodNetwork } from "./pod-network.ts";
import { writePodRoutes } from "./pod-routes.ts";
import type { PodAnswer, PodBehaviour } from "./pod-server.ts";

/** Milliseconds that stand for a second of health checks and timeouts: a check every 15 seconds takes 0.75. */
const SECOND_MS = 50;

const DEBOUNCE_MS = 50;
const SYSTEM = "kube-system";

/** Whose load balancers are played. */
export interface GoogleStandInOptions {
  readonly client: TestClient;
  readonly ids: ClusterIds;
  readonly namespace: string;
  /** Where the routes to pods are written, for a process that cannot reach their addresses. */
  readonly routesFile: string;
}

/**
 * Google for a cluster on this machine: servers in place of pods, load balancers that answer, health checks that
 * are really made, and the Compute API that tells of all of it.
 *
 * It follows the namespace and makes of its Ingresses what the project's own model of GKE says, as soon as the
 * Ingress has an address.
 */
export class GoogleStandIn {
  /** URL of the Compute API. */
  readonly endpoint: string;
  readonly #options: GoogleStandInOptions;
  readonly #emulator: ComputeEmulator;
  readonly #network = new PodNetwork();
  readonly #plane: DataPlane;
  readonly #abort = new AbortController();
  readonly #followers: Promise<void>[];
  /** `address:port` of a pod -> what its server was told to answer. */
  readonly #behaviours = new Map<string, string>();
  #timer: NodeJS.Timeout | undefined;
  #work: Promise<void> = Promise.resolve();

  private constructor(options: GoogleStandInOptions, emulator: ComputeEmulator, endpoint: string) {
    this.#options = options;
    this.#emulator = emulator;
    this.endpoint = endpoint;
    const { resources } = emulator;
    const network = this.#network;
    this.#plane = new DataPlane({ resources, network, project: PROJECT, secondMs: SECOND_MS });
    const { signal } = this.#abort;
    const { namespace, client } = options;
    this.#followers = Object.values(KINDS).map((kind) =>
      follow(client, kind, () => this.#schedule(), { namespace, signal }),
    );
  }

  static async start(options: GoogleStandInOptions): Promise<GoogleStandIn> {
    const emulator = new ComputeEmulator();
    const selfLink = selfLinkOf(`projects/${PROJECT}/regions/${REGION}`);
    emulator.resources.put({ name: REGION, selfLink, quotas: [] });
    return new GoogleStandIn(options, emulator, await emulator.start());
  }

  /** Where the load balancer with an address listens on this machine, e.g. `http://127.0.0.1:40123`. */
  urlOf(address: string): string {
    return `http://127.0.0.1:${this.#plane.portOf(address, 80)}`;
  }

  /** Ends all servers. */
  async stop(): Promise<void> {
    this.#abort.abort();
    clearTimeout(this.#timer);
    await Promise.all([...this.#followers, this.#work]);
    await this.#plane.stop();
    await this.#network.stop();
    await this.#emulator.stop();
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#abort.signal.aborted) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#work = this.#work.then(() => this.#sync()).catch(() => this.#schedule());
    }, DEBOUNCE_MS);
  }

  async #sync(): Promise<void> {
    const objects = await this.#objects();
    await this.#servePods(objects.filter((object): object is Pod => object.kind === "Pod"));
    const { ids, namespace } = this.#options;
    for (const snapshot of snapshotsOf(objects, Date.now())) {
      const { ref, addresses } = snapshot.ingress;
      if (ref.namespace !== namespace || addresses.length === 0) continue;
      seedLoadBalancer({ resources: this.#emulator.resources, project: PROJECT, ids }, snapshot);
    }
    await this.#plane.listen();
    this.#plane.health.start();
  }

  async #objects(): Promise<readonly KubeObject[]> {
    const { client, namespace } = this.#options;
    const system = [KINDS.services, KINDS.slices, KINDS.pods];
    const lists = await Promise.all([
      ...Object.values(KINDS).map((kind) => client.list<KubeObject>(kind, { namespace })),
      ...system.map((kind) => client.list<KubeObject>(kind, { namespace: SYSTEM })),
      client.list<KubeObject>("v1/Node"),
    ]);
    return lists.flat();
  }

  /** One server for every port that a running container declares or is said to answer on. */
  async #servePods(pods: readonly Pod[]): Promise<void> {
    const wanted = new Map(pods.flatMap(portsOf));
    for (const key of this.#behaviours.keys()) {
      if (wanted.has(key)) continue;
      this.#behaviours.delete(key);
      await this.#network.close(...addressAndPort(key));
    }
    for (const [key, behaviour] of wanted) {
      const told = JSON.stringify(behaviour);
      if (this.#behaviours.get(key) === told) continue;
      this.#behaviours.set(key, told);
      await this.#network.listen(...addressAndPort(key), behaviour);
    }
    const routes = [...wanted.keys()].map((key) => [key, this.#network.portOf(...addressAndPort(key))]);
    await writePodRoutes(this.#options.routesFile, Object.fromEntries(routes));
  }
}

type Answers = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** What every server of a pod does, by `address:port`. */
function portsOf(pod: Pod): readonly [string, PodBehaviour][] {
  const { podIP: address, phase } = pod.status ?? {};
  if (address === undefined || phase !== "Running") return [];
  const text = pod.metadata.annotations?.[ANSWERS_ANNOTATION];
  if (text !== undefined) {
    return Object.entries(JSON.parse(text) as Answers).map(([port, answers]) => [
      `${address}:${Number.parseInt(port, 10)}`,
      behaviourOfAnswers(answers, port.endsWith("/https") ? "HTTPS" : "HTTP"),
    ]);
  }
  if (behaviourOf(pod) !== "ready") return [];
  const declared = pod.spec.containers.flatMap(({ ports = [] }) => ports);
  return declared.map(({ containerPort }) => [`${address}:${containerPort}`, { otherwise: 200 }]);
}

function behaviourOfAnswers(
  answers: Readonly<Record<string, number>>,
  protocol: "HTTP" | "HTTPS",
): PodBehaviour {
  const { "*": otherwise = 404, ...paths } = answers as Readonly<Record<string, PodAnswer>>;
  return { protocol, paths, otherwise };
}

function addressAndPort(key: string): [address: string, port: number] {
  const [address = "", port = ""] = key.split(":");
  return [address, Number(port)];
}
