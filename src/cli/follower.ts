import type { Diagnosis } from "../diagnostics/diagnosis.ts";
import { diagnose } from "../diagnostics/engine.ts";
import { cleanText } from "../diagnostics/text.ts";
import { failureOfError } from "../kubernetes/api-failure.ts";
import { ClusterWatch } from "../kubernetes/cluster-watch.ts";
import { diagnosisKind, type WatchedKind, watchedKinds } from "../kubernetes/kinds.ts";
import { resourcePath } from "../kubernetes/transport.ts";
import type { Ingress } from "../model/ingress.ts";
import type { Observed } from "../model/observed.ts";
import type { Node } from "../model/pod.ts";
import { type ObjectKey, refKey } from "../model/refs.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { Controller } from "../reconciler/controller.ts";
import { type GatherSources, gather } from "../reconciler/gather.ts";
import { KeyIndex } from "../reconciler/key-index.ts";
import type { Clock, Leadership, StoredStatus } from "../reconciler/ports.ts";
import { type RunResult, WorkQueue } from "../reconciler/queue.ts";
import { desiredStatus } from "../reconciler/status.ts";
import { reduceStatus } from "../reconciler/stored-status.ts";
import {
  BEHIND_DEFAULT_BACKEND,
  DEFAULT_BACKEND,
  DEFAULT_BACKEND_NAMESPACE,
  ingressesUnreadable,
} from "./cluster-lists.ts";
import { CliError } from "./failure.ts";
import type { Cluster } from "./live-inventory.ts";
import type { ReportItem } from "./report.ts";
import { NO_LOG, NO_METRICS } from "./silence.ts";

/** One Ingress as it was diagnosed at one moment. */
export interface Sighting extends ReportItem {
  readonly key: ObjectKey;
  /** Epoch milliseconds. */
  readonly at: number;
  /** What is older is not known to the second; undefined where a controller has kept the times. Epoch milliseconds. */
  readonly watchedSince: number | undefined;
}

/** What a {@link Follower} works with. */
export interface FollowerOptions {
  readonly cluster: Pick<Cluster, "client" | "namespace" | "cloud">;
  readonly clock: Clock;
  /** Which Ingresses to diagnose; all of them are watched, for they may share something. */
  readonly wants: (key: ObjectKey) => boolean;
  /** Called with every diagnosis, also with one that says the same as the last. */
  readonly seen: (sighting: Sighting) => void;
  /** Called when a wanted Ingress is deleted. */
  readonly gone: (key: ObjectKey) => void;
}

/** Nothing else changes some answers but time. */
const RESYNC_MS = 10 * 60_000;

/** Looking at the very moment a time is reached would find it missed by a rounding error. */
const MARGIN_MS = 1_000;

/** Diagnoses Ingresses whenever something behind them changes, by the controller's own watches, queue and mapping. */
export class Follower {
  readonly #options: FollowerOptions;
  readonly #watch: ClusterWatch;
  readonly #queue: WorkQueue;
  readonly #controller: Controller;
  readonly #sources: GatherSources;
  readonly #reads = new KeyIndex();
  readonly #before = new Map<ObjectKey, StoredStatus>();
  readonly #watchedSince = new Map<ObjectKey, number>();
  readonly #gate = new Gate();

  constructor(options: FollowerOptions) {
    this.#options = options;
    const { cluster, clock } = options;
    const shared = new KeyIndex();
    this.#watch = watchOf(cluster, clock);
    this.#sources = {
      listers: this.#watch.listers,
      sharing: (value) => shared.keysOf(value),
      ...(cluster.cloud === undefined ? {} : { cloud: cluster.cloud.reader }),
    };
    this.#queue = new WorkQueue({
      run: (key) => this.#run(key),
      clock,
      metrics: NO_QUEUE_METRICS,
      concurrency: 1,
    });
    this.#controller = new Controller({
      source: this.#watch,
      leadership: this.#gate,
      queue: this.#queue,
      publisher: NO_PUBLISHER,
      reads: this.#reads,
      shared,
      owns: options.wants,
      logger: NO_LOG,
    });
  }

  /** Begins, and comes back after the first diagnoses are due. Throws {@link CliError} when it cannot begin. */
  async start(): Promise<void> {
    const { cloud } = this.#options.cluster;
    await this.#reachIngresses();
    const synced = this.#synced();
    this.#controller.start();
    await synced;
    if (cloud !== undefined) {
      await cloud.readFor(() => this.#askForLoadBalancers());
      cloud.reader.subscribe((keys) => {
        for (const key of keys) this.#queue.addChanged(key);
      });
    }
    this.#gate.open();
  }

  /** Wanted Ingresses that exist, once {@link start} has come back. */
  existing(): readonly Ingress[] {
    const all = this.#watch.listers.ingresses.all();
    return all.known ? all.value.filter(({ ref }) => this.#options.wants(refKey(ref))) : [];
  }

  /** As far as they are read by now. */
  nodes(): Observed<readonly Node[]> {
    return this.#watch.listers.nodes.all();
  }

  /** Names of the Ingresses that were read, wanted or not. */
  names(): readonly string[] {
    const all = this.#watch.listers.ingresses.all();
    return all.known ? all.value.map(({ ref }) => ref.name).sort() : [];
  }

  /** Ends every watch and connection. */
  async stop(): Promise<void> {
    const { cloud, client } = this.#options.cluster;
    cloud?.stop();
    await this.#queue.shutDown();
    await this.#watch.stop();
    await client.close();
  }

  /** A watch tries for ever; what is wrong at the start is said at once. */
  async #reachIngresses(): Promise<void> {
    const { client, namespace } = this.#options.cluster;
    const path = resourcePath(INGRESS, namespace);
    try {
      await client.call({ method: "GET", path, query: { limit: "1" } });
    } catch (error) {
      throw ingressesUnreadable(failureOfError(error), namespace);
    }
  }

  #synced(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#watch.subscribe({
        changed: () => undefined,
        phaseChanged: (kind, { phase }) => {
          if (kind === "ingresses" && phase === "forbidden") reject(NOT_WATCHABLE);
          if (this.#controller.pendingKinds().length === 0) resolve();
        },
      });
    });
  }

  #askForLoadBalancers(): void {
    const now = this.#options.clock.now();
    for (const ingress of this.existing()) gather(ingress, this.#sources, now);
  }

  async #run(key: ObjectKey): Promise<RunResult> {
    const { clock, seen, gone } = this.#options;
    const ingress = this.#watch.listers.ingresses.get(key);
    if (!ingress.known) return { kind: "done" };
    if (ingress.value === undefined) {
      this.#reads.delete(key);
      if (this.#before.delete(key)) gone(key);
      return { kind: "done" };
    }
    const now = clock.now();
    const { snapshot, reads } = gather(ingress.value, this.#sources, now);
    this.#reads.set(key, reads);
    const diagnosis = diagnose(snapshot);
    seen(this.#sightingOf(snapshot, diagnosis, now));
    return { kind: "requeue", afterMs: untilNextLook(diagnosis, now) };
  }

  #sightingOf(snapshot: Snapshot, diagnosis: Diagnosis, now: number): Sighting {
    const { ref } = snapshot.ingress;
    const key = refKey(ref);
    const stored = this.#watch.diagnoses.get(key)?.status;
    if (stored === undefined && !this.#before.has(key)) this.#watchedSince.set(key, now);
    const status = desiredStatus(diagnosis, this.#before.get(key) ?? stored, now);
    this.#before.set(key, reduceStatus(status));
    const watchedSince = this.#watchedSince.get(key);
    const [namespace, name] = [cleanText(ref.namespace), cleanText(ref.name)];
    return { key, namespace, name, snapshot, diagnosis, status, at: now, watchedSince };
  }
}

/** Milliseconds until time alone may change a diagnosis. */
function untilNextLook({ settlesAt, lookAgainAt }: Diagnosis, now: number): number {
  const times = [settlesAt, lookAgainAt].filter((at) => at !== undefined).map((at) => at - now + MARGIN_MS);
  return Math.max(MARGIN_MS, Math.min(RESYNC_MS, ...times));
}

const INGRESS = watchedKinds[0];

/** As {@link listCluster} reads it, and the diagnoses of a controller, which knows since when things are. */
function watchOf({ client, namespace }: FollowerOptions["cluster"], clock: Clock): ClusterWatch {
  const kinds: WatchedKind[] = watchedKinds.filter(
    ({ optIn, source }) => !optIn && source !== "networkPolicies",
  );
  const elsewhere = namespace !== undefined && namespace !== DEFAULT_BACKEND_NAMESPACE;
  return new ClusterWatch({
    transport: client,
    clock,
    metrics: NO_METRICS,
    logger: NO_LOG,
    kinds: [...kinds, diagnosisKind(reduceStatus)],
    ...(namespace === undefined ? {} : { namespaces: [namespace] }),
    ...(elsewhere
      ? {
          also: [{ kind: DEFAULT_BACKEND, namespace: DEFAULT_BACKEND_NAMESPACE }],
          nothingOf: { kinds: BEHIND_DEFAULT_BACKEND, namespace: DEFAULT_BACKEND_NAMESPACE },
        }
      : {}),
  });
}

/** Stands where a controller's leadership does: nothing is diagnosed before Google has answered or is late. */
class Gate implements Leadership {
  #isOpen = false;
  #listeners: (() => void)[] = [];

  isLeader(): boolean {
    return this.#isOpen;
  }

  onGained(listener: () => void): void {
    this.#listeners.push(listener);
  }

  open(): void {
    this.#isOpen = true;
    for (const listener of this.#listeners) listener();
  }
}

const NOT_WATCHABLE = new CliError(
  "you may list Ingresses but not watch them: ask for the permission to watch ingresses.networking.k8s.io, or run diagnose",
);

/** A controller's own writes are no news. */
const NO_PUBLISHER = { observe: () => true };
const NO_QUEUE_METRICS = {
  added: () => {},
  retried: () => {},
  depthChanged: () => {},
  started: () => {},
  finished: () => {},
};
