import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import type { ExpectedAnswer } from "../../src/diagnostics/diagnosis.ts";
import type { UrlRequest } from "../../src/diagnostics/gke/match-url.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { type Cluster, IDS } from "../mutations/cluster.ts";
import { Resources } from "../simulator/compute-api/resources.ts";
import { DataPlane } from "../simulator/data-plane.ts";
import { seedLoadBalancer } from "../simulator/gke-translation.ts";
import { PodNetwork } from "../simulator/pod-network.ts";
import { type PodScript, startPods } from "./pods.ts";

export const PROJECT = "lab-project";
const BACKENDS = "ingress.kubernetes.io/backends";

/** Milliseconds that stand for a second of timeouts; no scenario waits for one, and busy machines need more. */
const SECOND_MS = 5000;

/** A cluster with pods that answer and the load balancers that GKE made for it. */
export class World {
  readonly resources: Resources;
  readonly network = new PodNetwork();
  readonly plane: DataPlane;

  /** @param resources what Google holds; gets the load balancers */
  constructor(resources = new Resources()) {
    this.resources = resources;
    const { network } = this;
    this.plane = new DataPlane({ resources, network, project: PROJECT, secondMs: SECOND_MS });
  }

  /** Starts the pods of a cluster. */
  async startPods(cluster: Cluster, script: PodScript): Promise<void> {
    await startPods(this.network, cluster, script);
  }

  /** Makes the load balancers of Ingresses, as far as GKE gives them an address, and lets their checks settle. */
  async serve(snapshots: readonly Snapshot[], change: (resources: Resources) => void): Promise<void> {
    for (const snapshot of snapshots) {
      if (snapshot.ingress.addresses.length === 0) continue;
      seedLoadBalancer({ resources: this.resources, project: PROJECT, ids: IDS }, snapshot);
    }
    change(this.resources);
    await this.plane.listen();
    await this.plane.health.settle();
  }

  /** Writes into the Ingresses what the controller would write after its next sync. */
  reportHealth(cluster: Cluster): void {
    for (const { metadata } of cluster.all("Ingress")) {
      const written = metadata.annotations?.[BACKENDS];
      if (metadata.annotations === undefined || written === undefined) continue;
      const names = Object.keys(JSON.parse(written) as object);
      const states = names.map((name) => [name, this.#stateOf(name)]);
      metadata.annotations[BACKENDS] = JSON.stringify(Object.fromEntries(states));
    }
  }

  /** One healthy endpoint is enough; without any endpoint nobody knows. */
  #stateOf(name: string): string {
    const found = this.resources
      .everywhere(PROJECT, "backendServices")
      .find(({ resource }) => resource.name === name)?.resource;
    if (found === undefined) return "HEALTHY";
    const backends = (found.backends ?? []) as readonly { group: string }[];
    const states = backends.flatMap(({ group }) => {
      const path = found.selfLink.slice(found.selfLink.indexOf("projects/"));
      const status = this.resources.health(path, group).healthStatus ?? [];
      return status.map((one) => (one as { healthState: string }).healthState);
    });
    if (states.length === 0) return "Unknown";
    return states.includes("HEALTHY") ? "HEALTHY" : "UNHEALTHY";
  }

  /** What a client gets from the load balancer at this address. */
  ask(address: string, request: UrlRequest): Promise<ExpectedAnswer> {
    const port = this.plane.portOf(address, request.scheme === "https" ? 443 : 80);
    return askLoadBalancer(port, request);
  }

  async stop(): Promise<void> {
    await this.plane.stop();
    await this.network.stop();
  }
}

/** Sends a real request and says who answered what. */
function askLoadBalancer(port: number, { scheme, host, path }: UrlRequest): Promise<ExpectedAnswer> {
  return new Promise((resolve) => {
    const send = scheme === "https" ? requestHttps : requestHttp;
    const options = {
      host: "127.0.0.1",
      port,
      path,
      headers: { host },
      agent: false,
      rejectUnauthorized: false,
    };
    const request = send(options, (response) => {
      let body = "";
      response.on("data", (chunk) => {
        body += String(chunk);
      });
      response.on("end", () => resolve(answerOf(response.statusCode ?? 0, response.headers["x-pod"], body)));
    });
    request.on("error", () => resolve("none"));
    request.end();
  });
}

/** GKE's default backend is known by what it says, the application by the header its pods set. */
function answerOf(status: number, pod: unknown, body: string): ExpectedAnswer {
  if (body.startsWith("response 404 (backend NotFound)")) return "404";
  if (pod !== undefined) return "served";
  if (status === 502) return "502";
  if (status === 503) return "503";
  return status >= 300 && status < 400 ? "redirect" : "unknown";
}
