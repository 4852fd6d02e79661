import type { Config } from "./config.ts";
import { diagnose } from "./diagnostics/engine.ts";
import { GoogleCloud } from "./gcp/google-cloud.ts";
import { failureOfError } from "./kubernetes/api-failure.ts";
import { ClusterWatch } from "./kubernetes/cluster-watch.ts";
import { ApplyingDiagnosisWriter } from "./kubernetes/diagnosis-writer.ts";
import { EventWriter } from "./kubernetes/event-writer.ts";
import { diagnosisKind, watchedKinds } from "./kubernetes/kinds.ts";
import { loadKubeconfig } from "./kubernetes/kubeconfig.ts";
import { LeaseElection } from "./kubernetes/lease-election.ts";
import { Transport } from "./kubernetes/transport.ts";
import { REPORTING_CONTROLLER } from "./model/event.ts";
import { PodProber } from "./probe/pod-prober.ts";
import { CACHED_KINDS, Controller } from "./reconciler/controller.ts";
import { EventOutbox } from "./reconciler/event-outbox.ts";
import type { GatherSources } from "./reconciler/gather.ts";
import { KeyIndex } from "./reconciler/key-index.ts";
import type { Clock, Leadership, Logger } from "./reconciler/ports.ts";
import { planProbes } from "./reconciler/probe-plan.ts";
import { StatusPublisher } from "./reconciler/publisher.ts";
import { WorkQueue } from "./reconciler/queue.ts";
import { Reconciler } from "./reconciler/reconcile.ts";
import { reduceStatus } from "./reconciler/stored-status.ts";
import { type HealthAnswer, type HealthServer, startHealthServer } from "./telemetry/health.ts";
import { createMetrics, type Metrics } from "./telemetry/metrics.ts";
import { clockCheck, queueCheck } from "./telemetry/process-checks.ts";

/** Keys reconciled at the same time: enough to keep the API server's answers from being waited for one by one. */
const CONCURRENCY = 16;

const REACH_TIMEOUT_MS = 10_000;
const DRAIN_EVENTS_MS = 2_000;

/** Ingresses whose load balancer changed are looked at this far apart, or one list would hold up everybody else. */
const MS_PER_CLOUD_KEY = 2;

/** A start that failed for a reason the user can change, in one line. */
export class StartError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "StartError";
  }
}

/** What the process brings along. */
export interface ProcessOptions {
  readonly logger: Logger;
  readonly clock: Clock;
  /** Different in every process. */
  readonly identity: string;
  /** Called when another process may be the leader; nothing may be written after it. */
  readonly onLeadershipLost: () => void;
}

/** Everything that one controller process runs, wired together. */
export class ControllerProcess {
  readonly #config: Config;
  readonly #options: ProcessOptions;
  readonly #metrics: Metrics = createMetrics();
  readonly #transport: Transport;
  readonly #server: string;
  readonly #watch: ClusterWatch;
  readonly #election: LeaseElection | undefined;
  readonly #google: GoogleCloud | undefined;
  readonly #queue: WorkQueue;
  readonly #outbox: EventOutbox;
  readonly #controller: Controller;
  readonly #prober: PodProber | undefined;
  readonly #electionEnd = new AbortController();
  #electing: Promise<void> = Promise.resolve();
  #health: HealthServer | undefined;

  /** Throws `KubeconfigError` when no cluster can be found. */
  constructor(config: Config, options: ProcessOptions) {
    this.#config = config;
    this.#options = options;
    const { clock, logger } = options;
    const { kubeconfig, context } = config;
    const cluster = loadKubeconfig({
      ...(kubeconfig === undefined ? {} : { file: kubeconfig }),
      ...(context === undefined ? {} : { context }),
    });
    this.#server = cluster.getCurrentCluster()?.server ?? "";
    const metrics = this.#metrics.adapter;
    this.#transport = new Transport({ config: cluster, clock, metrics, userAgent: REPORTING_CONTROLLER });
    this.#watch = new ClusterWatch({
      transport: this.#transport,
      clock,
      metrics,
      logger,
      kinds: [...watchedKinds.filter(({ optIn }) => !optIn), diagnosisKind(reduceStatus)],
      ...(config.namespaces === undefined ? {} : { namespaces: config.namespaces }),
    });
    this.#election = this.#createElection();
    this.#google = this.#createGoogle();
    ({
      queue: this.#queue,
      outbox: this.#outbox,
      controller: this.#controller,
      prober: this.#prober,
    } = this.#createController());
    this.#connectMetrics();
  }

  /** Starts everything and returns when the API server was reached once. Throws {@link StartError}. */
  async start(): Promise<void> {
    await this.#reachServer();
    await this.#serveHealth();
    this.#google?.prepare();
    this.#connectGoogle();
    this.#controller.start();
    if (this.#election !== undefined) this.#electing = this.#election.run(this.#electionEnd.signal);
  }

  /** Stops taking work, aborts what runs, sends waiting Events, gives up the Lease. Takes a few seconds at most. */
  async stop(): Promise<void> {
    this.#google?.stop();
    this.#prober?.stop();
    await this.#queue.shutDown();
    await this.#outbox.drain(DRAIN_EVENTS_MS);
    await this.#watch.stop();
    this.#electionEnd.abort();
    await this.#electing;
    await this.#health?.stop();
    await this.#transport.close();
  }

  #createElection(): LeaseElection | undefined {
    const { lease } = this.#config;
    if (lease === undefined) return undefined;
    const { clock, logger, identity, onLeadershipLost } = this.#options;
    return new LeaseElection({
      client: this.#transport,
      ...lease,
      clock,
      logger,
      identity,
      onLost: onLeadershipLost,
    });
  }

  #createGoogle(): GoogleCloud | undefined {
    const { google } = this.#config;
    if (google === undefined) return undefined;
    const { clock, logger } = this.#options;
    const { nodes, ingresses } = this.#watch.listers;
    return new GoogleCloud({
      ...google,
      region: undefined,
      nodes,
      ingresses,
      clock,
      logger,
      metrics: this.#metrics.adapter,
      random: Math.random,
    });
  }

  /** Only the replica that writes reads Google: its quota is shared by the whole project. */
  #connectGoogle(): void {
    const google = this.#google;
    google?.reader.subscribe((keys) => {
      keys.forEach((key, position) => {
        this.#queue.addAfter(key, MS_PER_CLOUD_KEY * position);
      });
    });
    if (this.#election === undefined) google?.start();
    else this.#election.onGained(() => google?.start());
  }

  #createController() {
    const { clock, logger, identity } = this.#options;
    const metrics = this.#metrics.reconcile;
    const client = this.#transport;
    const { listers, diagnoses } = this.#watch;
    const [reads, shared] = [new KeyIndex(), new KeyIndex()];
    const outbox = new EventOutbox({
      sink: new EventWriter({ client, clock, instance: identity }),
      clock,
      metrics,
    });
    const publisher = new StatusPublisher({
      diagnoses,
      writer: new ApplyingDiagnosisWriter({ client, clock, status: reduceStatus }),
      metrics,
      isServed: () => this.#watch.state("diagnoses").phase === "synced",
    });
    const sources: GatherSources = {
      listers,
      sharing: (value) => shared.keysOf(value),
      ...(this.#google === undefined ? {} : { cloud: this.#google.reader }),
    };
    const prober = this.#createProber(sources);
    const reconciler = new Reconciler({
      sources: { ...sources, ...(prober === undefined ? {} : { prober }) },
      diagnose,
      reads,
      publisher,
      outbox,
      metrics,
      clock,
      logger,
    });
    const queue = new WorkQueue({
      run: (key, signal) => reconciler.reconcile(key, signal),
      clock,
      metrics: this.#metrics.queue,
      concurrency: CONCURRENCY,
    });
    prober?.subscribe((keys) => {
      for (const key of keys) queue.add(key);
    });
    const leadership = this.#election ?? ALWAYS_LEADING;
    const controller = new Controller({
      source: this.#watch,
      leadership,
      queue,
      publisher,
      reads,
      shared,
      logger,
    });
    return { queue, outbox, controller, prober };
  }

  /** A replica that does not lead reconciles nothing, so it asks no pods either. */
  #createProber(sources: GatherSources): PodProber | undefined {
    if (!this.#config.probe) return undefined;
    const { clock } = this.#options;
    return new PodProber({
      listers: sources.listers,
      clock,
      plan: (ingress) => planProbes(ingress, sources, clock.now()),
      apiServer: URL.canParse(this.#server) ? [new URL(this.#server).hostname] : [],
    });
  }

  #connectMetrics(): void {
    this.#metrics.connect({
      watches: () => CACHED_KINDS.map((kind) => ({ kind, ...this.#watch.state(kind) })),
      isLeader: () => this.#election?.isLeader() ?? true,
      runningSeconds: () => this.#queue.runningSeconds(),
    });
  }

  async #reachServer(): Promise<void> {
    try {
      await this.#transport.call({ method: "GET", path: "/version", timeoutMs: REACH_TIMEOUT_MS });
    } catch (error) {
      throw new StartError(`cannot use the API server ${this.#server}: ${failureOfError(error).message}`);
    }
  }

  async #serveHealth(): Promise<void> {
    const { registry } = this.#metrics;
    const { host, port } = this.#config.listen;
    try {
      this.#health = await startHealthServer({
        host,
        port,
        live: [queueCheck(() => this.#queue.runningSeconds()), clockCheck(this.#options.clock)],
        ready: [
          { name: "caches", ask: () => this.#askCaches() },
          { name: "diagnoses", ask: () => this.#askDiagnoses() },
        ],
        metrics: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
      });
    } catch (error) {
      const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
      throw new StartError(`cannot listen on ${host}:${port}: ${code}`);
    }
    this.#options.logger.info("serving health and metrics", { host, port: this.#health.port });
  }

  #askCaches(): HealthAnswer {
    const pending = this.#controller.pendingKinds();
    if (pending.length === 0) return { isGood: true };
    return { isGood: false, detail: `no answer yet for ${pending.join(", ")}` };
  }

  /** Without the resource there are still Events and metrics, so this is no reason to be taken out of service. */
  #askDiagnoses(): HealthAnswer {
    const { phase } = this.#watch.state("diagnoses");
    if (phase === "synced") return { isGood: true };
    return {
      isGood: true,
      detail: `IngressDiagnosis is ${phase}; only Events and metrics tell what was found`,
    };
  }
}

const ALWAYS_LEADING: Leadership = { isLeader: () => true, onGained: () => undefined };
