import { setTimeout as sleep } from "node:timers/promises";

export interface EventuallyOptions {
  /** @defaultValue 20000 */
  readonly timeoutMs?: number;
  /** @defaultValue 100 */
  readonly intervalMs?: number;
  /** What is being waited for, for the failure message. */
  readonly what?: string;
}

/**
 * Calls `attempt` until it returns without throwing, and answers its value.
 *
 * `undefined` and `false` count as "not yet". After the timeout it throws with the last error, so a failing
 * assertion inside `attempt` is shown as it was.
 */
export async function eventually<T>(
  attempt: () => Promise<T> | T,
  options: EventuallyOptions = {},
): Promise<Exclude<T, undefined | false>> {
  const { timeoutMs = 20_000, intervalMs = 100, what = "the expected state" } = options;
  const deadline = performance.now() + timeoutMs;
  let last: unknown;
  for (;;) {
    try {
      const value = await attempt();
      if (value !== undefined && value !== false) return value as Exclude<T, undefined | false>;
      last = new Error(`the last answer was ${String(value)}`);
    } catch (error) {
      last = error;
    }
    if (performance.now() > deadline) {
      const reason = last instanceof Error ? last.message : String(last);
      throw new Error(`${what} was not reached in ${timeoutMs} ms: ${reason}`, { cause: last });
    }
    await sleep(intervalMs);
  }
}
