import type { Config } from "./config.ts";
import { isEmulator } from "./gcp/endpoint.ts";
import { CALLS_PER_MINUTE, GoogleCloud } from "./gcp/google-cloud.ts";
import type { BoundedServer } from "./http/bounded-server.ts";
import { failureOfError } from "./kubernetes/api-failure.ts";
import { ClusterWatch } from "./kubernetes/cluster-watch.ts";
import { keepObjects } from "./kubernetes/kept-objects.ts";
import { diagnosisKind, type WatchedKind, watchedKinds } from "./kubernetes/kinds.ts";
import { loadKubeconfig } from "./kubernetes/kubeconfig.ts";
import { LeaseElection } from "./kubernetes/lease-election.ts";
import { Transport } from "./kubernetes/transport.ts";
import type { ListenAddress } from "./listen-config.ts";
import { REPORTING_CONTROLLER } from "./model/event.ts";
import type { PodProber } from "./probe/pod-prober.ts";
import { CACHED_KINDS, type Controller } from "./reconciler/controller.ts";
import type { EventOutbox } from "./reconciler/event-outbox.ts";
import type { GatherSources } from "./reconciler/gather.ts";
import { LeftoverReport, leftoversIn } from "./reconciler/leftover-report.ts";
import type { Clock, Logger } from "./reconciler/ports.ts";
import type { WorkQueue } from "./reconciler/queue.ts";
import { readsObject, type Shard } from "./reconciler/shard.ts";
import { reduceStatus } from "./reconciler/stored-status.ts";
import { startHealthServer } from "./telemetry/health.ts";
import { createMetrics, type Metrics } from "./telemetry/metrics.ts";
import { cachesCheck, clockCheck, diagnosesCheck, queueCheck } from "./telemetry/process-checks.ts";
import { renderMetrics } from "./telemetry/render-metrics.ts";
import { servePage } from "./wire-page.ts";
import { wireReconciliation } from "./wire-reconciliation.ts";

/**
 * How many times more often an emulator is read than Google: it has no quota to spare, and whoever tries something
 * out waits for it. A minute between lists is three seconds then.
 */
const EMULATOR_HASTE = 20;

const REACH_TIMEOUT_MS = 10_000;
/** With the second in which others look at the Lease it keeps a takeover after SIGTERM within three seconds. */
const DRAIN_EVENTS_MS = 1_500;

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
  readonly #leftovers: LeftoverReport | undefined;
  readonly #queue: WorkQueue;
  readonly #outbox: EventOutbox;
  readonly #controller: Controller;
  readonly #prober: PodProber | undefined;
  readonly #sources: GatherSources;
  readonly #electionEnd = new AbortController();
  #electing: Promise<void> = Promise.resolve();
  #health: BoundedServer | undefined;
  #page: BoundedServer | undefined;

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
      kinds: kindsOf(config.shard),
      ...(config.namespaces === undefined ? {} : { namespaces: config.namespaces }),
    });
    this.#election = this.#createElection();
    this.#google = this.#createGoogle();
    this.#leftovers = this.#google && this.#createLeftoverReport(this.#google);
    ({
      queue: this.#queue,
      outbox: this.#outbox,
      controller: this.#controller,
      prober: this.#prober,
      sources: this.#sources,
    } = wireReconciliation({
      clock,
      logger,
      identity: options.identity,
      metrics: this.#metrics,
      transport: this.#transport,
      watch: this.#watch,
      election: this.#election,
      shard: config.shard,
      cloud: this.#google?.reader,
      apiServer: config.probe ? this.#server : undefined,
    }));
    this.#connectMetrics();
  }

  /** Starts everything and returns when the API server was reached once. Throws {@link StartError}. */
  async start(): Promise<void> {
    await this.#reachServer();
    await this.#serveHealth();
    await this.#servePage();
    this.#google?.prepare();
    this.#connectGoogle();
    this.#controller.start();
    if (this.#election !== undefined) this.#electing = this.#election.run(this.#electionEnd.signal);
  }

  /** Stops taking work, aborts what runs, sends waiting Events, gives up the Lease. Takes a few seconds at most. */
  async stop(): Promise<void> {
    this.#google?.stop();
    this.#leftovers?.stop();
    this.#prober?.stop();
    await this.#queue.shutDown();
    await this.#outbox.drain(DRAIN_EVENTS_MS);
    await this.#watch.stop();
    this.#electionEnd.abort();
    await this.#electing;
    await this.#health?.stop();
    await this.#page?.stop();
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
      haste: google.endpoint !== undefined && isEmulator(google.endpoint) ? EMULATOR_HASTE : 1,
      // The rate is one for the whole project, and every shard has a leader that reads.
      callsPerMinute: Math.floor(CALLS_PER_MINUTE / this.#config.shard.count),
    });
  }

  #createLeftoverReport(google: GoogleCloud): LeftoverReport {
    const { clock, logger } = this.#options;
    const { shard } = this.#config;
    const place = { holdings: () => google.holdings(), listers: this.#watch.listers, shard };
    return new LeftoverReport({ find: () => leftoversIn(place), clock, logger });
  }

  /** Only the replica that writes reads Google: its quota is shared by the whole project. */
  #connectGoogle(): void {
    const google = this.#google;
    google?.reader.subscribe((keys) => {
      keys.forEach((key, position) => {
        this.#queue.addAfter(key, MS_PER_CLOUD_KEY * position);
      });
    });
    const start = () => {
      google?.start();
      this.#leftovers?.start();
    };
    if (this.#election === undefined) start();
    else this.#election.onGained(start);
  }

  #connectMetrics(): void {
    const google = this.#google;
    this.#metrics.connect({
      watches: () => CACHED_KINDS.map((kind) => ({ kind, ...this.#watch.state(kind) })),
      isLeader: () => this.#election?.isLeader() ?? true,
      shard: this.#config.shard,
      runningSeconds: () => this.#queue.runningSeconds(),
      google:
        google === undefined
          ? undefined
          : () => ({ ...google.state(), leftovers: this.#leftovers?.counts() }),
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
          cachesCheck(() => this.#controller.pendingKinds()),
          diagnosesCheck(() => this.#watch.state("diagnoses").phase),
        ],
        metrics: async () => ({ contentType: registry.contentType, text: await renderMetrics(registry) }),
      });
    } catch (error) {
      throw cannotListen(this.#config.listen, error);
    }
    this.#options.logger.info("serving health and metrics", { host, port: this.#health.port });
  }

  async #servePage(): Promise<void> {
    const { page } = this.#config;
    if (page === undefined) return;
    const { clock, logger } = this.#options;
    const [sources, transport] = [this.#sources, this.#transport];
    try {
      this.#page = await servePage({ config: this.#config, sources, transport, clock, logger });
    } catch (error) {
      throw cannotListen(page, error);
    }
    logger.info("serving the page", { host: page.host, port: this.#page?.port });
  }
}

function cannotListen({ host, port }: ListenAddress, error: unknown): StartError {
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
  return new StartError(`cannot listen on ${host}:${port}: ${code}`);
}

function kindsOf(shard: Shard): WatchedKind[] {
  const kinds: readonly WatchedKind[] = [
    ...watchedKinds.filter(({ optIn }) => !optIn),
    diagnosisKind(reduceStatus),
  ];
  if (shard.count === 1) return [...kinds];
  return kinds.map((kind) => keepObjects(kind, (source, namespace) => readsObject(shard, source, namespace)));
}
