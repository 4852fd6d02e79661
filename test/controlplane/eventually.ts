import { setTimeout as sleep } from "node:timers/promises";

export interface WaitOptions {
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
 * After the timeout it throws with the last error, so a failing assertion inside `attempt` is shown as it was.
 */
export async function eventually<T>(attempt: () => Promise<T> | T, options: WaitOptions = {}): Promise<T> {
  const { timeoutMs = 20_000, intervalMs = 100, what = "the expected state" } = options;
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > deadline) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new Error(`${what} was not reached in ${timeoutMs} ms: ${reason}`, { cause: error });
      }
    }
    await sleep(intervalMs);
  }
}

/** Like {@link eventually}, but waits for a value: `undefined` and `false` count as "not yet". */
export function waitFor<T>(
  probe: () => Promise<T> | T,
  options: WaitOptions = {},
): Promise<Exclude<T, undefined | false>> {
  return eventually(async () => {
    const value = await probe();
    if (value === undefined || value === false) throw new Error(`the last answer was ${String(value)}`);
    return value as Exclude<T, undefined | false>;
  }, options);
}
