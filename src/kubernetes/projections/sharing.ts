import { text } from "../../model/json.ts";

/** Values longer than this, as JSON, are rarely equal and expensive to compare. */
const MAX_LENGTH = 256;

/** Values kept for sharing; beyond that a pool starts again, which costs sharing and nothing else. */
const MAX_VALUES = 8192;

const strings = new Map<string, string>();
const objects = new Map<string, object>();

/**
 * An equal string that other projections hold too.
 *
 * JSON.parse makes a new string of every value. Label values, zones, node names and condition types repeat all
 * over a cluster, and kept once they save a fifth of the caches.
 */
export function share(value: string): string {
  if (value.length > MAX_LENGTH) return value;
  const known = strings.get(value);
  if (known !== undefined) return known;
  if (strings.size >= MAX_VALUES) strings.clear();
  strings.set(value, value);
  return value;
}

/** An equal frozen object that other projections hold too, for parts that a whole workload has in common. */
export function shareEqual<T extends object | undefined>(value: T): T {
  if (value === undefined) return value;
  const key = JSON.stringify(value);
  if (key.length > MAX_LENGTH) return value;
  const known = objects.get(key);
  if (known !== undefined) return known as T;
  if (objects.size >= MAX_VALUES) objects.clear();
  objects.set(key, value);
  return value;
}

/** A field's string, for fields whose values repeat; see {@link share}. */
export function sharedText(source: unknown, key: string): string | undefined {
  const value = text(source, key);
  return value === undefined ? undefined : share(value);
}
