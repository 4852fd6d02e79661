import type { Clock } from "../../src/reconciler/ports.ts";

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** Time that stands still until a test moves it. */
export class FakeClock implements Clock {
  /** Wall clock; a test may make it jump. */
  wall = Date.parse("2026-01-01T00:00:00Z");
  #monotonic = 1_000;
  readonly #timers = new Set<Timer>();

  now(): number {
    return this.wall;
  }

  monotonic(): number {
    return this.#monotonic;
  }

  after(milliseconds: number, callback: () => void): () => void {
    const timer = { at: this.#monotonic + milliseconds, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Lets time pass, running what becomes due in order and whatever promises that sets off. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.#monotonic + milliseconds;
    await settle();
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#timers.delete(next);
      this.#advance(next.at);
      next.callback();
      await settle();
    }
    this.#advance(end);
  }

  #next(end: number): Timer | undefined {
    return [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
  }

  #advance(to: number): void {
    this.wall += to - this.#monotonic;
    this.#monotonic = to;
  }
}

/** Lets every promise that can settle without time passing do so. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
