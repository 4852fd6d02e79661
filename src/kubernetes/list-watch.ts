import type { CachedKind, CachedTypes, Clock } from "../reconciler/ports.ts";
import { type ApiFailure, failureOfError } from "./api-failure.ts";
import { Backoff, pause } from "./backoff.ts";
import type { WatchedKind } from "./kinds.ts";
import { listPages } from "./paged-list.ts";
import { type ApiClient, resourcePath } from "./transport.ts";
import { type Delta, type Entry, type WatchVersion, watchOnce } from "./watch-stream.ts";

/** Receives what one list-watch loop learns. Its methods are synchronous and do not throw. */
export interface ListWatchSink<T> {
  /** The stored object when it equals `entry.object`, so that an unchanged one is not held twice; else `entry.object`. */
  reuse(entry: Entry<T>): T;
  /** A complete list, which is empty when the type is not served: whatever is not in it does not exist. */
  replace(entries: Iterable<Entry<T>>, phase: "synced" | "absent"): void;
  /** Changes in the order the server made them. */
  apply(deltas: readonly Delta<T>[]): void;
  /** The objects stay as they are, but whether they may be believed has changed. */
  enter(phase: "synced" | "forbidden"): void;
  /** Bytes arrived. */
  contacted(): void;
}

/** Waits and limits of a list-watch loop, in milliseconds. */
export interface ListWatchTimings {
  readonly pageSize: number;
  /** Deadline of one page of a list, and of the headers of a streamed one. */
  readonly listTimeoutMs: number;
  /**
   * A watch without a byte for that long is reconnected from where it was. The server's bookmarks come every
   * 60 s, so only a dead connection is that quiet.
   */
  readonly idleMs: number;
  /** The server ends a watch after this to twice this time, so that watches spread over its replicas. */
  readonly watchSeconds: number;
  readonly backoffMinMs: number;
  readonly backoffMaxMs: number;
  /** A watch that lived this long was healthy: what ends it is no reason to wait. */
  readonly healthyAfterMs: number;
  /** Pause before a forbidden or absent kind is asked for again. */
  readonly recheckMs: number;
}

/** The timings of production. */
export const LIST_WATCH_TIMINGS: ListWatchTimings = {
  pageSize: 500,
  listTimeoutMs: 60_000,
  idleMs: 90_000,
  watchSeconds: 300,
  backoffMinMs: 800,
  backoffMaxMs: 30_000,
  healthyAfterMs: 5_000,
  recheckMs: 30_000,
};

/** What one loop watches and with what. */
export interface ListWatchOptions<K extends CachedKind> {
  readonly kind: WatchedKind<K>;
  /** All namespaces when undefined. */
  readonly namespace?: string;
  readonly transport: ApiClient;
  readonly clock: Clock;
  readonly timings: ListWatchTimings;
  readonly random: () => number;
  readonly sink: ListWatchSink<CachedTypes[K]>;
  readonly report: ListWatchReport;
}

/** Told what a loop does, for metrics and logs. */
export interface ListWatchReport {
  listed(objects: number): void;
  /** The server accepted a watch. */
  connected(): void;
  /** A stream or list ended; without a failure the server ended it in good order. */
  ended(reason: string, failure: ApiFailure | undefined): void;
}

/** How one attempt went, as far as the pause before the next one depends on it. */
interface Attempt {
  readonly failure?: ApiFailure;
  /** Milliseconds between the first byte and the end; 0 when there was no connection. */
  readonly connectedMs: number;
}

/**
 * Keeps one kind in a sink equal to the cluster, for as long as its signal lasts.
 *
 * It never gives up: a lost connection resumes from the last version, a version the server no longer has leads
 * to one new list, a refused or unknown kind is asked for again slowly. Only a complete list replaces anything.
 */
export class ListWatch<K extends CachedKind> {
  readonly #options: ListWatchOptions<K>;
  readonly #backoff: Backoff;
  /** Version to watch from; undefined when a list is needed. */
  #version: WatchVersion;
  /** False once the server has refused to stream a list. */
  #streamsLists = true;

  constructor(options: ListWatchOptions<K>) {
    this.#options = options;
    const { backoffMinMs, backoffMaxMs } = options.timings;
    this.#backoff = new Backoff(backoffMinMs, backoffMaxMs, options.random);
  }

  /** Runs until the signal fires; never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const attempt = await this.#attempt(signal);
      if (signal.aborted) return;
      await pause(this.#options.clock, this.#pauseAfter(attempt), signal);
    }
  }

  async #attempt(signal: AbortSignal): Promise<Attempt> {
    const { clock, report } = this.#options;
    let connectedAt: number | undefined;
    const connectedMs = (): number => (connectedAt === undefined ? 0 : clock.monotonic() - connectedAt);
    try {
      if (this.#version === undefined && !this.#streamsLists) await this.#list(signal);
      await this.#watch(signal, () => {
        connectedAt = clock.monotonic();
      });
      const expired = connectedMs() >= this.#options.timings.watchSeconds * 1_000;
      report.ended(expired ? "expired" : "closed", undefined);
      return { connectedMs: connectedMs() };
    } catch (error) {
      const failure = failureOfError(error);
      const attempt = { failure, connectedMs: connectedMs() };
      if (failure.kind === "aborted") return attempt;
      report.ended(endReason(attempt), failure);
      this.#learn(failure);
      return attempt;
    }
  }

  async #list(signal: AbortSignal): Promise<void> {
    const { kind, transport, timings, sink, report } = this.#options;
    const { entries, version } = await listPages(
      {
        kind,
        transport,
        path: this.#path(),
        pageSize: timings.pageSize,
        timeoutMs: timings.listTimeoutMs,
        sink,
      },
      signal,
    );
    report.listed(entries.length);
    sink.replace(entries, "synced");
    this.#version = version;
  }

  async #watch(signal: AbortSignal, connected: () => void): Promise<void> {
    const { kind, transport, timings, random, sink, report } = this.#options;
    await watchOnce<CachedTypes[K]>({
      transport,
      path: this.#path(),
      kind,
      from: this.#version,
      seconds: Math.round(timings.watchSeconds * (1 + random())),
      idleMs: timings.idleMs,
      headersTimeoutMs: this.#version === undefined ? timings.listTimeoutMs : undefined,
      signal,
      sink: {
        connected: () => {
          connected();
          report.connected();
          // After a permission came back the objects known so far are valid again, and catch up from here.
          if (this.#version !== undefined) sink.enter("synced");
        },
        listed: (entries) => {
          report.listed(entries.size);
          sink.replace(entries.values(), "synced");
        },
        reuse: (entry) => sink.reuse(entry),
        apply: (deltas) => sink.apply(deltas),
        contacted: () => sink.contacted(),
        version: (version) => {
          this.#version = version;
        },
      },
    });
  }

  /** Changes what the next attempt does. */
  #learn(failure: ApiFailure): void {
    const { sink } = this.#options;
    switch (failure.kind) {
      case "invalid":
        // Servers without streamed lists refuse the parameter; a version they cannot read needs a new list.
        if (this.#version === undefined) this.#streamsLists = false;
        this.#version = undefined;
        return;
      case "gone":
        this.#version = undefined;
        return;
      case "not-found":
        this.#version = undefined;
        sink.replace([], "absent");
        return;
      case "forbidden":
        sink.enter("forbidden");
        return;
    }
  }

  #pauseAfter({ failure, connectedMs }: Attempt): number {
    const { timings, random } = this.#options;
    if (failure?.kind === "forbidden" || failure?.kind === "not-found") {
      this.#backoff.reset();
      return timings.recheckMs * (1 + random() / 10);
    }
    if (connectedMs >= timings.healthyAfterMs) this.#backoff.reset();
    // The first reconnect after a healthy watch only spreads the watches of this process.
    const wait = connectedMs >= timings.healthyAfterMs ? random() * 250 : this.#backoff.next();
    return Math.max(wait, failure?.retryAfterMs ?? 0);
  }

  #path(): string {
    return resourcePath(this.#options.kind, this.#options.namespace);
  }
}

/** Word for metrics: a timeout on an open stream is a peer that fell silent. */
function endReason({ failure, connectedMs }: Required<Attempt>): string {
  if (failure.kind === "timeout" && connectedMs > 0) return "idle";
  return failure.kind === "network" ? "reset" : failure.kind;
}
