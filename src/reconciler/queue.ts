import PQueue from "p-queue";
import type { ObjectKey } from "../model/refs.ts";
import type { Clock } from "./ports.ts";

/**
 * What became of one run of a key.
 *
 * - `done`: nothing more to do until something changes;
 * - `requeue`: fine, but look again after some time;
 * - `retry`: failed; look again after the key's backoff, or after `afterMs` where that is longer.
 */
export type RunResult =
  | { readonly kind: "done" }
  | { readonly kind: "requeue"; readonly afterMs: number }
  | { readonly kind: "retry"; readonly afterMs?: number };

/** Receives what client-go's work queue metrics count; durations in seconds. */
export interface QueueMetrics {
  added(): void;
  retried(): void;
  depthChanged(depth: number): void;
  started(waited: number): void;
  finished(worked: number): void;
}

/** How a {@link WorkQueue} behaves; durations in milliseconds. */
export interface WorkQueueOptions {
  /** Runs one key; a rejection counts as `retry`. Never called twice at once for a key. */
  readonly run: (key: ObjectKey, signal: AbortSignal) => Promise<RunResult>;
  readonly clock: Clock;
  readonly metrics: QueueMetrics;
  /** Keys that run at the same time. */
  readonly concurrency: number;
  /** A burst of changes runs this long after its last one. @defaultValue 50 */
  readonly quietMs?: number;
  /** A burst of changes runs this long after its first one at the latest. @defaultValue 200 */
  readonly patienceMs?: number;
  /** First backoff of a failing key, doubled by every failure. @defaultValue 500 */
  readonly backoffMs?: number;
  /** Longest backoff. @defaultValue 300000 */
  readonly maxBackoffMs?: number;
}

/** A run may keep the event loop this long before timers and sockets get their turn. */
const SLICE_MS = 10;

interface Waiting {
  /** Monotonic milliseconds. */
  readonly due: number;
  readonly cancel: () => void;
}

/**
 * A queue of keys with the semantics of client-go's work queue.
 *
 * A key waits at most once, never runs twice at once, and runs once more when it was added while it ran. Of
 * several delayed additions the earliest wins, and a run takes back whatever was still delayed: its result
 * says when to look again.
 */
export class WorkQueue {
  readonly #options: Required<WorkQueueOptions>;
  readonly #slots: PQueue;
  readonly #abort = new AbortController();
  /** Keys to run, with the time they were added. */
  readonly #dirty = new Map<ObjectKey, number>();
  /** Keys that run, with the time they started. */
  readonly #running = new Map<ObjectKey, number>();
  readonly #waiting = new Map<ObjectKey, Waiting>();
  /** First change of a burst. */
  readonly #bursts = new Map<ObjectKey, number>();
  readonly #failures = new Map<ObjectKey, number>();
  #sliceStart = 0;
  #nextSlice: Promise<void> | undefined;

  constructor(options: WorkQueueOptions) {
    this.#options = { quietMs: 50, patienceMs: 200, backoffMs: 500, maxBackoffMs: 300_000, ...options };
    this.#slots = new PQueue({ concurrency: options.concurrency });
  }

  /** Adds a key at once. */
  add(key: ObjectKey): void {
    if (this.#abort.signal.aborted || this.#dirty.has(key)) return;
    this.#dirty.set(key, this.#now());
    this.#options.metrics.added();
    this.#depthChanged();
    if (!this.#running.has(key)) this.#schedule(key);
  }

  /** Adds a key when its changes pause. */
  addChanged(key: ObjectKey): void {
    if (this.#abort.signal.aborted || this.#dirty.has(key)) return;
    const now = this.#now();
    const start = this.#bursts.get(key) ?? now;
    this.#bursts.set(key, start);
    const due = Math.min(now + this.#options.quietMs, start + this.#options.patienceMs);
    // A longer delay that already waits, such as a backoff, gives way; the burst's own timer moves on.
    this.#cancel(key);
    this.#wait(key, due);
  }

  /** Adds a key after a delay; an earlier delayed addition of the key stands. */
  addAfter(key: ObjectKey, milliseconds: number): void {
    if (this.#abort.signal.aborted) return;
    const due = this.#now() + milliseconds;
    const waiting = this.#waiting.get(key);
    if (waiting !== undefined && waiting.due <= due) return;
    this.#cancel(key);
    this.#wait(key, due);
  }

  /** Whether a key waits, is delayed or runs. */
  has(key: ObjectKey): boolean {
    return this.#dirty.has(key) || this.#waiting.has(key) || this.#running.has(key);
  }

  /** Keys ready to run. */
  get depth(): number {
    return this.#dirty.size;
  }

  /** Seconds since each running key started. */
  runningSeconds(): number[] {
    const now = this.#now();
    return [...this.#running.values()].map((start) => (now - start) / 1000);
  }

  /** Takes no more work, asks the keys that run to stop, and resolves when they have. */
  async shutDown(): Promise<void> {
    this.#abort.abort();
    for (const key of [...this.#waiting.keys()]) this.#cancel(key);
    this.#dirty.clear();
    this.#depthChanged();
    this.#slots.clear();
    await this.#slots.onIdle();
  }

  #wait(key: ObjectKey, due: number): void {
    const cancel = this.#options.clock.after(Math.max(0, due - this.#now()), () => {
      this.#waiting.delete(key);
      this.add(key);
    });
    this.#waiting.set(key, { due, cancel });
  }

  #cancel(key: ObjectKey): void {
    this.#waiting.get(key)?.cancel();
    this.#waiting.delete(key);
  }

  #schedule(key: ObjectKey): void {
    void this.#slots.add(() => this.#run(key));
  }

  async #run(key: ObjectKey): Promise<void> {
    // A free slot would run the key inside `add`, before its caller has added it for the second time.
    await undefined;
    // Nothing may come between the question and the run, or all slots would take the last of a slice at once.
    while (this.#now() - this.#sliceStart >= SLICE_MS) await this.#turn();
    const added = this.#dirty.get(key);
    if (added === undefined) return;
    const start = this.#now();
    this.#dirty.delete(key);
    this.#bursts.delete(key);
    this.#cancel(key);
    this.#running.set(key, start);
    this.#depthChanged();
    this.#options.metrics.started((start - added) / 1000);
    const result = await this.#attempt(key);
    this.#running.delete(key);
    this.#options.metrics.finished((this.#now() - start) / 1000);
    this.#finish(key, result);
    if (this.#dirty.has(key)) this.#schedule(key);
  }

  async #attempt(key: ObjectKey): Promise<RunResult> {
    try {
      return await this.#options.run(key, this.#abort.signal);
    } catch {
      return { kind: "retry" };
    }
  }

  #finish(key: ObjectKey, result: RunResult): void {
    if (result.kind !== "retry") this.#failures.delete(key);
    if (result.kind === "requeue") this.addAfter(key, result.afterMs);
    if (result.kind !== "retry" || this.#abort.signal.aborted) return;
    const failures = this.#failures.get(key) ?? 0;
    this.#failures.set(key, failures + 1);
    this.#options.metrics.retried();
    const { backoffMs, maxBackoffMs } = this.#options;
    this.addAfter(key, Math.max(Math.min(backoffMs * 2 ** failures, maxBackoffMs), result.afterMs ?? 0));
  }

  /**
   * Waits until timers and sockets had their turn, and starts a new slice.
   *
   * Thousands of keys that need no request would otherwise run in one turn of the event loop. All runs share
   * one slice: each with its own would together take many times as long.
   */
  #turn(): Promise<void> {
    this.#nextSlice ??= new Promise<void>((resolve) => {
      this.#options.clock.after(0, () => {
        this.#nextSlice = undefined;
        this.#sliceStart = this.#now();
        resolve();
      });
    });
    return this.#nextSlice;
  }

  #depthChanged(): void {
    this.#options.metrics.depthChanged(this.#dirty.size);
  }

  #now(): number {
    return this.#options.clock.monotonic();
  }
}
