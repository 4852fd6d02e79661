import { connect, type Socket } from "node:net";
import { type PodBehaviour, PodServer } from "./pod-server.ts";

/** A port on which nothing ever listens. */
const CLOSED_PORT = 1;

/** One port of one pod. */
export interface PodEndpoint {
  readonly address: string;
  readonly port: number;
}

/** Leads addresses of pods to servers on loopback ports; on every other address nothing listens. */
export class PodNetwork {
  readonly #servers = new Map<string, PodServer>();
  readonly #nodePorts = new Map<string, readonly PodEndpoint[]>();
  #turn = 0;
  /** Connections that were opened, as `address:port`. */
  readonly connections: string[] = [];

  /** Starts a server for one port of a pod. */
  async listen(
    address: string,
    port: number,
    behaviour: PodBehaviour = {},
    name = address,
  ): Promise<PodServer> {
    const server = await PodServer.start(name, behaviour);
    await this.#servers.get(key(address, port))?.stop();
    this.#servers.set(key(address, port), server);
    return server;
  }

  /** Makes connections to one port of a pod be refused from now on. */
  async close(address: string, port: number): Promise<void> {
    const server = this.#servers.get(key(address, port));
    this.#servers.delete(key(address, port));
    await server?.stop();
  }

  /** Leads a port of a node to pods in turn, as kube-proxy does for node ports. */
  forward(address: string, port: number, endpoints: readonly PodEndpoint[]): void {
    this.#nodePorts.set(key(address, port), endpoints);
  }

  /** The loopback port behind an address; a closed one where nothing listens. */
  portOf(address: string, port: number): number {
    const behind = this.#nodePorts.get(key(address, port)) ?? [];
    this.#turn += 1;
    const next = behind[this.#turn % Math.max(1, behind.length)] ?? { address, port };
    return this.#servers.get(key(next.address, next.port))?.port ?? CLOSED_PORT;
  }

  /** Opens a connection as the network of the cluster would. */
  readonly connect = (address: string, port: number): Socket => {
    this.connections.push(key(address, port));
    return connect({ host: "127.0.0.1", port: this.portOf(address, port) });
  };

  async stop(): Promise<void> {
    await Promise.all([...this.#servers.values()].map((server) => server.stop()));
    this.#servers.clear();
  }
}

function key(address: string, port: number): string {
  return `${address}:${port}`;
}
