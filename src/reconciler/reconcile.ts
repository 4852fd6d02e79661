import type { Diagnosis } from "../diagnostics/diagnosis.ts";
import type { Ingress } from "../model/ingress.ts";
import type { ObjectKey } from "../model/refs.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { EventOutbox } from "./event-outbox.ts";
import { dueEvents, nextRepeat, type Publication } from "./events.ts";
import { FirstAnswers } from "./first-answers.ts";
import { type GatherSources, gather } from "./gather.ts";
import type { KeyIndex } from "./key-index.ts";
import type { Clock, Logger } from "./ports.ts";
import type { PublishResult, StatusPublisher } from "./publisher.ts";
import type { RunResult } from "./queue.ts";
import type { ReconcileMetrics } from "./reconcile-metrics.ts";
import { desiredStatus } from "./status.ts";
import { reduceStatus } from "./stored-status.ts";

/** What one reconcile works with. */
export interface ReconcilerOptions {
  readonly sources: GatherSources;
  readonly diagnose: (snapshot: Snapshot) => Diagnosis;
  /** Filed anew by every reconcile: what the snapshot of each Ingress was read from. */
  readonly reads: KeyIndex;
  readonly publisher: StatusPublisher;
  readonly outbox: EventOutbox;
  readonly metrics: ReconcileMetrics;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Time alone changes some answers (a certificate expires, an Event grows old), so every Ingress is seen again. */
const RESYNC_MS = 10 * 60_000;

/** Re-diagnosing at the very moment a grace period ends would find it running by a rounding error. */
const MARGIN_MS = 1000;

/** Grace periods that end soon are looked at together: a rollout ends one for every pod. */
const SOONEST_MS = 5000;

/** Turns the key of one Ingress into a published diagnosis: gather, diagnose, publish. */
export class Reconciler {
  readonly #options: ReconcilerOptions;
  readonly #firstAnswers: FirstAnswers;

  constructor(options: ReconcilerOptions) {
    this.#options = options;
    this.#firstAnswers = new FirstAnswers(options.clock);
  }

  /** Reconciles one key from nothing but the caches. Never throws; an Ingress that is gone is cleaned up after. */
  async reconcile(key: ObjectKey, signal: AbortSignal): Promise<RunResult> {
    const { clock, metrics } = this.#options;
    const start = clock.monotonic();
    const result = await this.#reconcile(key, signal);
    metrics.reconciled(result.kind, (clock.monotonic() - start) / 1000);
    return result;
  }

  async #reconcile(key: ObjectKey, signal: AbortSignal): Promise<RunResult> {
    const ingress = this.#options.sources.listers.ingresses.get(key);
    if (!ingress.known) return { kind: "done" };
    if (ingress.value === undefined) return this.#cleanUp(key, signal);
    const now = this.#options.clock.now();
    const { snapshot, reads } = gather(ingress.value, this.#options.sources, now);
    this.#options.reads.set(key, reads);
    const diagnosis = this.#diagnose(key, snapshot);
    if (diagnosis === undefined) return { kind: "retry" };
    if (!diagnosis.applicable) {
      this.#options.metrics.forgotten(key);
      return this.#remove(key, signal);
    }
    const patience = this.#keepStored(key, snapshot, diagnosis);
    if (patience > 0) return { kind: "requeue", afterMs: patience };
    this.#options.metrics.diagnosed(key, diagnosis);
    return this.#publish(key, { diagnosis, ingress: ingress.value, now }, signal);
  }

  /** Milliseconds for which what is stored stands, and is exported; the answer that is awaited ends it sooner. */
  #keepStored(key: ObjectKey, snapshot: Snapshot, diagnosis: Diagnosis): number {
    const { publisher, metrics } = this.#options;
    const { ref, uid } = snapshot.ingress;
    const stored = publisher.before(key, { ref, uid });
    if (stored === undefined) return 0;
    const patience = this.#firstAnswers.patienceMs(snapshot, diagnosis, stored);
    if (patience > 0) metrics.diagnosed(key, { ...stored, backends: [] });
    return patience;
  }

  #diagnose(key: ObjectKey, snapshot: Snapshot): Diagnosis | undefined {
    try {
      return this.#options.diagnose(snapshot);
    } catch (error) {
      this.#options.metrics.engineFailed();
      this.#options.logger.error("diagnosis failed", { ingress: key, error: errorName(error) });
      return undefined;
    }
  }

  async #publish(
    key: ObjectKey,
    { diagnosis, ingress, now }: { diagnosis: Diagnosis; ingress: Ingress; now: number },
    signal: AbortSignal,
  ): Promise<RunResult> {
    const { publisher, outbox, logger } = this.#options;
    const owner = { ref: ingress.ref, uid: ingress.uid };
    const before = publisher.before(key, owner);
    const status = desiredStatus(diagnosis, before, now);
    const after = reduceStatus(status);
    const result = await publisher.publish(owner, { status, desired: after }, signal);
    if (!isPublished(result)) return this.#failed(key, result);
    this.#options.metrics.published(key, now);
    const publication: Publication = { diagnosis, before, after, now };
    if (before?.verdict !== after.verdict || before.causeCode !== after.causeCode) {
      const { verdict, causeCode } = after;
      logger.info("diagnosis changed", { ingress: key, verdict, cause: causeCode });
    }
    const existing = this.#existingEvents(ingress);
    for (const event of dueEvents(publication)) if (!existing.has(event.name)) outbox.post(key, event);
    return { kind: "requeue", afterMs: nextLook(key, publication) };
  }

  #existingEvents(ingress: Ingress): ReadonlySet<string> {
    const events = this.#options.sources.listers.events.about(ingress.ref);
    return new Set(events.known ? events.value.map(({ name }) => name) : []);
  }

  /** Garbage collection removes an owned diagnosis too, but not one that was orphaned on purpose. */
  async #cleanUp(key: ObjectKey, signal: AbortSignal): Promise<RunResult> {
    const { reads, outbox, metrics } = this.#options;
    reads.delete(key);
    outbox.forget(key);
    metrics.forgotten(key);
    return this.#remove(key, signal);
  }

  async #remove(key: ObjectKey, signal: AbortSignal): Promise<RunResult> {
    const result = await this.#options.publisher.remove(key, signal);
    return isPublished(result) ? { kind: "done" } : this.#failed(key, result);
  }

  #failed(key: ObjectKey, result: PublishResult): RunResult {
    // The next change brings other bytes; the same ones would be refused again.
    const isFinal = result.outcome === "rejected";
    const fields = { ingress: key, outcome: result.outcome };
    if (isFinal) this.#options.logger.error("the API server refused a status", fields);
    else if (result.outcome !== "aborted") this.#options.logger.debug("publishing failed", fields);
    if (isFinal) return { kind: "done" };
    const asked = result.outcome === "throttled" ? result.retryAfterMs : undefined;
    return { kind: "retry", ...(asked === undefined ? {} : { afterMs: asked }) };
  }
}

function isPublished({ outcome }: PublishResult): boolean {
  return outcome === "unchanged" || outcome === "written" || outcome === "unserved";
}

/** Milliseconds until the answer may differ although nothing changed. */
function nextLook(key: ObjectKey, publication: Publication): number {
  const { diagnosis, now } = publication;
  const again = diagnosis.lookAgainAt === undefined ? [] : [diagnosis.lookAgainAt - now + MARGIN_MS];
  const repeat = nextRepeat(publication);
  // Spread over the period, the same for a key in every process.
  const resync = RESYNC_MS * (1 - hash(key) / 4);
  return Math.max(SOONEST_MS, Math.min(resync, ...again, repeat ?? resync));
}

/** A number from 0 to 1 that is always the same for a key. */
function hash(key: ObjectKey): number {
  let value = 0;
  for (let index = 0; index < key.length; index += 1) value = (value * 31 + key.charCodeAt(index)) >>> 0;
  return value / 2 ** 32;
}

function errorName(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
