import type { StringMap } from "../model/refs.ts";

/** Finds objects by something else than their name, kept up to date one change at a time. */
export interface ObjectIndex<T> {
  /** Files `after` in place of `before`; either may be undefined. */
  update(before: T | undefined, after: T | undefined): void;
}

/** Objects filed under one key each. */
export class KeyIndex<T> implements ObjectIndex<T> {
  readonly #keyOf: (object: T) => string | undefined;
  readonly #buckets = new Buckets<T>();

  /** `keyOf` gives undefined for an object that is not to be found. */
  constructor(keyOf: (object: T) => string | undefined) {
    this.#keyOf = keyOf;
  }

  update(before: T | undefined, after: T | undefined): void {
    const oldKey = before === undefined ? undefined : this.#keyOf(before);
    const newKey = after === undefined ? undefined : this.#keyOf(after);
    if (before !== undefined && oldKey !== undefined) this.#buckets.remove(oldKey, before);
    if (after !== undefined && newKey !== undefined) this.#buckets.add(newKey, after);
  }

  /** Objects filed under `key`, in no order. */
  get(key: string): readonly T[] {
    return this.#buckets.get(key);
  }
}

interface Labelled {
  readonly ref: { readonly namespace: string };
  readonly labels: StringMap;
}

/** Label keys that are indexed; selectors beyond so many different keys search what the indexed ones leave. */
const MAX_LABEL_KEYS = 32;

/**
 * Objects by namespace and labels.
 *
 * Only keys that a selector has asked for are indexed (`app`, not `pod-template-hash`), each from the first
 * question on; a question then costs as much as the smallest set of objects that share one of its labels.
 */
export class LabelIndex<T extends Labelled> implements ObjectIndex<T> {
  readonly #all: () => Iterable<T>;
  readonly #byKey = new Map<string, Buckets<T>>();

  /** `all` gives every object, for indexing a key that is asked for the first time. */
  constructor(all: () => Iterable<T>) {
    this.#all = all;
  }

  update(before: T | undefined, after: T | undefined): void {
    for (const [key, values] of this.#byKey) {
      const oldValue = before?.labels[key];
      const newValue = after?.labels[key];
      if (before !== undefined && oldValue !== undefined) values.remove(bucket(before, oldValue), before);
      if (after !== undefined && newValue !== undefined) values.add(bucket(after, newValue), after);
    }
  }

  /** Objects of `namespace` that carry every label of `selector`; none for an empty selector. */
  matching(namespace: string, selector: StringMap): T[] {
    const wanted = Object.entries(selector);
    if (wanted.length === 0) return [];
    let smallest: { readonly buckets: Buckets<T>; readonly key: string; readonly size: number } | undefined;
    for (const [key, value] of wanted) {
      const buckets = this.#bucketsOf(key);
      const filed = `${namespace}/${value}`;
      const size = buckets?.size(filed) ?? 0;
      if (buckets !== undefined && size < (smallest?.size ?? Number.POSITIVE_INFINITY)) {
        smallest = { buckets, key: filed, size };
      }
    }
    const candidates = smallest === undefined ? [...this.#all()] : smallest.buckets.get(smallest.key);
    return candidates.filter(
      ({ ref, labels }) =>
        ref.namespace === namespace && wanted.every(([key, value]) => labels[key] === value),
    );
  }

  #bucketsOf(key: string): Buckets<T> | undefined {
    const known = this.#byKey.get(key);
    if (known !== undefined || this.#byKey.size >= MAX_LABEL_KEYS) return known;
    const buckets = new Buckets<T>();
    for (const object of this.#all()) {
      const value = object.labels[key];
      if (value !== undefined) buckets.add(bucket(object, value), object);
    }
    this.#byKey.set(key, buckets);
    return buckets;
  }
}

function bucket({ ref }: Labelled, value: string): string {
  return `${ref.namespace}/${value}`;
}

/** Sets of objects by key. Most keys have one object, which then needs no set around it. */
class Buckets<T> {
  readonly #buckets = new Map<string, T | Bucket<T>>();

  add(key: string, object: T): void {
    const found = this.#buckets.get(key);
    if (found instanceof Bucket) found.objects.add(object);
    else this.#buckets.set(key, found === undefined ? object : new Bucket([found, object]));
  }

  remove(key: string, object: T): void {
    const found = this.#buckets.get(key);
    if (found === object) this.#buckets.delete(key);
    if (!(found instanceof Bucket)) return;
    found.objects.delete(object);
    if (found.objects.size === 0) this.#buckets.delete(key);
  }

  size(key: string): number {
    const found = this.#buckets.get(key);
    if (found instanceof Bucket) return found.objects.size;
    return found === undefined ? 0 : 1;
  }

  get(key: string): T[] {
    const found = this.#buckets.get(key);
    if (found instanceof Bucket) return [...found.objects];
    return found === undefined ? [] : [found];
  }
}

/** More than one object under one key. */
class Bucket<T> {
  readonly objects: Set<T>;

  constructor(objects: readonly T[]) {
    this.objects = new Set(objects);
  }
}
