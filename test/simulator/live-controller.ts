import { diagnose } from "../../src/diagnostics/engine.ts";
import { SharedCloudReader } from "../../src/gcp/cloud-reader.ts";
import type { ComputeApi } from "../../src/gcp/compute-api.ts";
import { ComputeReader } from "../../src/gcp/compute-reader.ts";
import { ComputeStore } from "../../src/gcp/compute-store.ts";
import { anonymous } from "../../src/gcp/credentials.ts";
import { CALLS_PER_MINUTE } from "../../src/gcp/google-cloud.ts";
import { ReadGate } from "../../src/gcp/read-gate.ts";
import { NOT_READ } from "../../src/gcp/tracked.ts";
import type { ObjectKey } from "../../src/model/refs.ts";
import { CACHED_KINDS, Controller } from "../../src/reconciler/controller.ts";
import { EventOutbox } from "../../src/reconciler/event-outbox.ts";
import { KeyIndex } from "../../src/reconciler/key-index.ts";
import type { EventRequest } from "../../src/reconciler/ports.ts";
import { StatusPublisher } from "../../src/reconciler/publisher.ts";
import { WorkQueue } from "../../src/reconciler/queue.ts";
import { Reconciler } from "../../src/reconciler/reconcile.ts";
import type { IngressDiagnosisStatus } from "../../src/reconciler/status-types.ts";
import { computeSession } from "../gcp/compute-session.ts";
import { UNCAPPED } from "../gcp/read-once.ts";
import type { Scene } from "../mutations/life.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { MemoryCluster } from "../support/memory-cluster.ts";
import { MemoryWriter } from "../support/memory-writer.ts";
import { projectAll } from "../support/object-snapshots.ts";
import { silentLogger, silentQueueMetrics, silentReconcileMetrics } from "../support/silence.ts";
import type { ComputeEmulator } from "./compute-api/emulator.ts";

const MAX_BODY = 1024 * 1024;

/** Shorter than the time that an answer may take, so that no request ends for want of real time. */
const STEP_MS = 2_000;

/**
 * A whole controller in simulated time that reads Google through the real client over HTTP.
 *
 * Time stands still while a request is under way, unless the emulator keeps it open.
 */
export class LiveController {
  readonly clock = new FakeClock();
  readonly cluster = new MemoryCluster();
  readonly writer = new MemoryWriter(this.cluster);
  readonly events: EventRequest[] = [];
  /** When requests to Google were made, in milliseconds since the beginning of simulated time. */
  readonly calls: number[] = [];
  readonly #emulator: ComputeEmulator;
  readonly #reads: ComputeReader;
  #pending = 0;

  /** Watches a scene, whose load balancers the emulator at `base` tells of. */
  constructor(scene: Scene, emulator: ComputeEmulator, base: string) {
    this.#emulator = emulator;
    const { clock, cluster } = this;
    clock.wall = scene.seenAt;
    const project = "lab-project";
    // The cap waits in real time, and so does a flood until it is cut; here requests are counted instead.
    const session = { clock, project, callsPerMinute: UNCAPPED, maxBody: MAX_BODY };
    const { api } = computeSession(base, session);
    const store = new ComputeStore(() => project);
    const reader: SharedCloudReader = new SharedCloudReader({
      store,
      clock,
      pending: () => NOT_READ,
      ingresses: cluster.listers.ingresses,
      want: (backends) => this.#reads.want(backends),
      hurry: (backend) => this.#reads.hurry(backend),
    });
    this.#reads = new ComputeReader({
      store,
      gate: new ReadGate({ credentials: anonymous, clock, random: () => 0.5 }),
      clock,
      logger: silentLogger,
      random: () => 0.5,
      callsPerMinute: CALLS_PER_MINUTE,
      connect: () => Promise.resolve({ api: this.#counted(api), region: "us-central1" }),
      onChange: (backends) => reader.changed(backends),
    });
    const queue = this.#startController(reader);
    reader.subscribe((keys) => {
      for (const key of keys) queue.add(key);
    });
    const models = projectAll(scene.cluster.objects);
    for (const kind of CACHED_KINDS) cluster.put(kind, ...(models[kind] ?? []));
    // The caches of this cluster are full from the beginning; a watch would report it when they are.
    cluster.forbid("ingresses");
    cluster.sync("ingresses");
    this.#reads.start();
  }

  /** Ends the reading of Google. */
  stop(): void {
    this.#reads.stop();
  }

  /** Lets time pass, with all the real time that requests need in between. */
  async pass(milliseconds: number): Promise<void> {
    for (let left = milliseconds; left > 0; left -= STEP_MS) {
      await this.clock.pass(Math.min(left, STEP_MS));
      await this.#quiet();
    }
  }

  /**
   * Simulated milliseconds from now until the diagnosis is as wanted, with no real time for any request.
   * Throws where that takes more than a second.
   */
  async until(key: ObjectKey, isWanted: (status: IngressDiagnosisStatus) => boolean): Promise<number> {
    const start = this.clock.monotonic();
    while (!isWanted(this.status(key))) {
      if (this.clock.monotonic() - start > 1_000) throw new Error(`The diagnosis of ${key} does not change.`);
      await this.clock.pass(1);
    }
    return this.clock.monotonic() - start;
  }

  /** What is published about an Ingress. */
  status(key: ObjectKey): IngressDiagnosisStatus {
    const status = this.writer.status(key);
    if (status === undefined) throw new Error(`Nothing is published about ${key}.`);
    return status as unknown as IngressDiagnosisStatus;
  }

  /** Most requests in any minute of simulated time from `since` on. */
  busiestMinute(since: number): number {
    const counted = this.calls.filter((at) => at >= since);
    return Math.max(
      0,
      ...counted.map((from) => counted.filter((at) => at >= from && at < from + 60_000).length),
    );
  }

  async #quiet(): Promise<void> {
    do {
      await new Promise((resolve) => setTimeout(resolve, 1));
    } while (this.#pending > this.#emulator.held);
  }

  #counted(api: ComputeApi): ComputeApi {
    const count = async <T>(call: () => Promise<T>): Promise<T> => {
      this.calls.push(this.clock.monotonic());
      this.#pending += 1;
      try {
        return await call();
      } finally {
        this.#pending -= 1;
      }
    };
    return {
      page: (collection, token) => count(() => api.page(collection, token)),
      health: (query) => count(() => api.health(query)),
      endpoints: (neg, token) => count(() => api.endpoints(neg, token)),
      project: () => count(() => api.project()),
      region: (name) => count(() => api.region(name)),
    };
  }

  #startController(cloud: SharedCloudReader): WorkQueue {
    const { clock, cluster } = this;
    const [reads, shared] = [new KeyIndex(), new KeyIndex()];
    const metrics = silentReconcileMetrics;
    const publisher = new StatusPublisher({
      diagnoses: cluster.diagnoses,
      writer: this.writer,
      metrics,
      isServed: () => true,
    });
    const create = async (event: EventRequest) => {
      this.events.push(event);
      return { outcome: "written" as const };
    };
    const reconciler = new Reconciler({
      sources: { listers: cluster.listers, sharing: (value) => shared.keysOf(value), cloud },
      diagnose,
      reads,
      publisher,
      outbox: new EventOutbox({ sink: { create }, clock, metrics }),
      metrics,
      clock,
      logger: silentLogger,
    });
    const run = (key: string, signal: AbortSignal) => reconciler.reconcile(key, signal);
    const queue = new WorkQueue({ run, clock, metrics: silentQueueMetrics, concurrency: 4 });
    new Controller({
      source: cluster,
      leadership: { isLeader: () => true, onGained: () => undefined },
      queue,
      publisher,
      reads,
      shared,
      logger: silentLogger,
    }).start();
    return queue;
  }
}
