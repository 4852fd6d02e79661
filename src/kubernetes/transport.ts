import type { Readable } from "node:stream";
import type { KubeConfig } from "@kubernetes/client-node/dist/config.js";
import { type Dispatcher, request } from "undici";
import { text } from "../model/json.ts";
import type { AdapterMetrics, Clock } from "../reconciler/ports.ts";
import { ApiFailure, failureOfError, failureOfStatus } from "./api-failure.ts";
import { type Access, Credentials } from "./credentials.ts";
import { guardDispatcher } from "./guarded-dispatcher.ts";

/** Largest answer of one call that is read; a page of 500 objects stays far below. */
const MAX_BODY = 256 * 1024 * 1024;

/** Default deadline of a call. */
export const CALL_TIMEOUT_MS = 10_000;

/** One request to the API server. */
export interface ApiRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Absolute path, already percent-encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** @defaultValue application/json */
  readonly contentType?: string;
  /** Ends the request early with {@link ApiFailure} `aborted`. */
  readonly signal?: AbortSignal;
  /**
   * Milliseconds until the whole answer must be there; for {@link Transport.stream} until its headers.
   *
   * @defaultValue {@link CALL_TIMEOUT_MS}
   */
  readonly timeoutMs?: number;
  /** Asked right before the first byte leaves; a request that may not start fails as `aborted`. */
  readonly mayStart?: () => boolean;
}

/** An open watch. */
export interface ApiStream {
  /** Chunks of the answer; ends when the server ends it, throws what {@link failureOfError} classifies. */
  readonly chunks: Readable;
}

/** Requests to one API server. Both methods reject with {@link ApiFailure} only. */
export interface ApiClient {
  /** Answers the parsed JSON of a 2xx answer. */
  call(call: ApiRequest): Promise<unknown>;
  /**
   * Opens a stream; its body fails with a timeout after `idleMs` without a byte.
   *
   * The caller must read it to its end or destroy it.
   */
  stream(call: ApiRequest, idleMs: number): Promise<ApiStream>;
}

/** What a {@link Transport} works with. */
export interface TransportOptions {
  readonly config: KubeConfig;
  readonly clock: Clock;
  readonly metrics: AdapterMetrics;
  /** Sent as User-Agent, and so shown in audit logs and as default field manager. */
  readonly userAgent: string;
}

/** The adapter's only way to the API server: one pool of connections, a deadline on everything, no retries but one. */
export class Transport implements ApiClient {
  readonly #credentials: Credentials;
  readonly #options: TransportOptions;

  constructor(options: TransportOptions) {
    this.#options = options;
    this.#credentials = new Credentials(options.config, () => options.clock.monotonic());
  }

  async call(call: ApiRequest): Promise<unknown> {
    return this.#measured(call, (signal) =>
      this.#authorized(async (access) => {
        const answer = await this.#send(access, call, { signal });
        return parseJson(await readText(answer.body));
      }),
    );
  }

  async stream(call: ApiRequest, idleMs: number): Promise<ApiStream> {
    return this.#measured(call, (signal, release) =>
      this.#authorized(async (access) => {
        const answer = await this.#send(access, call, { signal, bodyTimeout: idleMs });
        // The deadline was for the headers; from here on only the caller's signal counts.
        release();
        if (call.signal !== undefined) destroyOnAbort(answer.body, call.signal);
        return { chunks: answer.body };
      }),
    );
  }

  /** Closes every connection; requests under way fail. */
  close(): Promise<void> {
    return this.#credentials.close();
  }

  /** Runs `attempt` once more with fresh credentials when the server does not accept the known ones. */
  async #authorized<T>(attempt: (access: Access) => Promise<T>): Promise<T> {
    try {
      return await attempt(await this.#credentials.access());
    } catch (error) {
      if (!(error instanceof ApiFailure) || error.status !== 401) throw error;
      this.#credentials.refresh();
      return attempt(await this.#credentials.access());
    }
  }

  async #send(
    access: Access,
    call: ApiRequest,
    limits: { readonly signal: AbortSignal; readonly bodyTimeout?: number },
  ): Promise<Dispatcher.ResponseData> {
    const query = new URLSearchParams(call.query).toString();
    const answer = await request(`${access.server}${call.path}${query === "" ? "" : `?${query}`}`, {
      method: call.method,
      dispatcher: guardDispatcher(access.dispatcher, call.mayStart),
      headersTimeout: 0,
      bodyTimeout: 0,
      ...limits,
      headers: {
        ...access.headers,
        accept: "application/json",
        "user-agent": this.#options.userAgent,
        ...(call.body === undefined ? {} : { "content-type": call.contentType ?? "application/json" }),
      },
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    });
    if (answer.statusCode >= 200 && answer.statusCode < 300) return answer;
    throw failureOfStatus(answer.statusCode, await readStatus(answer.body), retryAfter(answer));
  }

  /** Bounds `attempt` by the call's deadline and signal, classifies what it throws and counts it. */
  async #measured<T>(
    call: ApiRequest,
    attempt: (signal: AbortSignal, release: () => void) => Promise<T>,
  ): Promise<T> {
    const { clock, metrics } = this.#options;
    const started = clock.monotonic();
    const finished = (code: string): void =>
      metrics.requestFinished("kubernetes", call.method, code, (clock.monotonic() - started) / 1_000);
    const bound = new Bound(call.signal, call.timeoutMs ?? CALL_TIMEOUT_MS);
    try {
      const result = await bound.run(() => attempt(bound.signal, () => bound.release()));
      finished("2xx");
      return result;
    } catch (error) {
      const failure = bound.failure ?? failureOfError(error);
      finished(failure.status === undefined ? failure.kind : String(failure.status));
      throw failure;
    } finally {
      bound.release();
    }
  }
}

/** Path of a collection or object. */
export function resourcePath(
  type: { readonly group: string; readonly version: string; readonly plural: string },
  namespace?: string,
  name?: string,
): string {
  const base = type.group === "" ? `/api/${type.version}` : `/apis/${type.group}/${type.version}`;
  const scope = namespace === undefined ? "" : `/namespaces/${encodeURIComponent(namespace)}`;
  const last = name === undefined ? "" : `/${encodeURIComponent(name)}`;
  return `${base}${scope}/${type.plural}${last}`;
}

/**
 * Joins a deadline and the caller's signal into one signal for one request.
 *
 * `AbortSignal.any` would leave a dependent behind on a caller's signal that lives as long as the process.
 */
class Bound {
  /** Why the signal fired; undefined while it has not. */
  failure: ApiFailure | undefined;
  readonly #controller = new AbortController();
  readonly #caller: AbortSignal | undefined;
  readonly #timer: NodeJS.Timeout;
  readonly #onAbort = (): void => this.#fail(new ApiFailure("aborted"));

  constructor(caller: AbortSignal | undefined, timeoutMs: number) {
    this.#caller = caller;
    this.#timer = setTimeout(() => this.#fail(new ApiFailure("timeout")), timeoutMs);
    caller?.addEventListener("abort", this.#onAbort, { once: true });
    if (caller?.aborted) this.#onAbort();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Settles with `work`, or at once when the signal fires, even while credentials are being fetched. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const { signal } = this;
    if (this.failure !== undefined) return Promise.reject(this.failure);
    return new Promise((resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      work().then(resolve, reject);
    });
  }

  /** Ends the deadline and lets go of the caller's signal. */
  release(): void {
    clearTimeout(this.#timer);
    this.#caller?.removeEventListener("abort", this.#onAbort);
  }

  #fail(failure: ApiFailure): void {
    this.failure = failure;
    this.#controller.abort(failure);
  }
}

function destroyOnAbort(stream: Readable, signal: AbortSignal): void {
  const destroy = (): void => void stream.destroy(new ApiFailure("aborted"));
  signal.addEventListener("abort", destroy, { once: true });
  stream.once("close", () => signal.removeEventListener("abort", destroy));
  if (signal.aborted) destroy();
}

async function readText(body: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += (chunk as Buffer).length;
    if (size > MAX_BODY) throw new ApiFailure("malformed", { detail: `an answer over ${MAX_BODY} bytes` });
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parseJson(body: string): unknown {
  if (body === "") return undefined;
  try {
    return JSON.parse(body);
  } catch {
    throw new ApiFailure("malformed", { detail: "an answer that is not JSON" });
  }
}

/** The Status object of a refusal; undefined where something else answers, such as a proxy's page. */
async function readStatus(body: Readable): Promise<unknown> {
  try {
    const parsed = parseJson(await readText(body));
    return text(parsed, "kind") === "Status" ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function retryAfter(answer: Dispatcher.ResponseData): string | undefined {
  const value = answer.headers["retry-after"];
  return Array.isArray(value) ? value[0] : value;
}
