import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from "node:http2";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { selfSigned } from "../support/self-signed.ts";

/**
 * What a pod does with a request.
 *
 * - a number: that status; an object: more of an answer, `Location` for redirects;
 * - `hang`: nothing; `drop`: the connection closes without an answer;
 * - `endless`: 200 and a body without end; `drip`: 200 and one byte of the headers every now and then.
 */
export type PodAnswer = number | AnswerDetail | "hang" | "drop" | "endless" | "drip";

/** An answer with its parts. */
export interface AnswerDetail {
  readonly status: number;
  readonly location?: string;
  readonly body?: string;
  readonly delayMs?: number;
}

/** How one port of a pod behaves. */
export interface PodBehaviour {
  /** What it speaks; HTTP2 is over TLS and takes nothing older. @defaultValue "HTTP" */
  readonly protocol?: "HTTP" | "HTTPS" | "HTTP2";
  /** By path without query. */
  readonly paths?: Readonly<Record<string, PodAnswer>>;
  /** On every other path. @defaultValue 200 */
  readonly otherwise?: PodAnswer;
}

type Request = IncomingMessage | Http2ServerRequest;
type Response = ServerResponse | Http2ServerResponse;

/** A request that a pod got. */
export interface SeenRequest {
  readonly path: string;
  readonly host: string;
  readonly userAgent: string;
  readonly version: string;
}

const DRIP_MS = 20;
const CHUNK = Buffer.alloc(16 * 1024, "x");
let certificate: ReturnType<typeof selfSigned> | undefined;

/** A real server on a loopback port that stands in for one port of one pod. */
export class PodServer {
  readonly seen: SeenRequest[] = [];
  /** Bytes of endless bodies that were taken off its hands. */
  sent = 0;
  readonly #name: string;
  readonly #server: Server | ReturnType<typeof createSecureServer>;
  readonly #sockets = new Set<Socket>();
  #behaviour: PodBehaviour;

  private constructor(name: string, behaviour: PodBehaviour) {
    this.#name = name;
    this.#behaviour = behaviour;
    const handle = (request: Request, response: Response) => this.#handle(request, response);
    const { protocol = "HTTP" } = behaviour;
    if (protocol !== "HTTP") certificate ??= selfSigned();
    const secure = certificate ?? {};
    if (protocol === "HTTP") this.#server = createServer(handle);
    else if (protocol === "HTTPS") this.#server = createHttpsServer(secure, handle);
    else this.#server = createSecureServer({ ...secure, allowHTTP1: false }, handle);
    this.#server.on("connection", (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
      socket.on("error", () => undefined);
    });
  }

  /** Listens on a free loopback port. */
  static async start(name: string, behaviour: PodBehaviour = {}): Promise<PodServer> {
    const server = new PodServer(name, behaviour);
    await new Promise<void>((resolve) => server.#server.listen(0, "127.0.0.1", resolve));
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Answers differently from now on; the protocol stays. */
  behave(behaviour: Omit<PodBehaviour, "protocol">): void {
    this.#behaviour = behaviour;
  }

  /** Ends every connection. */
  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #handle(request: Request, response: Response): void {
    const path = (request.url ?? "/").replace(/\?.*$/, "");
    const authority = request.headers[":authority"];
    this.seen.push({
      path,
      host: request.headers.host ?? (typeof authority === "string" ? authority : ""),
      userAgent: request.headers["user-agent"] ?? "",
      version: request.httpVersion,
    });
    const { paths = {}, otherwise = 200 } = this.#behaviour;
    const answer = Object.hasOwn(paths, path) ? paths[path] : otherwise;
    if (answer === undefined || answer === "hang") return;
    if (answer === "drop") request.socket.destroy();
    else if (answer === "endless") this.#writeForEver(response);
    else if (answer === "drip") drip(request.socket);
    else this.#write(response, path, typeof answer === "number" ? { status: answer } : answer);
  }

  #write(response: Response, path: string, { status, location, body, delayMs = 0 }: AnswerDetail): void {
    const headers = {
      "content-type": "text/plain",
      "x-pod": this.#name,
      ...(location === undefined ? {} : { location }),
    };
    setTimeout(() => {
      if (response.destroyed) return;
      (response as ServerResponse).writeHead(status, headers);
      response.end(body ?? `${this.#name} ${path}`);
    }, delayMs);
  }

  #writeForEver(response: Response): void {
    (response as ServerResponse).writeHead(200);
    const more = (): void => {
      if (response.destroyed) return;
      this.sent += CHUNK.length;
      (response as ServerResponse).write(CHUNK, () => setImmediate(more));
    };
    more();
  }
}

function drip(socket: Socket): void {
  socket.write("HTTP/1.1 200 OK\r\nx-slow: ");
  const timer = setInterval(() => socket.write("a"), DRIP_MS);
  socket.on("close", () => clearInterval(timer));
}
