import type { ObjectKey } from "../model/refs.ts";
import { refKey } from "../model/refs.ts";
import type {
  AnyChange,
  DiagnosisLister,
  DiagnosisWriteResult,
  DiagnosisWriter,
  IngressOwner,
  StoredDiagnosis,
  StoredStatus,
  WriteFailure,
} from "./ports.ts";
import type { ReconcileMetrics } from "./reconcile-metrics.ts";
import type { IngressDiagnosisStatus } from "./status-types.ts";

/** What the publisher works with. */
export interface PublisherOptions {
  readonly diagnoses: DiagnosisLister;
  readonly writer: DiagnosisWriter;
  readonly metrics: ReconcileMetrics;
  /** Whether the resource is installed and readable; without it nothing is written. */
  readonly isServed: () => boolean;
}

/**
 * What became of a publication.
 *
 * - `unchanged`: it is stored like that, or the server made of the same bytes what it now holds;
 * - `unserved`: the resource is not installed or not readable, so the status lives in Events and metrics only.
 */
export type PublishResult = { readonly outcome: "unchanged" | "written" | "unserved" } | WriteFailure;

/** What one key's last write was, so that the same bytes are not sent twice. */
interface LastWrite {
  /** Digest of what was sent. */
  readonly sent: string;
  /** Object the server answered with; undefined when it refused these bytes. */
  readonly answer: StoredDiagnosis | undefined;
}

/** A publication that waits for its answer; the cache may hear of it first. */
interface WriteUnderWay {
  readonly owner: string;
  /** Digest of the status that is sent. */
  readonly sent: string;
  /** uids of objects that were seen to go meanwhile. */
  readonly gone: Set<string>;
}

/** Writes IngressDiagnoses that differ from what is stored, and knows what is stored ahead of its cache. */
export class StatusPublisher {
  readonly #options: PublisherOptions;
  readonly #last = new Map<ObjectKey, LastWrite>();
  /** Statuses that could not be stored because the resource is missing. */
  readonly #unserved = new Map<ObjectKey, { readonly uid: string; readonly status: StoredStatus }>();
  readonly #underWay = new Map<ObjectKey, WriteUnderWay>();

  constructor(options: PublisherOptions) {
    this.#options = options;
  }

  /** The status published before for this Ingress (not for an earlier one of the same name). */
  before(key: ObjectKey, owner: IngressOwner): StoredStatus | undefined {
    const stored = this.#stored(key);
    if (stored?.ownerUid === owner.uid && stored.status !== undefined) return stored.status;
    const unserved = this.#unserved.get(key);
    return unserved?.uid === owner.uid ? unserved.status : undefined;
  }

  /** Makes the stored object say `status`, which is `desired` in its reduced form. */
  async publish(
    owner: IngressOwner,
    { status, desired }: { readonly status: IngressDiagnosisStatus; readonly desired: StoredStatus },
    signal: AbortSignal,
  ): Promise<PublishResult> {
    const key = refKey(owner.ref);
    if (!this.#options.isServed()) {
      this.#unserved.set(key, { uid: owner.uid, status: desired });
      return { outcome: "unserved" };
    }
    this.#unserved.delete(key);
    this.#underWay.set(key, { owner: owner.uid, sent: desired.digest, gone: new Set() });
    try {
      const target = await this.#target(key, owner, signal);
      if (!("uid" in target)) return target;
      if (this.#isSettled(key, target, desired)) return { outcome: "unchanged" };
      const { resourceVersion } = target;
      const answer = await this.#options.writer.applyStatus({ key, resourceVersion }, status, signal);
      return this.#remember(key, "status", answer, desired.digest);
    } finally {
      this.#underWay.delete(key);
    }
  }

  /** Deletes the stored object, if there is one. */
  async remove(key: ObjectKey, signal: AbortSignal): Promise<PublishResult> {
    const stored = this.#stored(key);
    this.forget(key);
    if (stored === undefined || stored.deleting) return { outcome: "unchanged" };
    const answer = await this.#options.writer.remove({ key, uid: stored.uid }, signal);
    this.#options.metrics.written("remove", answer.outcome);
    return answer.outcome === "gone" ? { outcome: "unchanged" } : answer;
  }

  /** Drops what is known of a key beyond the cache. */
  forget(key: ObjectKey): void {
    this.#last.delete(key);
    this.#unserved.delete(key);
  }

  /** Takes note of a change in the cache; true when it is only the echo of a write made here. */
  observe({ before, after }: AnyChange & { readonly kind: "diagnoses" }): boolean {
    const object = after ?? before;
    if (object === undefined) return true;
    const key = refKey(object.ref);
    const answer = this.#last.get(key)?.answer;
    const underWay = this.#underWay.get(key);
    if (after === undefined) {
      underWay?.gone.add(object.uid);
      if (answer?.uid === object.uid) this.#last.delete(key);
      return false;
    }
    if (answer !== undefined && !isNewer(after, answer)) {
      this.#forgetEchoed(key, after);
      return true;
    }
    const isNew = after.status === undefined || after.status.digest === underWay?.sent;
    return isNew && after.ownerUid !== undefined && after.ownerUid === underWay?.owner;
  }

  async #target(
    key: ObjectKey,
    owner: IngressOwner,
    signal: AbortSignal,
  ): Promise<StoredDiagnosis | PublishResult> {
    const stored = this.#stored(key);
    if (stored !== undefined && stored.ownerUid === owner.uid) return stored;
    const answer = await this.#options.writer.ensure(owner, signal);
    const result = this.#remember(key, "ensure", answer, "");
    if (answer.outcome !== "written") return result;
    // What was taken for missing has a status: another writer was faster, and it must be read before it is replaced.
    const isForeign = stored === undefined && answer.stored.status !== undefined;
    return isForeign ? { outcome: "conflict" } : answer.stored;
  }

  #isSettled(key: ObjectKey, target: StoredDiagnosis, desired: StoredStatus): boolean {
    if (target.status?.digest === desired.digest) return true;
    const last = this.#last.get(key);
    if (last?.sent !== desired.digest) return false;
    // The server refused these bytes, or an older schema prunes some of them: sending them again changes nothing.
    return last.answer === undefined || last.answer.status?.digest === target.status?.digest;
  }

  #remember(key: ObjectKey, operation: string, answer: DiagnosisWriteResult, sent: string): PublishResult {
    this.#options.metrics.written(operation, answer.outcome);
    if (answer.outcome === "written") {
      const isGone = this.#underWay.get(key)?.gone.has(answer.stored.uid) === true;
      if (isGone) this.#last.delete(key);
      else this.#last.set(key, { sent, answer: answer.stored });
      this.#forgetEchoed(key, this.#options.diagnoses.get(key));
      return { outcome: "written" };
    }
    if (answer.outcome === "rejected") this.#last.set(key, { sent, answer: undefined });
    else this.#last.delete(key);
    return answer;
  }

  /** What the cache holds as it was sent needs no second copy. */
  #forgetEchoed(key: ObjectKey, cached: StoredDiagnosis | undefined): void {
    const last = this.#last.get(key);
    if (last?.answer === undefined || last.answer.status?.digest !== last.sent) return;
    if (last.answer.resourceVersion === cached?.resourceVersion) this.#last.delete(key);
  }

  /** The newest version known: the cache's, or the answer to a write that the cache has not caught up with. */
  #stored(key: ObjectKey): StoredDiagnosis | undefined {
    const cached = this.#options.diagnoses.get(key);
    const answer = this.#last.get(key)?.answer;
    if (answer === undefined) return cached;
    return cached !== undefined && isNewer(cached, answer) ? cached : answer;
  }
}

/** Resource versions of one kind are decimal numbers that grow (Kubernetes API concepts, since 1.35). */
function isNewer(a: StoredDiagnosis, b: StoredDiagnosis): boolean {
  const [left, right] = [a.resourceVersion, b.resourceVersion];
  return left.length === right.length ? left > right : left.length > right.length;
}
