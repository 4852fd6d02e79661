import { field, number, record, text } from "../model/json.ts";
import type { CachedKind, CachedTypes } from "../reconciler/ports.ts";
import { ApiFailure, failureOfStatus } from "./api-failure.ts";
import type { WatchedKind } from "./kinds.ts";
import { LineSplitter } from "./line-splitter.ts";
import type { ApiClient } from "./transport.ts";

/** A resource version to watch from; undefined to begin with everything that exists. */
export type WatchVersion = string | undefined;

/** One projected object under its identity. */
export interface Entry<T> {
  /** Empty for cluster-scoped objects. */
  readonly namespace: string;
  readonly name: string;
  readonly object: T;
}

/** One change: the new object, or undefined when it is gone. */
export type Delta<T> = Omit<Entry<T>, "object"> & { readonly object: T | undefined };

/** Receives one watch. Its methods are called between chunks, never while a chunk is being read. */
export interface WatchStreamSink<T> {
  /** The server accepted the watch. */
  connected(): void;
  /** The initial list is complete; only called when the watch began without a version. */
  listed(entries: ReadonlyMap<string, Entry<T>>): void;
  reuse(entry: Entry<T>): T;
  apply(deltas: readonly Delta<T>[]): void;
  /** Bytes arrived. */
  contacted(): void;
  /** Everything up to this version has been handed over. */
  version(version: string): void;
}

/** One watch to be made. */
export interface WatchOptions<T> {
  readonly transport: ApiClient;
  readonly path: string;
  readonly kind: Pick<WatchedKind, "fieldSelector"> & { readonly project: (raw: unknown) => T | undefined };
  readonly from: WatchVersion;
  /** The server ends the watch after that. */
  readonly seconds: number;
  readonly idleMs: number;
  readonly headersTimeoutMs: number | undefined;
  readonly signal: AbortSignal;
  readonly sink: WatchStreamSink<T>;
}

/**
 * Reads one watch to its end.
 *
 * Resolves when the server ends it in good order; rejects with `ApiFailure` otherwise, after handing over what
 * was complete. Without a version it asks for a streamed list (`sendInitialEvents`), which a server may refuse
 * with `invalid`.
 */
export async function watchOnce<T>(options: WatchOptions<T>): Promise<void> {
  const { transport, path, signal, sink, headersTimeoutMs } = options;
  const { chunks } = await transport.stream(
    {
      method: "GET",
      path,
      query: watchQuery(options),
      signal,
      ...(headersTimeoutMs === undefined ? {} : { timeoutMs: headersTimeoutMs }),
    },
    options.idleMs,
  );
  sink.connected();
  const reader = new WatchReader(options);
  for await (const chunk of chunks) {
    if (signal.aborted) return;
    sink.contacted();
    reader.read(chunk as Buffer);
  }
}

function watchQuery({ from, seconds, kind }: WatchOptions<unknown>): Record<string, string> {
  const initial = { sendInitialEvents: "true", resourceVersionMatch: "NotOlderThan" };
  return {
    watch: "1",
    allowWatchBookmarks: "true",
    timeoutSeconds: String(seconds),
    ...(from === undefined ? initial : { resourceVersion: from }),
    ...(kind.fieldSelector === undefined ? {} : { fieldSelector: kind.fieldSelector }),
  };
}

const INITIAL_END = "k8s.io/initial-events-end";

/** Turns the lines of one watch into deltas and hands them over once per chunk. */
class WatchReader<T> {
  readonly #options: WatchOptions<T>;
  readonly #lines = new LineSplitter();
  /** Objects of the initial list until it is complete. */
  #initial: Map<string, Entry<T>> | undefined;
  /** The initial list once it is complete, until it is handed over. */
  #complete: ReadonlyMap<string, Entry<T>> | undefined;
  #deltas: Delta<T>[] = [];
  #version: string | undefined;

  constructor(options: WatchOptions<T>) {
    this.#options = options;
    if (options.from === undefined) this.#initial = new Map();
  }

  read(chunk: Buffer): void {
    try {
      for (const line of this.#lines.push(chunk)) this.#readLine(line);
    } finally {
      this.#handOver();
    }
  }

  #handOver(): void {
    const { sink } = this.#options;
    const complete = this.#complete;
    const deltas = this.#deltas;
    const version = this.#version;
    this.#complete = undefined;
    this.#deltas = [];
    this.#version = undefined;
    if (complete !== undefined) sink.listed(complete);
    if (deltas.length > 0) sink.apply(deltas);
    if (version !== undefined) sink.version(version);
  }

  #readLine(line: string): void {
    const event = parseEvent(line);
    const raw = field(event, "object");
    switch (text(event, "type")) {
      case "ADDED":
      case "MODIFIED":
        this.#changed(raw, false);
        break;
      case "DELETED":
        this.#changed(raw, true);
        break;
      case "BOOKMARK":
        this.#bookmark(raw);
        break;
      case "ERROR":
        throw failureOfStatus(number(raw, "code") ?? 500, raw);
      default:
        throw new ApiFailure("malformed", { detail: "an event of no known type" });
    }
  }

  #changed(raw: unknown, deleted: boolean): void {
    const identity = identityOf(raw);
    if (identity === undefined) throw new ApiFailure("malformed", { detail: "an object without a name" });
    const object = deleted ? undefined : this.#options.kind.project(raw);
    if (this.#initial === undefined) {
      this.#deltas.push({ ...identity, object });
      this.#version = versionOf(raw) ?? this.#version;
      return;
    }
    const key = `${identity.namespace}/${identity.name}`;
    if (object === undefined) this.#initial.delete(key);
    else this.#initial.set(key, { ...identity, object: this.#options.sink.reuse({ ...identity, object }) });
  }

  #bookmark(raw: unknown): void {
    if (this.#initial !== undefined) {
      const annotations = record(record(raw, "metadata"), "annotations");
      if (text(annotations, INITIAL_END) !== "true") {
        // A server that knows streamed lists sends no other bookmark before their end.
        throw new ApiFailure("invalid", { detail: "the server does not stream lists" });
      }
      this.#complete = this.#initial;
      this.#initial = undefined;
    }
    this.#version = versionOf(raw) ?? this.#version;
  }
}

function parseEvent(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new ApiFailure("malformed", { detail: "a line that is not JSON" });
  }
}

function versionOf(raw: unknown): string | undefined {
  return text(record(raw, "metadata"), "resourceVersion");
}

function identityOf(raw: unknown): Omit<Entry<never>, "object"> | undefined {
  const metadata = record(raw, "metadata");
  const name = text(metadata, "name");
  return name === undefined ? undefined : { namespace: text(metadata, "namespace") ?? "", name };
}

/** Projects one raw object of a list; undefined for one that no diagnosis reads. */
export function entryOf<K extends CachedKind>(
  kind: Pick<WatchedKind<K>, "project">,
  raw: unknown,
): Entry<CachedTypes[K]> | undefined {
  const identity = identityOf(raw);
  const object = kind.project(raw);
  return identity === undefined || object === undefined ? undefined : { ...identity, object };
}
