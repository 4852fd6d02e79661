import { ConfigError } from "./config-error.ts";
import { LEASE_TIMINGS, type LeaseTimings } from "./kubernetes/lease-election.ts";
import { MAX_SHARDS, ordinalOf, type Shard } from "./reconciler/shard.ts";

/** The Lease of this process' shard. */
export interface LeaseConfig {
  readonly namespace: string;
  readonly name: string;
  readonly timings: LeaseTimings;
}

/** Values of the flags `--lease-*`, as given. */
export interface LeaseFlags {
  /** A valid name, as is `name`. */
  readonly namespace: string;
  readonly name: string;
  readonly duration: string;
  readonly renewDeadline: string;
  readonly retryPeriod: string;
}

/** Reads the flags of the Lease of one shard. Throws {@link ConfigError}. */
export function parseLease(flags: LeaseFlags, { index, count }: Shard): LeaseConfig {
  return Object.freeze({
    namespace: flags.namespace,
    // The number of shards is part of the name, so that processes of two divisions never wait for each other.
    name: count === 1 ? flags.name : `${flags.name}-${index}-of-${count}`,
    timings: leaseTimings(
      parseTime("lease-duration", flags.duration),
      parseTime("lease-renew-deadline", flags.renewDeadline),
      parseTime("lease-retry-period", flags.retryPeriod),
    ),
  });
}

/** One lost request may take this part of the renew deadline, so that others still fit. */
const REQUEST_SHARE = LEASE_TIMINGS.requestTimeoutMs / LEASE_TIMINGS.renewDeadlineMs;

function leaseTimings(durationMs: number, renewDeadlineMs: number, retryMs: number): LeaseTimings {
  if (durationMs % 1_000 !== 0) {
    throw new ConfigError(
      `--lease-duration is ${timeText(durationMs)}; it must be whole seconds, as a Lease holds`,
    );
  }
  if (renewDeadlineMs >= durationMs) {
    throw new ConfigError(
      `--lease-renew-deadline is ${timeText(renewDeadlineMs)}; it must be shorter than --lease-duration, ${timeText(durationMs)}`,
    );
  }
  if (retryMs * 2 > renewDeadlineMs) {
    throw new ConfigError(
      `--lease-retry-period is ${timeText(retryMs)}; it must be half of --lease-renew-deadline, ${timeText(renewDeadlineMs)}, or less`,
    );
  }
  return Object.freeze({
    durationMs,
    renewDeadlineMs,
    retryMs,
    requestTimeoutMs: renewDeadlineMs * REQUEST_SHARE,
  });
}

function parseTime(option: string, text: string): number {
  const [, amount, unit = ""] = /^([1-9]\d{0,6})(ms|s|m)$/.exec(text) ?? [];
  const factor = { ms: 1, s: 1_000, m: 60_000 }[unit];
  if (amount === undefined || factor === undefined) {
    throw new ConfigError(`--${option} is "${text}"; it must be a time such as 500ms, 15s or 1m`);
  }
  return Number(amount) * factor;
}

function timeText(milliseconds: number): string {
  return milliseconds % 1_000 === 0 ? `${milliseconds / 1_000}s` : `${milliseconds}ms`;
}

/**
 * Reads `--shards` and `--shard`; without the latter the ordinal at the end of `host` decides, modulo the number
 * of shards. Throws {@link ConfigError}.
 */
export function parseShard(shards: string, shard: string | undefined, host: string): Shard {
  const count = /^\d{1,4}$/.test(shards) ? Number(shards) : 0;
  if (count < 1 || count > MAX_SHARDS) {
    throw new ConfigError(`--shards is "${shards}"; it must be a number from 1 to ${MAX_SHARDS}`);
  }
  if (shard !== undefined) {
    const index = /^\d{1,4}$/.test(shard) ? Number(shard) : count;
    if (index < count) return Object.freeze({ index, count });
    throw new ConfigError(`--shard is "${shard}"; with --shards ${count} it must be from 0 to ${count - 1}`);
  }
  if (count === 1) return Object.freeze({ index: 0, count });
  const ordinal = ordinalOf(host);
  if (ordinal !== undefined) return Object.freeze({ index: ordinal % count, count });
  throw new ConfigError(
    `--shards is ${count}, but the host name "${host}" ends in no ordinal such as -0; run a StatefulSet or give --shard`,
  );
}
