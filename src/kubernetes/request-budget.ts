import type { Clock } from "../reconciler/ports.ts";
import { pause } from "./backoff.ts";

/** How many requests a second a {@link RequestBudget} allows. */
export interface BudgetLimits {
  readonly perSecond: number;
  /** Requests that may come at once after a quiet time. */
  readonly burst: number;
}

/**
 * A token bucket for one purpose, so that Events cannot starve statuses and neither starves the Lease.
 *
 * Whoever takes a turn waits for it in the order of asking; a server that asked for a pause gets it for all.
 */
export class RequestBudget {
  readonly #limits: BudgetLimits;
  readonly #clock: Clock;
  /** Time at which the bucket was, or will be, exactly full. */
  #fullAt: number;
  #pausedUntil = 0;

  constructor(limits: BudgetLimits, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
    this.#fullAt = clock.monotonic();
  }

  /** Waits for a turn; answers false when the signal fired first, and the turn is not used. */
  async take(signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return false;
    const now = this.#clock.monotonic();
    const perTurn = 1_000 / this.#limits.perSecond;
    this.#fullAt = Math.max(this.#fullAt, now) + perTurn;
    const due = this.#fullAt - perTurn * this.#limits.burst;
    for (;;) {
      const wait = Math.max(due, this.#pausedUntil) - this.#clock.monotonic();
      if (wait <= 0) return true;
      await pause(this.#clock, wait, signal);
      if (signal.aborted) break;
    }
    this.#fullAt -= perTurn;
    return false;
  }

  /** Gives no turn for so long, because the server said so. */
  pauseFor(milliseconds: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#clock.monotonic() + milliseconds);
  }
}
