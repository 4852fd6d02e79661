import type { Clock } from "../../src/reconciler/ports.ts";

/** Real time, for tests that talk to a real API server. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
};
