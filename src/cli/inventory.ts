import type { Ingress } from "../model/ingress.ts";
import type { Unknown } from "../model/observed.ts";
import { refKey } from "../model/refs.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { gather } from "../reconciler/gather.ts";
import { KeyIndex } from "../reconciler/key-index.ts";
import type { Listers } from "../reconciler/ports.ts";
import { sharedValues } from "../reconciler/references.ts";

/** Everything one run of the command has read, from a cluster or from manifests. */
export interface Inventory {
  readonly origin: "cluster" | "manifests";
  readonly listers: Listers;
  /** In the order of namespace and name. */
  readonly ingresses: readonly Ingress[];
  /** Epoch milliseconds. */
  readonly takenAt: number;
  /** What is said of the live load balancer and of probes, which are not read. */
  readonly unread: { readonly loadBalancer: Unknown; readonly probes: Unknown };
  /** File and line of an object that was read from a manifest. */
  readonly placeOf: (object: {
    readonly kind: string;
    readonly namespace: string;
    readonly name: string;
  }) => { readonly file: string; readonly line: number } | undefined;
}

/** Snapshots of some of the Ingresses, assembled as the controller does it. */
export function snapshotsOf(inventory: Inventory, ingresses: readonly Ingress[]): readonly Snapshot[] {
  const { listers, takenAt, unread } = inventory;
  const shared = new KeyIndex();
  for (const ingress of inventory.ingresses) shared.set(refKey(ingress.ref), sharedValues(ingress));
  const sources = { listers, sharing: (value: string) => shared.keysOf(value) };
  return ingresses.map((ingress) => ({ ...gather(ingress, sources, takenAt).snapshot, ...unread }));
}

/** The Ingresses a lister answers, in the order of namespace and name. */
export function sortedIngresses(listers: Listers): readonly Ingress[] {
  const all = listers.ingresses.all();
  return (all.known ? [...all.value] : []).sort((a, b) => (refKey(a.ref) < refKey(b.ref) ? -1 : 1));
}
