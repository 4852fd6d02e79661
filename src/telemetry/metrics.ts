import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { systemClock } from "./clock.ts";
import { DiagnosisMetrics } from "./diagnosis-metrics.ts";
import { addGoogleMetrics, type GoogleState } from "./google-metrics.ts";

/** Buckets for work that takes from a tenth of a millisecond to seconds. */
const FAST_BUCKETS = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];

/** What the gauges that are read at scrape time ask. */
export interface MetricSources {
  /** Watched kinds with their state. */
  readonly watches: () => Iterable<{
    readonly kind: string;
    readonly phase: string;
    readonly objects: number;
    /** Epoch milliseconds. */
    readonly lastContactAt?: number;
  }>;
  readonly isLeader: () => boolean;
  /** The part of the namespaces that this process diagnoses, of `count`. */
  readonly shard: { readonly index: number; readonly count: number };
  /** Seconds since each key that runs now was started. */
  readonly runningSeconds: () => readonly number[];
  /** Undefined when Google is not read. */
  readonly google: (() => GoogleState) | undefined;
}

/** Every metric of the process, in one registry; its parts fit the ports that count. */
export interface Metrics {
  readonly registry: Registry;
  readonly reconcile: ReturnType<typeof reconcileMetrics>;
  readonly queue: ReturnType<typeof queueMetrics>;
  readonly adapter: ReturnType<typeof adapterMetrics>;
  /** Connects the gauges that are read at scrape time; call once. */
  connect(sources: MetricSources): void;
}

/** Gauges of prom-client that end like counters, which a linter of metrics refuses. */
const MISNAMED = [
  "nodejs_active_resources_total",
  "nodejs_active_handles_total",
  "nodejs_active_requests_total",
];

/** Creates the metrics of one process; `now` answers epoch milliseconds. */
export function createMetrics(now: () => number = systemClock.now): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const name of MISNAMED) registry.removeSingleMetric(name);
  return {
    registry,
    reconcile: reconcileMetrics(registry, now),
    queue: queueMetrics(registry),
    adapter: adapterMetrics(registry),
    connect: (sources) => connectGauges(registry, sources),
  };
}

function reconcileMetrics(registry: Registry, now: () => number) {
  const registers = [registry];
  const diagnoses = new DiagnosisMetrics(registry, now);
  const duration = new Histogram({
    name: "ingress_doctor_reconcile_duration_seconds",
    help: "Time from taking a key to having published its diagnosis.",
    labelNames: ["result"],
    buckets: FAST_BUCKETS,
    registers,
  });
  const failures = new Counter({
    name: "ingress_doctor_engine_failures_total",
    help: "Diagnoses that failed; their Ingresses keep the diagnosis they had.",
    registers,
  });
  const writes = new Counter({
    name: "ingress_doctor_diagnosis_writes_total",
    help: "Requests that write an IngressDiagnosis, by outcome.",
    labelNames: ["operation", "outcome"],
    registers,
  });
  const events = new Counter({
    name: "ingress_doctor_events_total",
    help: "Kubernetes Events, by outcome; limited and overflow were never sent.",
    labelNames: ["outcome"],
    registers,
  });
  return {
    reconciled: (result: string, seconds: number) => duration.observe({ result }, seconds),
    engineFailed: () => failures.inc(),
    diagnosed: diagnoses.set.bind(diagnoses),
    published: diagnoses.published.bind(diagnoses),
    forgotten: diagnoses.remove.bind(diagnoses),
    written: (operation: string, outcome: string) => writes.inc({ operation, outcome }),
    eventSent: (outcome: string) => events.inc({ outcome }),
  };
}

/** Metrics with the names and meanings of client-go's work queue. */
function queueMetrics(registry: Registry) {
  const common = { labelNames: ["name"], registers: [registry] };
  const name = "ingresses";
  const depth = new Gauge({ ...common, name: "workqueue_depth", help: "Keys ready to be reconciled." });
  const adds = new Counter({ ...common, name: "workqueue_adds_total", help: "Keys added." });
  const retries = new Counter({
    ...common,
    name: "workqueue_retries_total",
    help: "Keys tried again after a failure.",
  });
  const waited = new Histogram({
    ...common,
    name: "workqueue_queue_duration_seconds",
    help: "Time a key waits before it is taken.",
    buckets: FAST_BUCKETS,
  });
  const worked = new Histogram({
    ...common,
    name: "workqueue_work_duration_seconds",
    help: "Time from taking a key to being done with it.",
    buckets: FAST_BUCKETS,
  });
  return {
    added: () => adds.inc({ name }),
    retried: () => retries.inc({ name }),
    depthChanged: (value: number) => depth.set({ name }, value),
    started: (seconds: number) => waited.observe({ name }, seconds),
    finished: (seconds: number) => worked.observe({ name }, seconds),
  };
}

function adapterMetrics(registry: Registry) {
  const registers = [registry];
  const requests = new Histogram({
    name: "ingress_doctor_request_duration_seconds",
    help: "Requests to APIs: of the client kubernetes by HTTP method and status, of compute by API method and ok or the class of its failure.",
    labelNames: ["client", "verb", "code"],
    buckets: [0.005, 0.05, 0.5, 5, 30],
    registers,
  });
  const delays = new Histogram({
    name: "ingress_doctor_rate_limit_wait_seconds",
    help: "Time that requests waited because a client had used up the rate it allows itself.",
    labelNames: ["client"],
    buckets: [0.1, 1, 5, 15, 60],
    registers,
  });
  const ended = new Counter({
    name: "ingress_doctor_watch_ended_total",
    help: "Watches and lists that ended, by kind and reason.",
    labelNames: ["kind", "reason"],
    registers,
  });
  const lists = new Counter({
    name: "ingress_doctor_lists_total",
    help: "Complete lists read, by kind.",
    labelNames: ["kind"],
    registers,
  });
  return {
    requestFinished: (client: string, verb: string, code: string, seconds: number) =>
      requests.observe({ client, verb, code }, seconds),
    requestDelayed: (client: string, seconds: number) => delays.observe({ client }, seconds),
    watchEnded: (kind: string, reason: string) => ended.inc({ kind, reason }),
    listed: (kind: string, _objects: number) => lists.inc({ kind }),
  };
}

function connectGauges(registry: Registry, sources: MetricSources): void {
  const registers = [registry];
  new Gauge({
    name: "ingress_doctor_leader",
    help: "1 while this process may write.",
    registers,
    collect() {
      this.set(sources.isLeader() ? 1 : 0);
    },
  });
  connectShard(registers, sources);
  new Gauge({
    name: "workqueue_unfinished_work_seconds",
    help: "Time spent so far on the keys that run now, summed up.",
    labelNames: ["name"],
    registers,
    collect() {
      this.set(
        { name: "ingresses" },
        sources.runningSeconds().reduce((sum, seconds) => sum + seconds, 0),
      );
    },
  });
  new Gauge({
    name: "workqueue_longest_running_processor_seconds",
    help: "Time spent so far on the key that runs longest.",
    labelNames: ["name"],
    registers,
    collect() {
      this.set({ name: "ingresses" }, Math.max(0, ...sources.runningSeconds()));
    },
  });
  connectWatches(registers, sources);
  if (sources.google !== undefined) addGoogleMetrics(registry, sources.google);
}

function connectShard(registers: Registry[], { shard }: MetricSources): void {
  new Gauge({
    name: "ingress_doctor_shards",
    help: "Parts into which the namespaces are divided; each needs a leader.",
    registers,
  }).set(shard.count);
  new Gauge({
    name: "ingress_doctor_shard_info",
    help: "1 for the part whose namespaces this process diagnoses.",
    labelNames: ["shard"],
    registers,
  }).set({ shard: String(shard.index) }, 1);
}

function connectWatches(registers: Registry[], sources: MetricSources): void {
  new Gauge({
    name: "ingress_doctor_watch_objects",
    help: "Objects held, by kind.",
    labelNames: ["kind"],
    registers,
    collect() {
      for (const { kind, objects } of sources.watches()) this.set({ kind }, objects);
    },
  });
  new Gauge({
    name: "ingress_doctor_watch_last_contact_timestamp_seconds",
    help: "When the API server last sent anything for a kind.",
    labelNames: ["kind"],
    registers,
    collect() {
      for (const { kind, lastContactAt } of sources.watches()) {
        if (lastContactAt !== undefined) this.set({ kind }, lastContactAt / 1000);
      }
    },
  });
  new Gauge({
    name: "ingress_doctor_watch_phase",
    help: "1 for the phase that the watch of a kind is in: starting, synced, forbidden, absent or off.",
    labelNames: ["kind", "phase"],
    registers,
    collect() {
      this.reset();
      for (const { kind, phase } of sources.watches()) this.set({ kind, phase }, 1);
    },
  });
}
