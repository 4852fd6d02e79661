import PQueue from "p-queue";
import type { ObjectKey } from "../model/refs.ts";
import type { Clock, EventRequest, EventResult, EventSink } from "./ports.ts";
import type { ReconcileMetrics } from "./reconcile-metrics.ts";

/** Events an Ingress may raise at once, and how often it earns another one. */
const BURST = 10;
const EARN_MS = 5 * 60_000;
/** Events in flight and waiting, over all Ingresses. */
const CAPACITY = 1000;
/** Requests a second, over all Ingresses. */
const PER_SECOND = 5;
const ATTEMPTS = 5;
const FIRST_RETRY_MS = 1000;
/** Names remembered per Ingress; more than it can raise within the hour an Event lives. */
const REMEMBERED = 40;

/** What the outbox works with. */
export interface EventOutboxOptions {
  readonly sink: EventSink;
  readonly clock: Clock;
  readonly metrics: ReconcileMetrics;
}

interface Account {
  /** Names of Events that were sent or are about to be. */
  readonly said: Set<string>;
  tokens: number;
  /** Monotonic milliseconds at which `tokens` was right. */
  countedAt: number;
}

/**
 * Sends Events in the background: each name once, few per Ingress, few per second, never in anybody's way.
 *
 * What does not fit is dropped and counted; the cause of a lasting fault is offered again by later reconciles.
 */
export class EventOutbox {
  readonly #options: EventOutboxOptions;
  readonly #accounts = new Map<ObjectKey, Account>();
  readonly #requests = new PQueue({ concurrency: 1, interval: 1000, intervalCap: PER_SECOND });
  readonly #abort = new AbortController();

  constructor(options: EventOutboxOptions) {
    this.#options = options;
  }

  /** Takes an Event of an Ingress on its way, unless it was said already or the Ingress has said too much. */
  post(key: ObjectKey, event: EventRequest): void {
    const account = this.#account(key);
    if (this.#abort.signal.aborted || account.said.has(event.name)) return;
    if (account.tokens < 1) {
      this.#options.metrics.eventSent("limited");
    } else if (this.#requests.size >= CAPACITY) {
      this.#options.metrics.eventSent("overflow");
    } else {
      account.tokens -= 1;
      this.#markSaid(account, event.name);
      void this.#requests.add(() => this.#send(account, event));
    }
  }

  /** Drops what is remembered of an Ingress that is gone. */
  forget(key: ObjectKey): void {
    this.#accounts.delete(key);
  }

  /** Gives waiting Events up to `milliseconds` to leave, then drops them. */
  async drain(milliseconds: number): Promise<void> {
    let cancel = () => {};
    const timeout = new Promise<void>((resolve) => {
      cancel = this.#options.clock.after(milliseconds, resolve);
    });
    await Promise.race([this.#requests.onIdle(), timeout]);
    cancel();
    this.#abort.abort();
    this.#requests.clear();
  }

  async #send(account: Account, event: EventRequest): Promise<void> {
    const result = await this.#attempt(event);
    this.#options.metrics.eventSent(result.outcome);
    const isSaid =
      result.outcome === "written" || result.outcome === "exists" || result.outcome === "rejected";
    if (!isSaid) account.said.delete(event.name);
  }

  async #attempt(event: EventRequest): Promise<EventResult> {
    const { sink } = this.#options;
    for (let attempt = 1; ; attempt += 1) {
      const result = await sink.create(event, this.#abort.signal);
      const isPassing = result.outcome === "failed" || result.outcome === "throttled";
      if (!isPassing || attempt === ATTEMPTS || this.#abort.signal.aborted) return result;
      const asked = result.outcome === "throttled" ? result.retryAfterMs : undefined;
      await this.#pause(asked ?? FIRST_RETRY_MS * 2 ** (attempt - 1));
    }
  }

  /** Waiting holds up the Events behind it as well: whatever refused this one would refuse them. */
  #pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#abort.signal.removeEventListener("abort", done);
        cancel();
        resolve();
      };
      const cancel = this.#options.clock.after(milliseconds, done);
      this.#abort.signal.addEventListener("abort", done);
    });
  }

  #account(key: ObjectKey): Account {
    const now = this.#options.clock.monotonic();
    const account = this.#accounts.get(key) ?? { said: new Set(), tokens: BURST, countedAt: now };
    const earned = Math.floor((now - account.countedAt) / EARN_MS);
    account.tokens = Math.min(BURST, account.tokens + earned);
    account.countedAt += earned * EARN_MS;
    this.#accounts.set(key, account);
    return account;
  }

  #markSaid(account: Account, name: string): void {
    account.said.add(name);
    const [oldest] = account.said;
    if (account.said.size > REMEMBERED && oldest !== undefined) account.said.delete(oldest);
  }
}
