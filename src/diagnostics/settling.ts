import type { Ingress } from "../model/ingress.ts";
import type { Moment } from "./moment.ts";

/** A change may take this long to reach every Google front end. */
export const CHANGE_WINDOW_MS = 10 * 60_000;

/** A new load balancer may take this long until it serves (ingress-gce LIMITATIONS: 5 to 6 minutes and more). */
export const CREATION_WINDOW_MS = 15 * 60_000;

/** Whether the newest change is recent enough that "not there yet" is normal. */
export interface Settling {
  readonly open: boolean;
  /** Epoch milliseconds at which the window closes, or closed. */
  readonly until: number;
  /** Epoch milliseconds of the newest change that opened it. */
  readonly changedAt: number;
  readonly because: "creation" | "change";
}

/**
 * Computes the propagation window of an Ingress.
 *
 * @param dependencies its Services, BackendConfigs and FrontendConfig; a change to one opens the window too
 */
export function settlingOf(
  now: Moment,
  ingress: Ingress,
  dependencies: readonly { readonly changedAt: number }[],
): Settling {
  const newest = dependencies.reduce((max, { changedAt }) => Math.max(max, changedAt), ingress.changedAt);
  // Clocks of writers differ; a change in the future counts as now, so that the window always closes.
  const changedAt = Math.min(now.at, newest);
  const createdUntil = Math.min(now.at, ingress.createdAt) + CREATION_WINDOW_MS;
  const changedUntil = changedAt + CHANGE_WINDOW_MS;
  const until = Math.max(createdUntil, changedUntil);
  return {
    open: !now.hasCome(until),
    until,
    changedAt,
    because: createdUntil >= changedUntil ? "creation" : "change",
  };
}
