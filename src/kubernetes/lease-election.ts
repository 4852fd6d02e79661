import type { Leadership, Logger } from "../reconciler/ports.ts";
import { type ApiFailure, failureOfError } from "./api-failure.ts";
import { pause } from "./backoff.ts";
import { type LeaseAddress, LeaseObject, type StoredLease } from "./lease-object.ts";

/** Times of a leader election, in milliseconds. They must satisfy duration > renewDeadline > retry. */
export interface LeaseTimings {
  /** Others wait so long after the last renewal they saw before they take over. */
  readonly durationMs: number;
  /** A leader that could not renew for so long stops writing; earlier than anybody may take over. */
  readonly renewDeadlineMs: number;
  readonly retryMs: number;
  /** Deadline of one request, so that one silent connection does not use up the renew deadline. */
  readonly requestTimeoutMs: number;
}

/** The timings of Kubernetes' own components. */
export const LEASE_TIMINGS: LeaseTimings = {
  durationMs: 15_000,
  renewDeadlineMs: 10_000,
  retryMs: 2_000,
  requestTimeoutMs: 3_000,
};

/** What a {@link LeaseElection} works with. */
export interface LeaseOptions extends LeaseAddress {
  readonly logger: Logger;
  /** Different in every process, such as the pod's name with a random suffix. */
  readonly identity: string;
  /** @defaultValue {@link LEASE_TIMINGS} */
  readonly timings?: LeaseTimings;
  /** Called once when leadership is lost, not when it is released. The process must end. */
  readonly onLost: () => void;
}

/**
 * Elects one leader among processes by a Lease, with client-go's semantics.
 *
 * Whether another's Lease has expired is judged by how long this process has seen it unchanged, never by the
 * times written in it, so clocks need not agree. The holder counts its own validity from before the request
 * that renewed it, so it stops before anybody else may start.
 */
export class LeaseElection implements Leadership {
  /** Fires when leadership is lost or released; every write of the leader must carry it. */
  readonly signal: AbortSignal;
  readonly #options: LeaseOptions;
  readonly #timings: LeaseTimings;
  readonly #object: LeaseObject;
  readonly #ended = new AbortController();
  readonly #listeners: (() => void)[] = [];
  /** Monotonic time from before the last successful renewal; undefined while not the leader. */
  #renewedAt: number | undefined;
  /** Another's Lease and since when it has been seen so. */
  #observed: { readonly version: string; readonly at: number } | undefined;
  /** How long the observed Lease counts as held when it does not change. */
  #observedMs = 0;
  /** Our Lease as last written; undefined when it must be read first. */
  #lease: StoredLease | undefined;
  #failing = false;

  constructor(options: LeaseOptions) {
    this.#options = options;
    this.#timings = options.timings ?? LEASE_TIMINGS;
    this.#object = new LeaseObject(options, this.#timings.requestTimeoutMs);
    this.signal = this.#ended.signal;
  }

  isLeader(): boolean {
    return !this.signal.aborted && this.#isValid();
  }

  onGained(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Competes until the signal fires, then gives up the Lease it holds; never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    while (!signal.aborted && !this.signal.aborted) {
      const cancelWatchdog = this.#watchdog();
      await this.#attempt(signal);
      if (!this.signal.aborted) await pause(clock, this.#pauseMs(), signal);
      cancelWatchdog();
    }
    if (!this.signal.aborted) await this.#release();
  }

  /**
   * A leader in trouble hurries, for its deadline runs. Candidates spread their looks, of which two fall between
   * two renewals so that a released Lease is soon seen, and look again when the one they saw expires.
   */
  #pauseMs(): number {
    const { retryMs } = this.#timings;
    if (this.#renewedAt !== undefined) return this.#failing ? retryMs / 4 : retryMs;
    const look = (retryMs / 2) * (1 + Math.random() / 5);
    if (this.#observed === undefined) return look;
    const left = this.#observed.at + this.#observedMs - this.#options.clock.monotonic();
    return left > 0 ? Math.min(look, left) : look;
  }

  /** Ends the leadership at the moment it becomes invalid, whatever a request is waiting for. */
  #watchdog(): () => void {
    if (this.#renewedAt === undefined) return () => undefined;
    const { clock } = this.#options;
    const left = this.#renewedAt + this.#timings.renewDeadlineMs - clock.monotonic();
    return clock.after(Math.max(left, 0), () => this.#checkLoss());
  }

  #checkLoss(): void {
    if (this.#renewedAt === undefined || this.#isValid()) return;
    this.#lose("it could not be renewed in time");
  }

  #lose(reason: string): void {
    if (this.signal.aborted) return;
    this.#ended.abort();
    this.#options.logger.error("leadership lost", { reason });
    this.#options.onLost();
  }

  #isValid(): boolean {
    if (this.#renewedAt === undefined) return false;
    return this.#options.clock.monotonic() - this.#renewedAt < this.#timings.renewDeadlineMs;
  }

  async #attempt(signal: AbortSignal): Promise<void> {
    const startedAt = this.#options.clock.monotonic();
    try {
      if (this.#renewedAt === undefined) await this.#acquire(startedAt, signal);
      else await this.#renew(startedAt);
      this.#failing = false;
    } catch (error) {
      this.#failed(failureOfError(error));
    }
    this.#checkLoss();
  }

  /** One line for a row of failures. */
  #failed(failure: ApiFailure): void {
    // Whatever became of the request, the stored Lease may be another one now: read it before the next write.
    this.#lease = undefined;
    if (failure.kind === "aborted" || this.#failing) return;
    this.#failing = true;
    this.#options.logger.warn("leader election request failed", { detail: failure.message });
  }

  async #acquire(startedAt: number, signal: AbortSignal): Promise<void> {
    const stored = await this.#object.read(signal);
    if (signal.aborted || (stored !== undefined && !this.#mayTake(stored))) return;
    await this.#hold(stored, startedAt);
    if (signal.aborted) return;
    this.#options.logger.info("leadership gained", { identity: this.#options.identity });
    for (const listener of this.#listeners) listener();
  }

  async #renew(startedAt: number): Promise<void> {
    const stored = this.#lease ?? (await this.#object.read());
    if (stored !== undefined && stored.holder !== this.#options.identity) {
      this.#lose("another process holds the Lease");
      return;
    }
    await this.#hold(stored, startedAt);
  }

  async #hold(stored: StoredLease | undefined, startedAt: number): Promise<void> {
    this.#lease = await this.#object.hold(stored, this.#options.identity, this.#timings.durationMs);
    this.#renewedAt = startedAt;
  }

  /** A released Lease is free at once, another's when it has not changed for its duration before our eyes. */
  #mayTake(stored: StoredLease): boolean {
    if (stored.holder === "" || stored.holder === this.#options.identity) return true;
    const now = this.#options.clock.monotonic();
    if (this.#observed?.version !== stored.version) this.#observed = { version: stored.version, at: now };
    this.#observedMs = Math.max(stored.durationMs, this.#timings.durationMs);
    return now - this.#observed.at >= this.#observedMs;
  }

  /** Best effort: a Lease that stays held expires anyway. */
  async #release(): Promise<void> {
    const held = this.isLeader();
    this.#ended.abort();
    if (!held) return;
    try {
      const stored = this.#lease ?? (await this.#object.read());
      if (stored?.holder === this.#options.identity) await this.#object.release(stored);
    } catch (error) {
      this.#options.logger.warn("release of the Lease failed", { detail: failureOfError(error).message });
    }
  }
}
