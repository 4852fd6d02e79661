import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** How a {@link TcpProxy} ends connections: with a TCP reset, or in good order. */
export type Cut = "reset" | "close";

/**
 * A TCP proxy on loopback that can hurt the connections it carries.
 *
 * It knows nothing of TLS or HTTP, so a client meets exactly what a network between it and its server could do.
 */
export class TcpProxy {
  readonly port: number;
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  #frozen = false;
  #refusing = false;
  #bytesLeft = Number.POSITIVE_INFINITY;
  /** Connections accepted so far. */
  accepted = 0;

  private constructor(server: Server, target: URL) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    server.on("connection", (client) => this.#accept(client, target));
  }

  /** Starts a proxy in front of `target`, a URL with an explicit port. */
  static async start(target: string): Promise<TcpProxy> {
    const server = createServer({ pauseOnConnect: true });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new TcpProxy(server, new URL(target));
  }

  /** `https://127.0.0.1:<port>` */
  get url(): string {
    return `https://127.0.0.1:${this.port}`;
  }

  /** Connections open now. */
  get open(): number {
    return this.#pairs.size;
  }

  /** Ends every open connection; new ones are carried again at once. */
  cut(how: Cut): void {
    for (const pair of [...this.#pairs]) this.#end(pair, how);
  }

  /** Accepts and keeps connections but carries no byte in either direction, like a peer that lost power. */
  freeze(): void {
    this.#frozen = true;
    for (const { client, server } of this.#pairs) {
      client.pause();
      server.pause();
    }
  }

  /** Carries again what was held back and whatever comes. */
  thaw(): void {
    this.#frozen = false;
    for (const { client, server } of this.#pairs) {
      client.resume();
      server.resume();
    }
  }

  /** Resets every connection, open or new, until {@link accept}. */
  refuse(): void {
    this.#refusing = true;
    this.cut("reset");
  }

  /** Ends {@link refuse}. */
  accept(): void {
    this.#refusing = false;
  }

  /** Resets the connection that carries the byte after `count` more bytes to clients; once. */
  cutAfterBytes(count: number): void {
    this.#bytesLeft = count;
  }

  async stop(): Promise<void> {
    this.cut("reset");
    this.#server.close();
    await once(this.#server, "close");
  }

  #accept(client: Socket, target: URL): void {
    this.accepted += 1;
    if (this.#refusing) {
      client.resetAndDestroy();
      return;
    }
    const server = connect(Number(target.port), target.hostname);
    const pair = { client, server };
    this.#pairs.add(pair);
    client.on("data", (chunk) => server.write(chunk));
    server.on("data", (chunk) => this.#toClient(pair, chunk));
    for (const socket of [client, server]) {
      socket.on("error", () => this.#end(pair, "reset"));
      socket.on("end", () => this.#end(pair, "close"));
    }
    if (this.#frozen) server.pause();
    else client.resume();
  }

  #toClient(pair: Pair, chunk: Buffer): void {
    if (chunk.length <= this.#bytesLeft) {
      this.#bytesLeft -= chunk.length;
      pair.client.write(chunk);
      return;
    }
    const allowed = this.#bytesLeft;
    this.#bytesLeft = Number.POSITIVE_INFINITY;
    // The allowed part must arrive before the reset, which would overtake it.
    pair.client.write(chunk.subarray(0, allowed), () => this.#end(pair, "reset"));
  }

  #end(pair: Pair, how: Cut): void {
    if (!this.#pairs.delete(pair)) return;
    if (how === "reset") pair.client.resetAndDestroy();
    else pair.client.end();
    pair.server.destroy();
  }
}

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
}
