import { vi } from "vitest";
import type { Diagnosis } from "../../src/diagnostics/diagnosis.ts";
import type { LoadBalancer } from "../../src/model/load-balancer.ts";
import { type Observed, unknown } from "../../src/model/observed.ts";
import type { ObjectKey } from "../../src/model/refs.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { EventOutbox } from "../../src/reconciler/event-outbox.ts";
import { KeyIndex } from "../../src/reconciler/key-index.ts";
import { StatusPublisher } from "../../src/reconciler/publisher.ts";
import { Reconciler } from "../../src/reconciler/reconcile.ts";
import type { ExportedDiagnosis } from "../../src/reconciler/reconcile-metrics.ts";
import { systemClock } from "../../src/telemetry/clock.ts";
import { broken, diagnosis, finding } from "./diagnoses.ts";
import type { MemoryCluster } from "./memory-cluster.ts";
import type { MemoryWriter } from "./memory-writer.ts";
import { silentLogger, silentReconcileMetrics } from "./silence.ts";

/** One process on a cluster that it may share with others. Its test must use fake timers. */
export class MemoryProcess {
  /** Names of the Events it wanted to create. */
  readonly events: string[] = [];
  /** What it exports about each Ingress now. */
  readonly exported = new Map<ObjectKey, ExportedDiagnosis>();
  diagnose: (snapshot: Snapshot) => Diagnosis = serviceDecides;
  loadBalancer: Observed<LoadBalancer> = unknown("loadBalancer", "not-configured", "credentials");
  readonly #reconciler: Reconciler;

  constructor(cluster: MemoryCluster, writer: MemoryWriter) {
    const clock = systemClock;
    const metrics = {
      ...silentReconcileMetrics,
      diagnosed: (key: ObjectKey, exported: ExportedDiagnosis) => void this.exported.set(key, exported),
    };
    const sink = {
      create: async ({ name }: { readonly name: string }) => {
        this.events.push(name);
        return { outcome: "written" as const };
      },
    };
    this.#reconciler = new Reconciler({
      sources: {
        listers: cluster.listers,
        sharing: () => [],
        cloud: { observe: () => this.loadBalancer },
      },
      diagnose: (snapshot) => this.diagnose(snapshot),
      reads: new KeyIndex(),
      publisher: new StatusPublisher({ diagnoses: cluster.diagnoses, writer, metrics, isServed: () => true }),
      outbox: new EventOutbox({ sink, clock, metrics }),
      metrics,
      clock,
      logger: silentLogger,
    });
  }

  /** One reconcile, and the Events it leads to. */
  async reconcile(key: ObjectKey): Promise<string> {
    const { kind } = await this.#reconciler.reconcile(key, new AbortController().signal);
    await vi.advanceTimersByTimeAsync(1_500);
    return kind;
  }
}

/** Says that an Ingress is broken when Service `web` does not exist. */
function serviceDecides({ ingress, services }: Snapshot): Diagnosis {
  const of = { ingress: ingress.ref, uid: ingress.uid, observedGeneration: ingress.generation };
  const exists = services.known && services.value.some(({ ref }) => ref.name === "web");
  return exists ? diagnosis(of) : broken(finding(), of);
}
