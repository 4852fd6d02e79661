import { KindCache } from "../../src/kubernetes/kind-cache.ts";
import { createDiagnosisLister, createListers, type KindCaches } from "../../src/kubernetes/listers.ts";
import type { ObjectRef } from "../../src/model/refs.ts";
import { CACHED_KINDS } from "../../src/reconciler/controller.ts";
import type {
  AnyChange,
  CachedKind,
  CachedTypes,
  ChangeListener,
  DiagnosisLister,
  KindState,
  Listers,
  WatchSource,
} from "../../src/reconciler/ports.ts";

/** The controller's own caches and indexes, filled by a test instead of by watches. */
export class MemoryCluster implements WatchSource {
  readonly listers: Listers;
  readonly diagnoses: DiagnosisLister;
  readonly #caches: KindCaches;
  readonly #partitions = new Map<CachedKind, ReturnType<KindCache<CachedKind>["addPartition"]>>();
  readonly #listeners: ChangeListener[] = [];

  /** Every kind is synced and empty, but for those that `starting` names. */
  constructor(starting: readonly CachedKind[] = []) {
    this.#caches = Object.fromEntries(
      CACHED_KINDS.map((kind) => [kind, this.#createCache(kind)]),
    ) as unknown as KindCaches;
    this.listers = createListers(this.#caches);
    this.diagnoses = createDiagnosisLister(this.#caches.diagnoses);
    for (const kind of CACHED_KINDS) if (!starting.includes(kind)) this.sync(kind);
  }

  /** Creates or replaces objects. */
  put<K extends CachedKind>(kind: K, ...objects: readonly CachedTypes[K][]): void {
    this.#partition(kind).apply(objects.map((object) => ({ ...identity(kind, object), object })));
  }

  /** Removes one object. */
  remove(kind: CachedKind, namespace: string, name: string): void {
    this.#partition(kind).apply([{ namespace, name, object: undefined }]);
  }

  /** Completes the first list of a kind. */
  sync(kind: CachedKind): void {
    this.#partition(kind).enter("synced");
  }

  forbid(kind: CachedKind): void {
    this.#partition(kind).enter("forbidden");
  }

  /** Makes the cluster stop serving a kind, which takes its objects with it. */
  withdraw(kind: CachedKind): void {
    this.#partition(kind).replace([], "absent");
  }

  state(kind: CachedKind): KindState {
    return this.#caches[kind].state();
  }

  subscribe(listener: ChangeListener): void {
    this.#listeners.push(listener);
  }

  start(): void {}

  async stop(): Promise<void> {}

  #partition(kind: CachedKind) {
    const partition = this.#partitions.get(kind);
    if (partition === undefined) throw new Error(`no cache for ${kind}`);
    return partition;
  }

  #createCache(kind: CachedKind): KindCache<CachedKind> {
    const cache = new KindCache<CachedKind>(kind, {
      changed: (changed, change) => {
        for (const listener of this.#listeners) listener.changed({ kind: changed, ...change } as AnyChange);
      },
      phaseChanged: (changed, state) => {
        for (const listener of this.#listeners) listener.phaseChanged(changed, state);
      },
      now: () => Date.now(),
    });
    this.#partitions.set(kind, cache.addPartition(kind, undefined));
    return cache;
  }
}

function identity(kind: CachedKind, object: CachedTypes[CachedKind]): { namespace: string; name: string } {
  if (kind === "events") {
    const { namespace, name } = object as CachedTypes["events"];
    return { namespace, name };
  }
  const { ref } = object as { readonly ref: ObjectRef };
  return { namespace: ref.namespace, name: ref.name };
}
