import type { ObjectRef, StringMap } from "../model/refs.ts";
import { nearest } from "./nearest.ts";

/** An object whose labels a selector may have been meant for. */
export interface Labelled {
  readonly ref: ObjectRef;
  readonly labels: StringMap;
}

/** The object whose labels come closest to a selector, and what the selector would have to say for it. */
export interface NearestLabels {
  readonly ref: ObjectRef;
  /** Labels of the object that the changed selector would ask for, sorted by key. */
  readonly wanted: Readonly<Record<string, string>>;
  /** Merge patch of the selector: new values by key, null where a key is to go. */
  readonly changes: Readonly<Record<string, string | null>>;
  /** True when every difference looks like a slip of the pen, or the object has the name asked for. */
  readonly sure: boolean;
}

/** Labels that controllers write; nobody selects by them on purpose. */
const WRITTEN_BY_CONTROLLERS: ReadonlySet<string> = new Set([
  "pod-template-hash",
  "controller-revision-hash",
  "statefulset.kubernetes.io/pod-name",
  "apps.kubernetes.io/pod-index",
]);

/** What one pair costs: a slip is near, anything else is far. */
const SLIP = 1;
const FAR = 3;

/**
 * Finds the object whose labels a selector that matches nothing comes closest to; undefined when none is near.
 *
 * Near means that some pair holds, differs by a slip (`app: wbe` for `app: web`), or stands under another key;
 * or that the object has the name `name`. The order of candidates counts nothing.
 */
export function nearestLabels(
  selector: StringMap,
  candidates: readonly Labelled[],
  name: string,
): NearestLabels | undefined {
  const pairs = Object.entries(selector);
  const rated = candidates
    .map(({ ref, labels }) => ({ ref, ...compare(pairs, labels), named: ref.name === name }))
    .filter(
      ({ cost, wanted, named }) => Object.keys(wanted).length > 0 && (cost < pairs.length * FAR || named),
    )
    .sort((a, b) => a.cost - b.cost || Number(b.named) - Number(a.named) || compareRefs(a.ref, b.ref));
  const [best] = rated;
  if (best === undefined) return undefined;
  const { ref, wanted, changes, cost, named } = best;
  return { ref, wanted, changes, sure: named || cost <= Object.keys(changes).length * SLIP };
}

interface Comparison {
  readonly cost: number;
  readonly wanted: Readonly<Record<string, string>>;
  readonly changes: Readonly<Record<string, string | null>>;
}

function compare(pairs: readonly (readonly [string, string])[], labels: StringMap): Comparison {
  let cost = 0;
  const wanted: Record<string, string> = {};
  const changes: Record<string, string | null> = {};
  for (const [key, value] of [...pairs].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const pair = nearestPair(labels, key, value);
    cost += pair.cost;
    if (pair.key !== undefined) wanted[pair.key] = pair.value;
    if (pair.key !== key) changes[key] = null;
    if (pair.key !== undefined && (pair.key !== key || pair.value !== value)) changes[pair.key] = pair.value;
  }
  return { cost, wanted, changes };
}

/** What a pair of the selector may have been meant to be, and what assuming so costs; no key: to be left out. */
interface NearestPair {
  readonly key: string | undefined;
  readonly value: string;
  readonly cost: number;
}

function nearestPair(labels: StringMap, key: string, value: string): NearestPair {
  const actual = labels[key];
  if (actual === value) return { key, value, cost: 0 };
  if (actual !== undefined && isSlip(actual, value)) return { key, value: actual, cost: SLIP };
  const other = otherKey(labels, key, value);
  if (other !== undefined) return { key: other, value, cost: SLIP };
  return actual === undefined ? { key: undefined, value, cost: FAR } : { key, value: actual, cost: FAR };
}

/** The key under which the labels hold the value, the one spelt most like `key` first. */
function otherKey(labels: StringMap, key: string, value: string): string | undefined {
  const keys = Object.keys(labels).filter(
    (name) => name !== key && labels[name] === value && !WRITTEN_BY_CONTROLLERS.has(name),
  );
  return nearest(keys, key)[0] ?? keys.sort()[0];
}

function isSlip(actual: string, wanted: string): boolean {
  return nearest([actual], wanted).length > 0;
}

/** Workloads before the pods they made, then by name. */
function compareRefs(a: ObjectRef, b: ObjectRef): number {
  const isPod = (ref: ObjectRef) => Number(ref.kind === "Pod");
  return isPod(a) - isPod(b) || (`${a.kind}/${a.name}` < `${b.kind}/${b.name}` ? -1 : 1);
}
