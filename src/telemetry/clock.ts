/** Node fires timers beyond this at once; one that comes early only makes its owner look once more. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** The machine's time, as the `Clock` port wants it. Timers keep the process alive. */
export const systemClock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (milliseconds: number, callback: () => void) => {
    if (milliseconds <= 0) {
      // A timer would wait for a millisecond; this waits only until sockets had their turn.
      const immediate = setImmediate(callback);
      return () => clearImmediate(immediate);
    }
    const timer = setTimeout(callback, Math.min(milliseconds, MAX_TIMER_MS));
    return () => clearTimeout(timer);
  },
};
