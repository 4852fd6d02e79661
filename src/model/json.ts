/**
 * Total readers over untrusted JSON: every function accepts any value, never throws, and answers `undefined`
 * (or an empty list) where the shape is not the wanted one. They read own properties of plain objects only.
 */

/** Longest free text a projection keeps; an Event message may be 1 MiB on the API server. */
export const MAX_TEXT = 8192;

/** Value of one field, or undefined when `source` is no JSON object or does not own the key. */
export function field(source: unknown, key: string): unknown {
  if (!isObject(source) || !Object.hasOwn(source, key)) return undefined;
  return (source as Record<string, unknown>)[key];
}

/** A field's object, or undefined when it is absent or something else. */
export function record(source: unknown, key: string): object | undefined {
  const value = field(source, key);
  return isObject(value) ? value : undefined;
}

/** A field's array, empty when it is absent or something else. */
export function list(source: unknown, key: string): readonly unknown[] {
  const value = field(source, key);
  return Array.isArray(value) ? value : [];
}

/** A field's string. */
export function text(source: unknown, key: string): string | undefined {
  const value = field(source, key);
  return typeof value === "string" ? value : undefined;
}

/** A field's string without the empty one, for fields where Kubernetes writes `""` to mean absent. */
export function filledText(source: unknown, key: string): string | undefined {
  return text(source, key) || undefined;
}

/** A field's free text, cut to {@link MAX_TEXT} UTF-16 units; empty when absent. */
export function boundedText(source: unknown, key: string): string {
  const value = text(source, key) ?? "";
  if (value.length <= MAX_TEXT) return value;
  // A slice would keep the whole parent string alive; what JSON.parse returns is a string of its own.
  return JSON.parse(JSON.stringify(value.slice(0, MAX_TEXT))) as string;
}

/** A field's finite number. */
export function number(source: unknown, key: string): number | undefined {
  const value = field(source, key);
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** A field's boolean. */
export function flag(source: unknown, key: string): boolean | undefined {
  const value = field(source, key);
  return typeof value === "boolean" ? value : undefined;
}

/** A field's IntOrString, as written. */
export function numberOrText(source: unknown, key: string): number | string | undefined {
  return number(source, key) ?? text(source, key);
}

/** A field's RFC 3339 time in epoch milliseconds; undefined when it is absent or no such time. */
export function time(source: unknown, key: string): number | undefined {
  const value = text(source, key);
  if (value === undefined || !/^\d{4}-\d{2}-\d{2}T/.test(value)) return undefined;
  const parsed = Date.parse(value);
  return Number.isNaN(parsed) ? undefined : parsed;
}

const NOTHING: readonly never[] = Object.freeze([]);

/** The strings of a field's array, frozen; other entries are dropped. */
export function texts(source: unknown, key: string): readonly string[] {
  const found = list(source, key).filter((entry) => typeof entry === "string");
  // `map` allocates exactly as much as it fills, where `filter` keeps room for 16 more.
  return found.length === 0 ? NOTHING : Object.freeze(found.map((entry) => entry));
}

/** Projects each JSON object of a field's array, frozen; entries that are no objects are dropped. */
export function each<T>(source: unknown, key: string, project: (entry: object) => T): readonly T[] {
  const entries = list(source, key).filter(isObject);
  return entries.length === 0 ? NOTHING : Object.freeze(entries.map(project));
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The fields of `T` that a projection may leave out. */
type Optional<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

/**
 * Adds to `required` those of the `optional` fields that are not undefined, and freezes it.
 *
 * Both must be fresh literals: `required` becomes the result. A literal holds its fields in place, so building on
 * it takes a third less memory than adding every field to an empty object.
 */
export function compact<R extends object, O extends object>(
  required: R,
  optional: O,
): Readonly<R> & Optional<O> {
  const target = required as Record<string, unknown>;
  for (const [key, value] of Object.entries(optional)) {
    if (value !== undefined) target[key] = value;
  }
  return Object.freeze(target) as Readonly<R> & Optional<O>;
}
