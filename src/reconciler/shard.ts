import { SYSTEM_DEFAULT_BACKEND } from "../diagnostics/gke/lookup.ts";
import type { ObjectKey } from "../model/refs.ts";
import type { CachedKind } from "./ports.ts";

/** Most shards a cluster is divided among; each of them lists and watches the whole cluster. */
export const MAX_SHARDS = 100;

/** One of `count` parts into which the namespaces of a cluster are divided. */
export interface Shard {
  /** From 0 to `count` - 1. */
  readonly index: number;
  readonly count: number;
}

/**
 * The part that a namespace belongs to, from 0 to `count` - 1.
 *
 * Rendezvous hashing: every part bids for the namespace and the highest bid wins. A part that is added takes
 * only what it wins from the others, one that is removed leaves the others what they had; so going from N to M
 * parts moves as few namespaces as it can. The answer must stay the same for ever: processes of different
 * versions share a cluster during an update.
 */
export function shardOf(namespace: string, count: number): number {
  let winner = 0;
  let highest = -1;
  for (let index = 0; index < count; index += 1) {
    const bid = hash(`${index}/${namespace}`);
    if (bid > highest) [winner, highest] = [index, bid];
  }
  return winner;
}

/** Whether a shard diagnoses what is in `namespace`. */
export function ownsNamespace({ index, count }: Shard, namespace: string): boolean {
  return count === 1 || shardOf(namespace, count) === index;
}

/** Whether a shard diagnoses the Ingress `namespace/name`. */
export function ownsKey(shard: Shard, key: ObjectKey): boolean {
  return ownsNamespace(shard, key.slice(0, key.indexOf("/")));
}

/**
 * Whether diagnoses of a shard may read an object of `kind` in `namespace`, which is empty for cluster-scoped ones.
 *
 * Of other namespaces that is all Ingresses, for two of them may want the same host or address, and what stands
 * behind the default backend that GKE gives to an Ingress without one.
 */
export function readsObject(shard: Shard, kind: CachedKind, namespace: string): boolean {
  const isShared = kind === "ingresses" || namespace === "" || namespace === SYSTEM_DEFAULT_BACKEND.namespace;
  return isShared || ownsNamespace(shard, namespace);
}

/** The ordinal of a StatefulSet's pod, from its host name: 2 for `ingress-doctor-2`; undefined without one. */
export function ordinalOf(host: string): number | undefined {
  const [label = ""] = host.split(".", 1);
  const [, ordinal] = /-(\d{1,9})$/.exec(label) ?? [];
  return ordinal === undefined ? undefined : Number(ordinal);
}

/** FNV-1a of the text's code units, mixed so that each of them changes every bit; 32 bits, not negative. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
