import type {
  AdapterMetrics,
  AnyChange,
  CachedKind,
  CachedTypes,
  ChangeListener,
  Clock,
  DiagnosisLister,
  KindState,
  Listers,
  Logger,
  WatchSource,
} from "../reconciler/ports.ts";
import type { ApiFailure } from "./api-failure.ts";
import type { KindCache } from "./kind-cache.ts";
import type { WatchedKind } from "./kinds.ts";
import { LIST_WATCH_TIMINGS, ListWatch, type ListWatchReport, type ListWatchTimings } from "./list-watch.ts";
import { createDiagnosisLister, createKindCaches, createListers, type KindCaches } from "./listers.ts";
import type { ObjectChange } from "./partition.ts";
import type { ApiClient } from "./transport.ts";

/** What a {@link ClusterWatch} watches and with what. */
export interface ClusterWatchOptions {
  readonly transport: ApiClient;
  readonly clock: Clock;
  readonly metrics: AdapterMetrics;
  readonly logger: Logger;
  readonly kinds: readonly WatchedKind[];
  /** Namespaces to watch, each with requests of its own; all of them when undefined. */
  readonly namespaces?: readonly string[];
  /** Single kinds that are watched in one more namespace. */
  readonly also?: readonly { readonly kind: WatchedKind; readonly namespace: string }[];
  /** Kinds that are taken to have no objects in a namespace, without a request. */
  readonly nothingOf?: { readonly kinds: readonly CachedKind[]; readonly namespace: string };
  /** @defaultValue {@link LIST_WATCH_TIMINGS} */
  readonly timings?: ListWatchTimings;
}

/** Caches of every watched kind, each kept by list-watch loops of its own. */
export class ClusterWatch implements WatchSource {
  readonly listers: Listers;
  readonly diagnoses: DiagnosisLister;
  readonly #options: ClusterWatchOptions;
  readonly #caches: KindCaches;
  readonly #loops: ListWatch<CachedKind>[] = [];
  readonly #listeners: ChangeListener[] = [];
  readonly #stopping = new AbortController();
  #running: Promise<unknown> = Promise.resolve();

  constructor(options: ClusterWatchOptions) {
    this.#options = options;
    this.#caches = this.#createCaches();
    this.listers = createListers(this.#caches);
    this.diagnoses = createDiagnosisLister(this.#caches.diagnoses);
    const { kinds, namespaces, also = [] } = options;
    for (const kind of kinds) {
      const scopes = kind.namespaced && namespaces !== undefined ? namespaces : [undefined];
      for (const namespace of scopes) this.#addLoop(kind, namespace);
    }
    for (const { kind, namespace } of also) this.#addLoop(kind, namespace);
    const { nothingOf } = options;
    for (const kind of nothingOf?.kinds ?? []) {
      this.#caches[kind].addPartition(kind, nothingOf?.namespace).replace([], "synced");
    }
  }

  state(kind: CachedKind): KindState {
    return this.#caches[kind].state();
  }

  subscribe(listener: ChangeListener): void {
    this.#listeners.push(listener);
  }

  start(): void {
    this.#running = Promise.all(this.#loops.map((loop) => loop.run(this.#stopping.signal)));
  }

  async stop(): Promise<void> {
    this.#listeners.length = 0;
    this.#stopping.abort();
    await this.#running;
  }

  #addLoop<K extends CachedKind>(kind: WatchedKind<K>, namespace: string | undefined): void {
    const { transport, clock, timings = LIST_WATCH_TIMINGS } = this.#options;
    const cache = this.#caches[kind.source] as unknown as KindCache<K>;
    const type = kind.group === "" ? kind.plural : `${kind.plural}.${kind.group}`;
    const loop = new ListWatch<K>({
      kind,
      ...(namespace === undefined ? {} : { namespace }),
      transport,
      clock,
      timings,
      random: Math.random,
      sink: cache.addPartition(type, namespace),
      report: this.#reportOf(kind.source, type),
    });
    this.#loops.push(loop as unknown as ListWatch<CachedKind>);
  }

  /** One line when a watch begins to fail and one when it works again, however often it is tried between. */
  #reportOf(kind: CachedKind, type: string): ListWatchReport {
    const { metrics, logger } = this.#options;
    let failing: string | undefined;
    return {
      listed: (objects) => metrics.listed(kind, objects),
      connected: () => {
        if (failing !== undefined) logger.info("watch works again", { type });
        failing = undefined;
      },
      ended: (reason: string, failure: ApiFailure | undefined) => {
        metrics.watchEnded(kind, reason);
        if (failure === undefined || reason === failing) return;
        failing = reason;
        logger.info("watch ended", { type, reason, detail: failure.message });
      },
    };
  }

  #createCaches(): KindCaches {
    const owner = {
      changed: (kind: CachedKind, change: ObjectChange<CachedTypes[CachedKind]>) =>
        this.#changed(kind, change),
      phaseChanged: (kind: CachedKind, state: KindState) => this.#phaseChanged(kind, state),
      now: () => this.#options.clock.now(),
    };
    return createKindCaches(owner);
  }

  #changed(kind: CachedKind, { before, after }: ObjectChange<CachedTypes[CachedKind]>): void {
    const change = {
      kind,
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
    } as AnyChange;
    this.#tell((listener) => listener.changed(change));
  }

  #phaseChanged(kind: CachedKind, state: KindState): void {
    this.#options.logger.info("kind entered a phase", { kind, phase: state.phase, objects: state.objects });
    this.#tell((listener) => listener.phaseChanged(kind, state));
  }

  /** A listener that breaks its promise not to throw must not end a watch. */
  #tell(call: (listener: ChangeListener) => void): void {
    for (const listener of this.#listeners) {
      try {
        call(listener);
      } catch (error) {
        const detail = error instanceof Error ? error.message : "unknown";
        this.#options.logger.error("change listener failed", { detail });
      }
    }
  }
}
