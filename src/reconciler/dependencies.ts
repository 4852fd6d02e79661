import { type Known, known, type Observed } from "../model/observed.ts";
import { type ObjectKey, type ObjectRef, objectKey } from "../model/refs.ts";
import type { Lister } from "./ports.ts";

/** Kinds an Ingress or its Services name, so that a missing one is looked for among its neighbours. */
export type NamedKind =
  | "services"
  | "backendConfigs"
  | "frontendConfigs"
  | "managedCertificates"
  | "secrets"
  | "pods"
  | "workloads";

/**
 * Token of one object, existing or not: whoever was gathered with it is affected by a change of it.
 *
 * The token of a Service also stands for what belongs to it: its EndpointSlices, Pods, workloads, network
 * endpoint groups and Events.
 */
export function objectToken(kind: NamedKind, key: ObjectKey): string {
  return `${kind}:${key}`;
}

/** Token of every object of a kind in a namespace. */
export function namespaceToken(kind: NamedKind | "networkPolicies", namespace: string): string {
  return `${kind}:${namespace}`;
}

/** Token of all Nodes. */
export const NODES_TOKEN = "nodes";

/** Most neighbours added to a snapshot for naming a near miss. */
export const MAX_NEIGHBOURS = 500;

interface Referable {
  readonly ref: ObjectRef;
}

/** Reads objects for one snapshot and keeps a token of everything that was asked for. */
export class RecordedReads {
  /** Tokens of everything read; complete once the snapshot is. */
  readonly tokens = new Set<string>();

  /** Objects of one namespace by name; where one is missing, its neighbours join as well. */
  named<T extends Referable>(
    kind: NamedKind,
    lister: Lister<T>,
    namespace: string,
    names: Iterable<string>,
  ): Observed<readonly T[]> {
    const found: T[] = [];
    let complete = true;
    for (const name of names) {
      const object = this.object(kind, lister, objectKey(namespace, name));
      if (!object.known) return object;
      if (object.value === undefined) complete = false;
      else found.push(object.value);
    }
    return complete ? known(found) : this.withNeighbours(kind, lister, namespace, found);
  }

  /** One object by key. */
  object<T>(kind: NamedKind, lister: Lister<T>, key: ObjectKey): Observed<T | undefined> {
    this.tokens.add(objectToken(kind, key));
    return lister.get(key);
  }

  /** `found`, and up to {@link MAX_NEIGHBOURS} other objects of the namespace, the first by name. */
  withNeighbours<T extends Referable>(
    kind: NamedKind,
    lister: Lister<T>,
    namespace: string,
    found: readonly T[],
  ): Observed<readonly T[]> {
    this.tokens.add(namespaceToken(kind, namespace));
    const all = lister.inNamespace(namespace);
    if (!all.known) return all;
    const neighbours = [...all.value].sort(byName).slice(0, MAX_NEIGHBOURS);
    return known([...new Set([...found, ...neighbours])]);
  }
}

/** Concatenates lists; one that could not be read makes the whole unreadable. Duplicates are dropped. */
export function mergeObserved<T>(lists: Iterable<Observed<readonly T[]>>): Observed<readonly T[]> {
  const merged = new Set<T>();
  for (const list of lists) {
    if (!list.known) return list;
    for (const item of list.value) merged.add(item);
  }
  return known([...merged]);
}

/** The known ones among several answers. */
export function knownValues<T>(answers: Iterable<Observed<T>>): T[] {
  return [...answers].filter((answer): answer is Known<T> => answer.known).map(({ value }) => value);
}

function byName(a: Referable, b: Referable): number {
  return a.ref.name < b.ref.name ? -1 : a.ref.name > b.ref.name ? 1 : 0;
}
