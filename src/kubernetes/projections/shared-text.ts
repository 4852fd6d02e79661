import { text } from "../../model/json.ts";

/** Strings longer than this are rarely equal, and expensive to compare. */
const MAX_LENGTH = 96;

/** Strings kept for sharing; beyond that the pool starts again, which costs sharing and nothing else. */
const MAX_STRINGS = 8192;

const pool = new Map<string, string>();

/**
 * An equal string that other projections hold too.
 *
 * JSON.parse makes a new string of every value. Label values, zones, node names and condition types repeat all
 * over a cluster, and kept once they save a fifth of the caches.
 */
export function share(value: string): string {
  if (value.length > MAX_LENGTH) return value;
  const known = pool.get(value);
  if (known !== undefined) return known;
  if (pool.size >= MAX_STRINGS) pool.clear();
  pool.set(value, value);
  return value;
}

/** A field's string, for fields whose values repeat; see {@link share}. */
export function sharedText(source: unknown, key: string): string | undefined {
  const value = text(source, key);
  return value === undefined ? undefined : share(value);
}
