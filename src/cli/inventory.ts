import type { Ingress } from "../model/ingress.ts";
import type { Unknown } from "../model/observed.ts";
import { refKey } from "../model/refs.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { gather } from "../reconciler/gather.ts";
import { KeyIndex } from "../reconciler/key-index.ts";
import type { CloudReader, Listers } from "../reconciler/ports.ts";
import { sharedValues } from "../reconciler/references.ts";

/** Everything one run of the command has read, from a cluster or from manifests. */
export interface Inventory {
  readonly origin: "cluster" | "manifests";
  readonly listers: Listers;
  /** In the order of namespace and name. */
  readonly ingresses: readonly Ingress[];
  /** Epoch milliseconds. */
  readonly takenAt: number;
  /** What is said of the live load balancer without {@link Inventory.cloud}, and of probes, which are not read. */
  readonly unread: { readonly loadBalancer: Unknown; readonly probes: Unknown };
  /** Reads Google Cloud; absent where it is not read. */
  readonly cloud?: InventoryCloud;
  /** File and line of an object that was read from a manifest. */
  readonly placeOf: (object: {
    readonly kind: string;
    readonly namespace: string;
    readonly name: string;
  }) => { readonly file: string; readonly line: number } | undefined;
}

/** The live load balancers behind an inventory. */
export interface InventoryCloud {
  /** Knows nothing before {@link InventoryCloud.readFor} has come to its end. */
  readonly reader: Pick<CloudReader, "observe">;
  /** Reads within bounded time what `observe` asks {@link InventoryCloud.reader} about. Never rejects. */
  readFor(observe: () => void): Promise<void>;
  /** Starts no more reads. */
  stop(): void;
}

/** Reads the load balancers of these Ingresses, for {@link snapshotsOf} to hold; once, and in bounded time. */
export async function readLoadBalancers(
  inventory: Inventory,
  ingresses: readonly Ingress[],
  progress: (line: string) => void,
): Promise<void> {
  if (inventory.cloud === undefined || ingresses.length === 0) return;
  progress("Reading load balancers from Google Cloud");
  await inventory.cloud.readFor(() => void snapshotsOf(inventory, ingresses));
  inventory.cloud.stop();
  progress("");
}

/** Snapshots of some of the Ingresses, assembled as the controller does it. */
export function snapshotsOf(inventory: Inventory, ingresses: readonly Ingress[]): readonly Snapshot[] {
  const { listers, takenAt, cloud } = inventory;
  const { loadBalancer, probes } = inventory.unread;
  const shared = new KeyIndex();
  for (const ingress of inventory.ingresses) shared.set(refKey(ingress.ref), sharedValues(ingress));
  const sharing = (value: string) => shared.keysOf(value);
  const sources = { listers, sharing, cloud: cloud?.reader ?? { observe: () => loadBalancer } };
  return ingresses.map((ingress) => ({ ...gather(ingress, sources, takenAt).snapshot, probes }));
}

/** The Ingresses a lister answers, in the order of namespace and name. */
export function sortedIngresses(listers: Listers): readonly Ingress[] {
  const all = listers.ingresses.all();
  return (all.known ? [...all.value] : []).sort((a, b) => (refKey(a.ref) < refKey(b.ref) ? -1 : 1));
}
