import { connect, type Socket } from "node:net";
import { type PodBehaviour, PodServer } from "./pod-server.ts";

/** A port on which nothing ever listens. */
const CLOSED_PORT = 1;

/** Leads addresses of pods to servers on loopback ports; on every other address nothing listens. */
export class PodNetwork {
  readonly #servers = new Map<string, PodServer>();
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

  /** The loopback port behind an address; a closed one where nothing listens. */
  portOf(address: string, port: number): number {
    return this.#servers.get(key(address, port))?.port ?? CLOSED_PORT;
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
