import { record, text } from "../model/json.ts";
import type { CachedKind } from "../reconciler/ports.ts";
import type { WatchedKind } from "./kinds.ts";

/** Whether an object of `kind` in `namespace`, which is empty for cluster-scoped ones, is kept. */
export type Keeps = (kind: CachedKind, namespace: string) => boolean;

/**
 * The same kind without the objects that are not kept.
 *
 * They are dropped before they are projected, so they cost the parsing of a line and no memory. The server sends
 * them all the same: it has no selector for several namespaces.
 */
export function keepObjects<K extends CachedKind>(kind: WatchedKind<K>, keeps: Keeps): WatchedKind<K> {
  return {
    ...kind,
    project: (raw) => {
      const namespace = text(record(raw, "metadata"), "namespace") ?? "";
      return keeps(kind.source, namespace) ? kind.project(raw) : undefined;
    },
  };
}
