/** One path rule: a literal path (`/foo`) or a prefix ending in `/*`. */
export interface PathRule<T> {
  readonly path: string;
  readonly target: T;
}

/** One host with its path matcher. Every host keeps its own fallback, as Compute Engine does. */
export interface HostRule<T> {
  /** A host name, `*`, or a wildcard that starts with `*.` or `*-`. */
  readonly host: string;
  readonly paths: readonly PathRule<T>[];
  /** Target of paths that match no rule of this host. */
  readonly fallback: T | undefined;
}

/**
 * A URL map, whoever wrote it: the GKE translator (targets are backend keys) or Compute Engine (targets are
 * backend service names).
 */
export interface UrlMapTable<T> {
  readonly hosts: readonly HostRule<T>[];
  /** Target of hosts that match no rule; undefined when it could not be resolved. */
  readonly fallback: T | undefined;
}
