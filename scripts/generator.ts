/** Produces files that are committed, so that a reader finds them and a check can compare them. */
export interface Generator {
  /** Short name for messages, e.g. `status types`. */
  readonly name: string;
  /** Path below the repository's root -> whole content. Reads only committed sources. */
  outputs(): Map<string, string>;
}

/** Root of the repository. */
export const ROOT = new URL("../", import.meta.url);
