import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** How a {@link BoundedServer} listens and answers. */
export interface BoundedServerOptions {
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  /** Longest time for the headers of a request, and for all of it. */
  readonly timeoutMs: number;
  readonly maxConnections: number;
  /** Answers one request; must not reject. */
  readonly respond: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
}

const KEEP_ALIVE_MS = 5_000;

/** An HTTP server that slow or many clients cannot hold up. */
export class BoundedServer {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Rejects when it cannot listen. */
  static async start(options: BoundedServerOptions): Promise<BoundedServer> {
    const server = createServer({ connectionsCheckingInterval: 1000 }, (request, response) => {
      void options.respond(request, response);
    });
    server.headersTimeout = options.timeoutMs;
    server.requestTimeout = options.timeoutMs;
    server.keepAliveTimeout = KEEP_ALIVE_MS;
    server.maxConnections = options.maxConnections;
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject).listen(options.port, options.host, resolve);
    });
    return new BoundedServer(server);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Stops listening and drops every connection. */
  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }
}
