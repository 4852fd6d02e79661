import type { Clock } from "../reconciler/ports.ts";

/** Growing random pauses between attempts, as client-go's reflector makes them. */
export class Backoff {
  readonly #minMs: number;
  readonly #maxMs: number;
  readonly #random: () => number;
  #failures = 0;

  /** Pauses start between `minMs` and twice that, double each time, and stay between `maxMs` and twice that. */
  constructor(minMs: number, maxMs: number, random: () => number) {
    this.#minMs = minMs;
    this.#maxMs = maxMs;
    this.#random = random;
  }

  /** The next pause in milliseconds. */
  next(): number {
    const base = Math.min(this.#minMs * 2 ** this.#failures, this.#maxMs);
    this.#failures += 1;
    return base * (1 + this.#random());
  }

  /** Starts again with the shortest pause. */
  reset(): void {
    this.#failures = 0;
  }
}

/** Resolves after `milliseconds` or as soon as the signal fires, whichever is first. */
export function pause(clock: Clock, milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      cancel();
      signal.removeEventListener("abort", done);
      resolve();
    };
    const cancel = clock.after(milliseconds, done);
    signal.addEventListener("abort", done, { once: true });
  });
}
