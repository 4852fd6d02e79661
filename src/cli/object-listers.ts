import { createKindCaches, createListers } from "../kubernetes/listers.ts";
import type { Entry } from "../kubernetes/watch-stream.ts";
import type { Observed, Unknown } from "../model/observed.ts";
import type { CachedKind, CachedTypes, Lister, Listers } from "../reconciler/ports.ts";

/** Objects of one API type in one namespace, or in all when undefined, that were read once. */
export interface ObjectSet<K extends CachedKind = CachedKind> {
  readonly source: K;
  /** Plural and group, as permissions name them. */
  readonly type: string;
  readonly namespace: string | undefined;
  /** Undefined when the cluster does not serve the type. */
  readonly entries: readonly Entry<CachedTypes[K]>[] | undefined;
}

/** Says why a kind cannot be read; `found` is what the caches say of a kind they do not hold. */
export type ExplainUnknown = (source: keyof Listers, found: Unknown) => Unknown;

/** The controller's own caches and indexes over objects that were read once. */
export function listersOf(sets: readonly ObjectSet[], explain: ExplainUnknown): Listers {
  const caches = createKindCaches({ changed: () => {}, phaseChanged: () => {}, now: () => 0 });
  const listers = createListers(caches);
  for (const { source, type, namespace, entries } of sets) {
    const cache = caches[source] as unknown as {
      addPartition: (typeof caches)["ingresses"]["addPartition"];
    };
    const partition = cache.addPartition(type, namespace);
    partition.replace(
      (entries ?? []) as readonly Entry<CachedTypes["ingresses"]>[],
      entries === undefined ? "absent" : "synced",
    );
  }
  return explained(listers, explain);
}

function explained(listers: Listers, explain: ExplainUnknown): Listers {
  const wrap = <L extends Lister<unknown>>(source: keyof Listers, lister: L): L => {
    const methods = Object.entries(lister) as [string, (...args: never[]) => Observed<unknown>][];
    return Object.fromEntries(
      methods.map(([name, read]) => [
        name,
        (...args: never[]) => {
          const answer = read(...args);
          return answer.known ? answer : explain(source, answer);
        },
      ]),
    ) as unknown as L;
  };
  const sources = Object.entries(listers) as [keyof Listers, Lister<unknown>][];
  return Object.fromEntries(
    sources.map(([source, lister]) => [source, wrap(source, lister)]),
  ) as unknown as Listers;
}
