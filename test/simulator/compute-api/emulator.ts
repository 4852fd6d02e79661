import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { pipeline, Readable } from "node:stream";
import { answer, errorBody, route } from "./answer.ts";
import { unknownFields } from "./api-description.ts";
import { type Fault, type FaultRule, faultAnswer } from "./faults.ts";
import { Resources } from "./resources.ts";

/** How an emulator answers. */
export interface EmulatorOptions {
  /** Most items of a page, below what the caller asks for. @defaultValue 500 */
  readonly pageSize?: number;
  /** Collects fields the API does not declare, at a cost. @defaultValue false */
  readonly checkAnswers?: boolean;
}

/**
 * The Compute REST API on a loopback port: reads of load balancers, from resources held in memory.
 *
 * Its routes are those of the API description that ships with the client library.
 */
export class ComputeEmulator {
  readonly resources = new Resources();
  /** Requests by RPC, failed ones included. */
  readonly calls = new Map<string, number>();
  /** What was wrong with requests or answers: unknown paths, fields the API does not declare. */
  readonly problems: string[] = [];
  readonly #options: EmulatorOptions;
  readonly #server: Server;
  #faults: { rule: FaultRule; left: number }[] = [];
  /** Most requests that were open at the same time. */
  maxOpen = 0;
  /** Requests that a fault keeps open for as long as the caller waits. */
  held = 0;
  #open = 0;

  constructor(options: EmulatorOptions = {}) {
    this.#options = options;
    this.#server = createServer((request, response) => {
      this.#open += 1;
      this.maxOpen = Math.max(this.maxOpen, this.#open);
      response.on("close", () => {
        this.#open -= 1;
      });
      void this.#serve(request, response);
    });
  }

  /** Listens on a free loopback port and answers the base URL. */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Ends every connection. */
  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Makes calls fail, the first matching rule deciding; no rules means that all is well. */
  fail(...rules: readonly FaultRule[]): void {
    this.#faults = rules.map((rule) => ({ rule, left: rule.times ?? Number.POSITIVE_INFINITY }));
  }

  /** Requests so far, of RPCs that begin with `rpc`. */
  count(rpc = ""): number {
    const counted = [...this.calls].filter(([name]) => name.startsWith(rpc));
    return counted.reduce((sum, [, calls]) => sum + calls, 0);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://emulator");
    const body = await readJson(request);
    const found = route(request.method ?? "", url);
    if (found === undefined) {
      this.problems.push(`${request.method} ${url.pathname} is no route`);
      send(response, 404, errorBody(404, "notFound", "Not Found"));
      return;
    }
    const { name, response: message } = found.rpc;
    this.calls.set(name, (this.calls.get(name) ?? 0) + 1);
    const { status, body: content } = answer(
      { ...found, body },
      this.resources,
      this.#options.pageSize ?? 500,
    );
    if (this.#options.checkAnswers && status === 200) {
      this.problems.push(...unknownFields(message, content).map((field) => `${name}: ${field}`));
    }
    const fault = this.#takeFault(name);
    if (fault === undefined) send(response, status, content);
    else {
      if (HOLDING.has(fault.fault)) this.#hold(response);
      breakAnswer(response, fault, name, JSON.stringify(content));
    }
  }

  #hold(response: ServerResponse): void {
    this.held += 1;
    response.on("close", () => {
      this.held -= 1;
    });
  }

  #takeFault(rpc: string): FaultRule | undefined {
    const found = this.#faults.find(({ rule, left }) => left > 0 && rpc.startsWith(rule.rpc ?? ""));
    if (found === undefined) return undefined;
    found.left -= 1;
    return found.rule;
  }
}

const DRIP_MS = 50;

/** Faults that never come to an end by themselves. */
const HOLDING: ReadonlySet<Fault> = new Set(["hang", "drip"]);

function* endless(): Generator<Buffer> {
  const chunk = Buffer.alloc(1024 * 1024, " ");
  for (;;) yield chunk;
}

function breakAnswer(response: ServerResponse, rule: FaultRule, rpc: string, content: string): void {
  const whole = faultAnswer(rule, rpc);
  if (whole !== undefined) {
    response.writeHead(whole.status, { "content-type": whole.type, ...whole.headers }).end(whole.body);
  } else if (rule.fault === "reset") {
    response.socket?.resetAndDestroy();
  } else if (rule.fault === "truncated") {
    response.writeHead(200, { "content-type": "application/json", "content-length": content.length });
    response.write(content.slice(0, Math.floor(content.length / 2)), () => response.destroy());
  } else if (rule.fault === "drip") {
    response.writeHead(200, { "content-type": "application/json" });
    const drip = setInterval(() => response.write(" "), DRIP_MS);
    response.on("close", () => clearInterval(drip));
  } else if (rule.fault === "flood") {
    response.writeHead(200, { "content-type": "application/json" });
    pipeline(Readable.from(endless()), response, () => undefined);
  }
  // What is left is a hang: the request is read and never answered.
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json; charset=UTF-8" });
  response.end(JSON.stringify(body));
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  return text === "" ? undefined : JSON.parse(text);
}
