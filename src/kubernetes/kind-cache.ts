import { type Observed, type SourceName, unknown } from "../model/observed.ts";
import type { CachedKind, CachedTypes, KindState } from "../reconciler/ports.ts";
import type { ObjectIndex } from "./object-index.ts";
import { type ObjectChange, Partition } from "./partition.ts";

/** Told by a {@link KindCache} what became different. */
export interface KindCacheOwner<K extends CachedKind> {
  changed(kind: K, change: ObjectChange<CachedTypes[K]>): void;
  phaseChanged(kind: K, state: KindState): void;
  /** Epoch milliseconds. */
  now(): number;
}

/** Phases from the one that hides all others to the best. */
const WORST_FIRST = ["forbidden", "starting", "absent", "synced"] as const;

/** Everything known of one kind, gathered from the partitions that feed it. */
export class KindCache<K extends CachedKind> {
  readonly kind: K;
  readonly #owner: KindCacheOwner<K>;
  readonly #partitions: Partition<CachedTypes[K]>[] = [];
  readonly #indexes: ObjectIndex<CachedTypes[K]>[] = [];
  /** What a reader lacks, in its words: plural and group of each API type. */
  readonly #types = new Set<string>();
  #told: KindState["phase"] = "starting";

  constructor(kind: K, owner: KindCacheOwner<K>) {
    this.kind = kind;
    this.#owner = owner;
  }

  /** Adds a part for one API type in one namespace, or in all when undefined. */
  addPartition(type: string, namespace: string | undefined): Partition<CachedTypes[K]> {
    const owner = {
      changed: (changes: readonly ObjectChange<CachedTypes[K]>[]) => this.#changed(changes),
      phaseChanged: () => this.#phaseChanged(),
      now: () => this.#owner.now(),
    };
    const partition = new Partition<CachedTypes[K]>(namespace, owner);
    this.#partitions.push(partition);
    this.#types.add(type);
    return partition;
  }

  /** Keeps an index from now on; call it before the first object comes. */
  addIndex<I extends ObjectIndex<CachedTypes[K]>>(index: I): I {
    this.#indexes.push(index);
    return index;
  }

  /** The worst phase of its partitions; `off` without any. */
  state(): KindState {
    const contacts = this.#partitions.map((partition) => partition.lastContactAt);
    const known = contacts.filter((at) => at !== undefined);
    return {
      phase: worstPhase(this.#partitions),
      objects: this.#partitions.reduce((sum, partition) => sum + partition.size, 0),
      ...(known.length === 0 || known.length < contacts.length ? {} : { lastContactAt: Math.min(...known) }),
    };
  }

  /** Answers `read` when every partition that could hold an object of `namespace` is readable. */
  observe<T>(namespace: string | undefined, read: () => T): Observed<T> {
    const covering = this.#covering(namespace);
    const phase = worstPhase(covering);
    return phase === "synced" ? { known: true, value: read() } : this.#unknown(phase, namespace);
  }

  get(namespace: string, name: string): CachedTypes[K] | undefined {
    for (const partition of this.#covering(namespace)) {
      const found = partition.get(namespace, name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  inNamespace(namespace: string): CachedTypes[K][] {
    return this.#covering(namespace).flatMap((partition) => [...partition.inNamespace(namespace)]);
  }

  *all(): Iterable<CachedTypes[K]> {
    for (const partition of this.#partitions) yield* partition.all();
  }

  /** Partitions that could hold an object of `namespace`; all of them when undefined. */
  #covering(namespace: string | undefined): readonly Partition<CachedTypes[K]>[] {
    if (namespace === undefined) return this.#partitions;
    return this.#partitions.filter(({ namespace: only }) => only === undefined || only === namespace);
  }

  #unknown(phase: Exclude<KindState["phase"], "synced">, namespace: string | undefined): Observed<never> {
    const types = [...this.#types].join(" and ");
    // Only diagnoses are no source of a snapshot, and they have no lister.
    const source = this.kind as SourceName;
    switch (phase) {
      case "forbidden":
        return unknown(source, "forbidden", `permission to list and watch ${types}`);
      case "starting":
        return unknown(source, "not-synced", `a first complete list of ${types}`);
      case "absent":
        return unknown(source, "not-configured", `the resource type ${types} in the cluster`);
      case "off":
        return this.#partitions.length === 0
          ? unknown(source, "not-configured", `${this.kind} among the watched kinds`)
          : unknown(source, "not-configured", `namespace ${namespace} among the watched namespaces`);
    }
  }

  #changed(changes: readonly ObjectChange<CachedTypes[K]>[]): void {
    // All indexes first: whoever is told of one change must already read the whole new state.
    for (const { before, after } of changes) {
      for (const index of this.#indexes) index.update(before, after);
    }
    for (const change of changes) this.#owner.changed(this.kind, change);
  }

  #phaseChanged(): void {
    const state = this.state();
    if (state.phase === this.#told) return;
    this.#told = state.phase;
    this.#owner.phaseChanged(this.kind, state);
  }
}

function worstPhase(partitions: readonly { readonly phase: KindState["phase"] }[]): KindState["phase"] {
  return WORST_FIRST.find((phase) => partitions.some((partition) => partition.phase === phase)) ?? "off";
}
