/** Unhealthy and settling backends are looked at this often. */
export const FAST_MS = 20_000;

/** Healthy backends are looked at this often. */
export const SLOW_MS = 300_000;

/** Collections are listed this often. */
export const LIST_MS = 60_000;

/** Shares of the read rate that lists, fast and slow polls may use; what is left is for what just changed. */
const SHARES = { list: 0.2, fast: 0.35, slow: 0.35 } as const;

const MINUTE_MS = 60_000;

/** How often each kind of read is due, stretched where its usual pace would use more than its share of the rate. */
export class PollPace {
  readonly #callsPerMinute: number;
  readonly #costs: Record<keyof typeof SHARES, Map<string, number>> = {
    list: new Map(),
    fast: new Map(),
    slow: new Map(),
  };

  constructor(callsPerMinute: number) {
    this.#callsPerMinute = callsPerMinute;
  }

  /** Notes how many calls one read of `key` took, and answers the milliseconds until it is due again. */
  after(kind: keyof typeof SHARES, key: string, calls: number): number {
    this.forget(key);
    this.#costs[kind].set(key, calls);
    const usual = { list: LIST_MS, fast: FAST_MS, slow: SLOW_MS }[kind];
    const total = [...this.#costs[kind].values()].reduce((sum, cost) => sum + cost, 0);
    return Math.max(usual, (total * MINUTE_MS) / (this.#callsPerMinute * SHARES[kind]));
  }

  /** Stops counting `key`. */
  forget(key: string): void {
    for (const costs of Object.values(this.#costs)) costs.delete(key);
  }
}
