import { diagnose } from "./diagnostics/engine.ts";
import type { ClusterWatch } from "./kubernetes/cluster-watch.ts";
import { ApplyingDiagnosisWriter } from "./kubernetes/diagnosis-writer.ts";
import { EventWriter } from "./kubernetes/event-writer.ts";
import { LeaderClient } from "./kubernetes/leader-client.ts";
import type { Transport } from "./kubernetes/transport.ts";
import type { ObjectKey } from "./model/refs.ts";
import { PodProber } from "./probe/pod-prober.ts";
import { Controller } from "./reconciler/controller.ts";
import { EventOutbox } from "./reconciler/event-outbox.ts";
import type { GatherSources } from "./reconciler/gather.ts";
import { KeyIndex } from "./reconciler/key-index.ts";
import type { Clock, Leadership, Logger } from "./reconciler/ports.ts";
import { planProbes } from "./reconciler/probe-plan.ts";
import { StatusPublisher } from "./reconciler/publisher.ts";
import { WorkQueue } from "./reconciler/queue.ts";
import { Reconciler } from "./reconciler/reconcile.ts";
import { ownsKey, type Shard } from "./reconciler/shard.ts";
import { reduceStatus } from "./reconciler/stored-status.ts";
import type { Metrics } from "./telemetry/metrics.ts";

/** Keys reconciled at the same time: enough to keep the API server's answers from being waited for one by one. */
const CONCURRENCY = 16;

/** What the reconciler is wired to. */
export interface ReconciliationParts {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Different in every process. */
  readonly identity: string;
  readonly metrics: Metrics;
  readonly transport: Transport;
  readonly watch: ClusterWatch;
  /** Undefined when this process always may write. */
  readonly election: Leadership | undefined;
  /** Whose namespaces are diagnosed. */
  readonly shard: Shard;
  /** Undefined when Google is not read. */
  readonly cloud: GatherSources["cloud"];
  /** URL of the API server, which no probe may reach; undefined when pods are not probed. */
  readonly apiServer: string | undefined;
}

/** What turns changes into published diagnoses, wired together; nothing runs yet. */
export interface Reconciliation {
  readonly queue: WorkQueue;
  readonly outbox: EventOutbox;
  readonly controller: Controller;
  /** Undefined when pods are not probed. */
  readonly prober: PodProber | undefined;
  /** What every diagnosis is gathered from. */
  readonly sources: GatherSources;
}

/** Wires queue, reconciler, publisher, Events and probes to one cluster. */
export function wireReconciliation(parts: ReconciliationParts): Reconciliation {
  const { clock, logger, metrics, watch } = parts;
  const [reads, shared] = [new KeyIndex(), new KeyIndex()];
  const leadership = parts.election ?? ALWAYS_LEADING;
  const { outbox, publisher } = createWriters(parts, leadership);
  const unprobed: GatherSources = {
    listers: watch.listers,
    sharing: (value) => shared.keysOf(value),
    ...(parts.cloud === undefined ? {} : { cloud: parts.cloud }),
  };
  const prober = createProber(parts, unprobed);
  const sources = prober === undefined ? unprobed : { ...unprobed, prober };
  const reconciler = new Reconciler({
    sources,
    diagnose,
    reads,
    publisher,
    outbox,
    metrics: metrics.reconcile,
    clock,
    logger,
  });
  const queue = new WorkQueue({
    run: (key, signal) => reconciler.reconcile(key, signal),
    clock,
    metrics: metrics.queue,
    concurrency: CONCURRENCY,
  });
  prober?.subscribe((keys) => {
    for (const key of keys) queue.add(key);
  });
  const owns = (key: ObjectKey) => ownsKey(parts.shard, key);
  const controller = new Controller({
    source: watch,
    leadership,
    queue,
    publisher,
    reads,
    shared,
    owns,
    logger,
  });
  return { queue, outbox, controller, prober, sources };
}

function createWriters(parts: ReconciliationParts, leadership: Leadership) {
  const { transport, clock, watch } = parts;
  const client = new LeaderClient(transport, leadership);
  const metrics = parts.metrics.reconcile;
  const outbox = new EventOutbox({
    sink: new EventWriter({ client, clock, instance: parts.identity }),
    clock,
    metrics,
  });
  const publisher = new StatusPublisher({
    diagnoses: watch.diagnoses,
    writer: new ApplyingDiagnosisWriter({ client, clock, status: reduceStatus }),
    metrics,
    isServed: () => watch.state("diagnoses").phase === "synced",
  });
  return { outbox, publisher };
}

/** A replica that does not lead reconciles nothing, so it asks no pods either. */
function createProber(parts: ReconciliationParts, sources: GatherSources): PodProber | undefined {
  const { apiServer, clock } = parts;
  if (apiServer === undefined) return undefined;
  return new PodProber({
    listers: sources.listers,
    clock,
    plan: (ingress) => planProbes(ingress, sources, clock.now()),
    apiServer: URL.canParse(apiServer) ? [new URL(apiServer).hostname] : [],
  });
}

const ALWAYS_LEADING: Leadership = { isLeader: () => true, onGained: () => undefined };
