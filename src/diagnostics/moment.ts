/**
 * The moment of a snapshot, as the only clock that rules have.
 *
 * Whoever asks whether another moment has come, and is told that it has not, would answer differently once it
 * has; so the earliest such moment is when a diagnosis of unchanged objects may become another one.
 */
export interface Moment {
  /** Epoch milliseconds. Compare times by {@link hasCome}, which notes what is waited for. */
  readonly at: number;
  /** Whether a time, in epoch milliseconds, has come. */
  hasCome(time: number): boolean;
  /** Earliest time that was asked about and has not come, in epoch milliseconds; undefined when there is none. */
  awaited(): number | undefined;
}

/** The moment `at`, in epoch milliseconds, with nothing asked about it yet. */
export function momentOf(at: number): Moment {
  let earliest = Number.POSITIVE_INFINITY;
  return {
    at,
    hasCome: (time) => {
      if (time > at && time < earliest) earliest = time;
      return time <= at;
    },
    awaited: () => (earliest === Number.POSITIVE_INFINITY ? undefined : earliest),
  };
}
