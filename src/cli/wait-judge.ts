import type { Clock } from "../reconciler/ports.ts";
import type { Sighting } from "./follower.ts";
import { type Progress, progressOf, type Wanted } from "./readiness.ts";

/** How a wait ended. */
export type Outcome = "reached" | "broken" | "undecided" | "timeout" | "deleted";

/** What a {@link WaitJudge} goes by; durations in milliseconds. */
export interface WaitJudgeOptions extends Wanted {
  readonly timeout: number;
  /** How long an error or an open question must stand before it ends the wait. */
  readonly giveUpAfter: number;
  readonly clock: Clock;
}

/**
 * Decides when a wait is over.
 *
 * What is wanted ends it at once. An error that time does not cure must stand for a while first, because whoever
 * applies several manifests has a few moments in which one names what the next one brings.
 */
export class WaitJudge {
  readonly outcome: Promise<Outcome>;
  readonly #options: WaitJudgeOptions;
  readonly #resolve: (outcome: Outcome) => void;
  readonly #endsAt: number;
  readonly #cancelTimeout: () => void;
  #progress: Progress = "waiting";
  #cancelPatience: () => void = () => {};

  constructor(options: WaitJudgeOptions) {
    this.#options = options;
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    this.outcome = promise;
    this.#resolve = resolve;
    const { clock, timeout } = options;
    this.#endsAt = clock.monotonic() + timeout;
    // What stands when time is up is the better answer.
    this.#cancelTimeout = clock.after(timeout, () =>
      resolve(this.#progress === "broken" || this.#progress === "undecided" ? this.#progress : "timeout"),
    );
  }

  /** Milliseconds until the timeout. */
  timeLeft(): number {
    return Math.max(0, this.#endsAt - this.#options.clock.monotonic());
  }

  seen(sighting: Sighting): void {
    const { clock, giveUpAfter } = this.#options;
    const progress = progressOf(sighting, this.#options);
    if (progress === "reached") this.#resolve("reached");
    if (progress === this.#progress) return;
    this.#progress = progress;
    this.#cancelPatience();
    if (progress === "broken" || progress === "undecided") {
      this.#cancelPatience = clock.after(giveUpAfter, () => this.#resolve(progress));
    }
  }

  gone(): void {
    this.#resolve("deleted");
  }

  /** Ends every timer. */
  stop(): void {
    this.#cancelTimeout();
    this.#cancelPatience();
  }
}
