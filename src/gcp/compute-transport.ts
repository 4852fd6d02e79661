import PQueue from "p-queue";
import { type Dispatcher, request } from "undici";
import type { AdapterMetrics, Clock } from "../reconciler/ports.ts";
import { callMethod } from "./call-method.ts";
import type { Credentials } from "./credentials.ts";
import { ComputeFailure, failureOfAnswer } from "./errors.ts";

/** Longest wait for one complete answer, the wait for a turn not included. */
export const CALL_TIMEOUT_MS = 5_000;

const MAX_BODY = 64 * 1024 * 1024;

/** Error bodies are only read for their reasons. */
const MAX_ERROR_BODY = 64 * 1024;

const RATE_WINDOW_MS = 6_000;

/** Sockets open at the same time, and so requests. */
const MAX_REQUESTS = 4;

/** The two reads that the API makes with POST. */
const POST_READS = /\/(getHealth|listNetworkEndpoints)$/;

/** What a {@link ComputeTransport} works with. */
export interface TransportOptions {
  readonly credentials: Credentials;
  readonly clock: Clock;
  readonly metrics: AdapterMetrics;
  /** Requests in any minute. */
  readonly callsPerMinute: number;
  /** Largest answer that is read, in bytes. @defaultValue 64 MiB, far above a page of 500 URL maps */
  readonly maxBody?: number;
  /** Connection pool; undefined for undici's global one. */
  readonly dispatcher?: Dispatcher;
}

/** The part of a fetch answer that google-gax reads. */
export interface GaxAnswer {
  readonly ok: true;
  readonly status: number;
  arrayBuffer(): Promise<ArrayBuffer>;
}

interface GaxRequest {
  readonly method: string;
  readonly headers: Headers;
  readonly body?: string;
  readonly signal: AbortSignal;
}

/**
 * The only way to the Compute API: what google-gax takes for an auth client.
 *
 * It lets only reads pass, caps their rate, bounds their time and size, counts them, and rejects with
 * {@link ComputeFailure} for everything that is no complete 2xx answer. So google-gax decodes no error: one with
 * `error.details` would block the event loop for a third of a second.
 */
export class ComputeTransport {
  readonly #options: TransportOptions;
  readonly #turns: PQueue;
  /** How often the cap was reached. */
  #timesCapped = 0;

  constructor(options: TransportOptions) {
    this.#options = options;
    this.#turns = new PQueue({
      concurrency: MAX_REQUESTS,
      interval: RATE_WINDOW_MS,
      intervalCap: Math.max(1, Math.floor((options.callsPerMinute * RATE_WINDOW_MS) / 60_000)),
      strict: true,
    });
    this.#turns.addEventListener("rateLimit", () => {
      this.#timesCapped += 1;
    });
  }

  /** google-gax asks for this to know an auth client; the headers are added in {@link fetch}. */
  getRequestHeaders(): Promise<Headers> {
    return Promise.resolve(new Headers());
  }

  /** Sends one request when its turn comes. */
  async fetch(url: string | URL, init: GaxRequest): Promise<GaxAnswer> {
    const target = new URL(url);
    if (init.method !== "GET" && !(init.method === "POST" && POST_READS.test(target.pathname))) {
      throw new ComputeFailure("rejected");
    }
    const takeTurn = this.#delayMeter();
    const send = () => {
      takeTurn();
      return this.#measured(target, init);
    };
    return this.#turns.add(send, { signal: init.signal });
  }

  /** To be called when a request that asks now gets its turn: counts its wait if the cap had a part in it. */
  #delayMeter(): () => void {
    const { clock, metrics } = this.#options;
    const askedAt = clock.monotonic();
    const [isCapped, timesCapped] = [this.#turns.isRateLimited, this.#timesCapped];
    return () => {
      if (!isCapped && this.#timesCapped === timesCapped) return;
      metrics.requestDelayed("compute", (clock.monotonic() - askedAt) / 1_000);
    };
  }

  async #measured(url: URL, init: GaxRequest): Promise<GaxAnswer> {
    const { clock, metrics } = this.#options;
    const started = clock.monotonic();
    const method = callMethod(url.pathname);
    const finished = (code: string) =>
      metrics.requestFinished("compute", method, code, (clock.monotonic() - started) / 1_000);
    try {
      const answer = await this.#send(url, init);
      finished("ok");
      return answer;
    } catch (error) {
      const failure = error instanceof ComputeFailure ? error : new ComputeFailure("unavailable");
      finished(failure.kind);
      throw failure;
    }
  }

  async #send(url: URL, init: GaxRequest): Promise<GaxAnswer> {
    const { credentials, dispatcher, clock } = this.#options;
    const headers = new Headers(init.headers);
    for (const [name, value] of await credentials.headers()) headers.set(name, value);
    const deadline = new AbortController();
    const abort = () => deadline.abort(new ComputeFailure("timeout"));
    const cancel = clock.after(CALL_TIMEOUT_MS, abort);
    init.signal.addEventListener("abort", abort, { once: true });
    try {
      const answer = await request(url, {
        method: init.method as "GET" | "POST",
        headers: Object.fromEntries(headers),
        body: init.body ?? null,
        signal: deadline.signal,
        headersTimeout: 0,
        bodyTimeout: 0,
        ...(dispatcher === undefined ? {} : { dispatcher }),
      });
      return await this.#receive(answer);
    } finally {
      cancel();
      init.signal.removeEventListener("abort", abort);
    }
  }

  async #receive({ statusCode, headers, body }: Dispatcher.ResponseData): Promise<GaxAnswer> {
    if (statusCode >= 200 && statusCode < 300) {
      const content = await readBytes(body, this.#options.maxBody ?? MAX_BODY);
      if (content.byteLength === 0) throw new ComputeFailure("malformed");
      return { ok: true, status: statusCode, arrayBuffer: () => Promise.resolve(content) };
    }
    if (statusCode === 401) this.#options.credentials.refuse();
    const retryAfter = headers["retry-after"];
    const failed = parse(await readBytes(body, MAX_ERROR_BODY));
    throw failureOfAnswer(statusCode, failed, typeof retryAfter === "string" ? retryAfter : null);
  }
}

async function readBytes(body: Dispatcher.ResponseData["body"], limit: number): Promise<ArrayBuffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      size += chunk.byteLength;
      if (size > limit) throw new ComputeFailure("malformed");
      chunks.push(chunk);
    }
  } catch (error) {
    // Cut off before its announced end; a deadline carries its own failure.
    throw error instanceof ComputeFailure ? error : new ComputeFailure("malformed");
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole.buffer;
}

function parse(content: ArrayBuffer): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(content));
  } catch {
    return undefined;
  }
}
