import { isDeepStrictEqual } from "node:util";
import { known, type Observed, unknown } from "../model/observed.ts";
import { type ComputeFailure, type ComputeFailureKind, unknownOf } from "./errors.ts";

/** How long a value that was read outlives failures that may pass: two refreshes. */
export const GRACE_MS = 120_000;

/** Failures that say something about the future: what was read before is no longer vouched for. */
const DEFINITE: ReadonlySet<ComputeFailureKind> = new Set([
  "no-project",
  "no-credentials",
  "identity-denied",
  "denied",
  "api-disabled",
  "not-found",
]);

/** What a read that has not happened yet answers. */
export const NOT_READ = unknown("loadBalancer", "not-synced", "the first answer of the Compute Engine API");

/** The last outcome of a read that is repeated: its value, or why there is none. */
export class Tracked<T> {
  #observed: Observed<T> = NOT_READ;
  #failingSince: number | undefined;
  #readAt: number | undefined;

  get observed(): Observed<T> {
    return this.#observed;
  }

  /** Whether there was no outcome yet. */
  get isPending(): boolean {
    return this.#observed === NOT_READ;
  }

  /** Epoch milliseconds of the last value, equal or not; undefined before the first. */
  get readAt(): number | undefined {
    return this.#readAt;
  }

  /**
   * Takes a new value read at `readAt`, in epoch milliseconds; answers whether it differs. An equal one leaves the
   * old in place, the same object.
   */
  succeed(value: T, readAt: number): boolean {
    this.#failingSince = undefined;
    this.#readAt = readAt;
    if (this.#observed.known && isDeepStrictEqual(this.#observed.value, value)) return false;
    this.#observed = known(value);
    return true;
  }

  /** Takes a failure at a monotonic time; answers whether the outcome differs. */
  fail(failure: ComputeFailure, permission: string, now: number): boolean {
    this.#failingSince ??= now;
    const isOld = now - this.#failingSince >= GRACE_MS;
    if (this.#observed.known && !DEFINITE.has(failure.kind) && !isOld) return false;
    const next = unknownOf(failure, permission);
    if (isDeepStrictEqual(this.#observed, next)) return false;
    this.#observed = next;
    return true;
  }
}
