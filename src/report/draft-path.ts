import type { PathNode } from "./request-path.ts";

/** A box before the findings have been laid on it. */
export interface HopDraft extends Omit<PathNode, "finding"> {
  /** JSON paths of the routes it stands for. */
  readonly fields?: readonly string[];
  /** Keys of the backends it stands for. */
  readonly backends?: readonly string[];
}

/** Boxes and the ways between them. */
export interface DraftPath {
  readonly hops: readonly HopDraft[];
  /** From and to, by id. */
  readonly links: readonly (readonly [from: string, to: string])[];
}
