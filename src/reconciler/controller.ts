import { type ObjectKey, refKey } from "../model/refs.ts";
import type { KeyIndex } from "./key-index.ts";
import { affectedBy } from "./mapping.ts";
import type { AnyChange, CachedKind, Leadership, Logger, WatchSource } from "./ports.ts";
import type { StatusPublisher } from "./publisher.ts";
import type { WorkQueue } from "./queue.ts";
import { sharedValues } from "./references.ts";

/** Every cached kind; the record makes the compiler notice a missing one. */
const KINDS: Readonly<Record<CachedKind, true>> = {
  ingresses: true,
  services: true,
  endpointSlices: true,
  pods: true,
  workloads: true,
  backendConfigs: true,
  frontendConfigs: true,
  managedCertificates: true,
  serviceNegs: true,
  nodes: true,
  secrets: true,
  networkPolicies: true,
  events: true,
  diagnoses: true,
};

/** Names of all cached kinds. */
export const CACHED_KINDS = Object.keys(KINDS) as readonly CachedKind[];

/** A change that affects more Ingresses than this is spread over time. */
const WIDE = 100;
const MS_PER_KEY = 2;

/** What the controller connects. */
export interface ControllerOptions {
  readonly source: WatchSource;
  readonly leadership: Leadership;
  readonly queue: WorkQueue;
  readonly publisher: Pick<StatusPublisher, "observe">;
  /** What each Ingress was gathered from; filled by the reconciler. */
  readonly reads: KeyIndex;
  /** What each Ingress may share with others; filled here. */
  readonly shared: KeyIndex;
  /** Whether an Ingress is this process' to diagnose. @defaultValue all are */
  readonly owns?: (key: ObjectKey) => boolean;
  readonly logger: Logger;
}

/**
 * Connects watches to the queue.
 *
 * Nothing is queued before every kind has answered, with objects or with a refusal, and before this process
 * may write. From then on everything is level-based: all keys are queued once, and every change queues the
 * keys it affects.
 */
export class Controller {
  readonly #options: ControllerOptions;
  #active = false;

  constructor(options: ControllerOptions) {
    this.#options = options;
  }

  /** Subscribes to the watches and starts them. */
  start(): void {
    const { source, leadership } = this.#options;
    source.subscribe({
      changed: (change) => this.#changed(change),
      phaseChanged: () => this.#phaseChanged(),
    });
    leadership.onGained(() => this.#activate());
    source.start();
  }

  /** Kinds that have not answered yet; a refusal is an answer, except for Ingresses themselves. */
  pendingKinds(): CachedKind[] {
    return CACHED_KINDS.filter((kind) => {
      const { phase } = this.#options.source.state(kind);
      return phase === "starting" || (kind === "ingresses" && phase !== "synced");
    });
  }

  #activate(): void {
    if (this.#active || !this.#options.leadership.isLeader() || this.pendingKinds().length > 0) return;
    this.#active = true;
    this.#options.logger.info("diagnosing", { ingresses: this.#ownIngresses().length });
    this.#addAll();
  }

  #addAll(): void {
    const { source, queue } = this.#options;
    for (const key of this.#ownIngresses()) queue.add(key);
    // A diagnosis may have outlived its Ingress while nobody looked.
    for (const { ref } of source.diagnoses.all()) if (this.#owns(refKey(ref))) queue.add(refKey(ref));
  }

  #ownIngresses(): ObjectKey[] {
    const ingresses = this.#options.source.listers.ingresses.all();
    if (!ingresses.known) return [];
    return ingresses.value.map(({ ref }) => refKey(ref)).filter((key) => this.#owns(key));
  }

  #owns(key: ObjectKey): boolean {
    return this.#options.owns?.(key) ?? true;
  }

  #phaseChanged(): void {
    if (this.#active) this.#addAll();
    else this.#activate();
  }

  #changed(change: AnyChange): void {
    const { source, reads } = this.#options;
    if (change.kind === "ingresses") this.#fileShared(change);
    if (change.kind === "diagnoses" && this.#options.publisher.observe(change)) return;
    if (!this.#active) return;
    const { keys, tokens } = affectedBy(change, source.listers);
    const affected = new Set([...keys].filter((key) => this.#owns(key)));
    for (const token of tokens) for (const key of reads.keysOf(token)) affected.add(key);
    this.#add(affected, keys);
  }

  /** The Ingress itself never waits; a crowd behind one object does, or it would hold up everybody else. */
  #add(affected: ReadonlySet<ObjectKey>, first: ReadonlySet<ObjectKey>): void {
    const { queue } = this.#options;
    let position = 0;
    for (const key of affected) {
      if (affected.size <= WIDE || first.has(key)) queue.addChanged(key);
      else queue.addAfter(key, MS_PER_KEY * position++);
    }
  }

  #fileShared({ before, after }: AnyChange & { readonly kind: "ingresses" }): void {
    if (after !== undefined) this.#options.shared.set(refKey(after.ref), sharedValues(after));
    else if (before !== undefined) this.#options.shared.delete(refKey(before.ref));
  }
}
