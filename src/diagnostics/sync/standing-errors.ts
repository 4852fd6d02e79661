import type { Moment } from "../moment.ts";
import type { SyncCause } from "./causes.ts";
import { failedStep, type SyncPhase, syncRank } from "./phase.ts";

/** One error as an Event or several equal Events report it; times are epoch milliseconds. */
export interface TimedError {
  readonly phase: SyncPhase;
  readonly cause: SyncCause;
  readonly firstAt: number;
  readonly lastAt: number;
}

/** What else the Events about an Ingress tell, by which its errors are judged. */
export interface SyncEvidence {
  readonly now: Moment;
  /** Newest "Scheduled for sync". */
  readonly lastScheduledAt: number | undefined;
  /** Steps that syncs have done, with the time of the newest Event that proves each. */
  readonly progress: readonly { readonly step: number; readonly at: number }[];
  /** Whether a sync of this Ingress has ever succeeded: only then are its status annotations there. */
  readonly everBuilt: boolean;
  /** How many Events the controller has sent about the Ingress. */
  readonly eventCount: number;
}

/** A failing sync reports its error this soon after "Scheduled for sync", in milliseconds. */
const REPORT_DELAY_MS = 30_000;

/** The controller syncs every Ingress at least this often. */
const RESYNC_MS = 10 * 60_000;

/**
 * client-go drops Events about one object beyond this burst, save one every five minutes. From then on an error
 * may be missing although it recurs, and only its absence through two resyncs says anything.
 */
const EVENT_BURST = 25;

/**
 * Keeps the errors that hold now: the newest state of a sync wins.
 *
 * A sync stops at its first error, so an error is over when a later sync came further, or stopped elsewhere, or
 * was scheduled and reported nothing.
 */
export function standingErrors<T extends TimedError>(
  errors: readonly T[],
  evidence: SyncEvidence,
): readonly T[] {
  return errors.filter(
    (error) =>
      !errors.some((other) => supersedes(other, error)) &&
      !wasPassed(error, evidence) &&
      !wasSyncedSince(error, evidence),
  );
}

/** True when `later` shows that syncs do not stop at `earlier` any more. */
function supersedes(later: TimedError, earlier: TimedError): boolean {
  const laterRank = syncRank(later.phase);
  const earlierRank = syncRank(earlier.phase);
  if (laterRank === undefined || earlierRank === undefined || later.lastAt <= earlier.lastAt) return false;
  // Ports are synced in random order, so two errors of one phase may take turns; then both hold.
  const takeTurns = later.firstAt <= earlier.lastAt && later.lastAt - earlier.lastAt <= RESYNC_MS;
  return laterRank > earlierRank || !takeTurns;
}

/** True when a step behind the failed one was done after the error. */
function wasPassed({ phase, cause, lastAt }: TimedError, { progress }: SyncEvidence): boolean {
  if (syncRank(phase) === undefined) return false;
  const failed = failedStep(phase, cause);
  // Event times are whole seconds; a retry that passes the first steps follows within the same one.
  return progress.some(({ step, at }) => step > failed && (at > lastAt || (at === lastAt && failed === 0)));
}

/** True when newer Events may be missing. */
export function mayDropEvents({ eventCount }: SyncEvidence): boolean {
  return eventCount >= EVENT_BURST;
}

/** True when what the controller says at every sync was not said through two resyncs. */
export function isForgotten(lastAt: number, { lastScheduledAt }: SyncEvidence): boolean {
  return lastScheduledAt !== undefined && lastScheduledAt - lastAt > 2 * RESYNC_MS;
}

/** True when a sync was scheduled well after the error, has had time to report it again, and did not. */
function wasSyncedSince({ phase, lastAt }: TimedError, evidence: SyncEvidence): boolean {
  const { now, lastScheduledAt, everBuilt } = evidence;
  const repeats =
    syncRank(phase) !== undefined || phase === "frontend-config" || phase === "garbage-collection";
  if (!repeats || lastScheduledAt === undefined || !everBuilt) return false;
  if (lastScheduledAt - lastAt <= REPORT_DELAY_MS || !now.hasCome(lastScheduledAt + REPORT_DELAY_MS))
    return false;
  return !mayDropEvents(evidence) || isForgotten(lastAt, evidence);
}
