import { setImmediate as nextTurn } from "node:timers/promises";
import type { Diagnosis } from "../diagnostics/diagnosis.ts";
import { diagnose } from "../diagnostics/engine.ts";
import type { MayRead } from "../model/access.ts";
import type { Ingress } from "../model/ingress.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { type GatherSources, gather } from "../reconciler/gather.ts";
import type { Clock } from "../reconciler/ports.ts";
import { type ReportEntry, reportEntry } from "../report/entry.ts";
import { renderReport } from "../report/render-report.ts";
import { mostUrgent } from "../report/urgency.ts";

/** Ingresses on one page, the most urgent ones: writing more would hold up the process for a quarter of a second. */
const MAX_ENTRIES = 200;

/** Ingresses handled before others get their turn: a few milliseconds. */
const SLICE = 10;

/** Where the page's report comes from. */
export interface ClusterReportOptions {
  readonly sources: GatherSources;
  /** Whether this process diagnoses an Ingress' namespace. */
  readonly owns: (namespace: string) => boolean;
  readonly clock: Pick<Clock, "now">;
}

/**
 * Makes the report of what the caches hold now.
 *
 * It diagnoses anew, so that it never differs from what is stored for longer than a reconcile takes; and in slices, so
 * that nothing else in the process waits for a reader of the page.
 */
export class ClusterReport {
  readonly #options: ClusterReportOptions;

  constructor(options: ClusterReportOptions) {
    this.#options = options;
  }

  /** Namespaces that have an Ingress of this process. */
  namespaces(): readonly string[] {
    return [...new Set(this.#ingresses().map(({ ref }) => ref.namespace))];
  }

  /** The page about all Ingresses in namespaces that may be read. */
  async render(mayRead: MayRead): Promise<string> {
    const { sources, clock } = this.#options;
    const now = clock.now();
    const readable = this.#ingresses().filter(({ ref }) => mayRead(ref.namespace));
    const all = await inSlices(readable, (ingress) => {
      const { snapshot } = gather(ingress, sources, now);
      return { snapshot, diagnosis: diagnose(snapshot) };
    });
    const ours = all.filter(({ diagnosis }) => diagnosis.applicable);
    const shown = mostUrgent(ours, MAX_ENTRIES);
    const entries = await inSlices(shown, entryOf);
    return renderReport({
      generatedAt: now,
      origin: "cluster",
      entries,
      leftOut: all.length - ours.length,
      notShown: ours.length - shown.length,
    });
  }

  #ingresses(): readonly Ingress[] {
    const { sources, owns } = this.#options;
    const ingresses = sources.listers.ingresses.all();
    return ingresses.known ? ingresses.value.filter(({ ref }) => owns(ref.namespace)) : [];
  }
}

interface Diagnosed {
  readonly snapshot: Snapshot;
  readonly diagnosis: Diagnosis;
}

function entryOf({ snapshot, diagnosis }: Diagnosed): ReportEntry {
  return reportEntry(snapshot, diagnosis);
}

async function inSlices<T, R>(items: readonly T[], map: (item: T) => R): Promise<readonly R[]> {
  const results: R[] = [];
  for (const [index, item] of items.entries()) {
    if (index % SLICE === SLICE - 1) await nextTurn();
    results.push(map(item));
  }
  return results;
}
