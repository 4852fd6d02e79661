import type { StringMap } from "../model/refs.ts";

/** Finds objects by something else than their name, kept up to date one change at a time. */
export interface ObjectIndex<T> {
  /** Files `after` in place of `before`; either may be undefined. */
  update(before: T | undefined, after: T | undefined): void;
}

/** Objects filed under one key each. */
export class KeyIndex<T> implements ObjectIndex<T> {
  readonly #keyOf: (object: T) => string | undefined;
  readonly #objects = new Map<string, Set<T>>();

  /** `keyOf` gives undefined for an object that is not to be found. */
  constructor(keyOf: (object: T) => string | undefined) {
    this.#keyOf = keyOf;
  }

  update(before: T | undefined, after: T | undefined): void {
    const oldKey = before === undefined ? undefined : this.#keyOf(before);
    const newKey = after === undefined ? undefined : this.#keyOf(after);
    if (before !== undefined && oldKey !== undefined) removeFrom(this.#objects, oldKey, before);
    if (after !== undefined && newKey !== undefined) addTo(this.#objects, newKey, after);
  }

  /** Objects filed under `key`, in no order. */
  get(key: string): ReadonlySet<T> {
    return this.#objects.get(key) ?? NOTHING;
  }
}

const NOTHING: ReadonlySet<never> = new Set();

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
  readonly #byKey = new Map<string, Map<string, Set<T>>>();

  /** `all` gives every object, for indexing a key that is asked for the first time. */
  constructor(all: () => Iterable<T>) {
    this.#all = all;
  }

  update(before: T | undefined, after: T | undefined): void {
    for (const [key, values] of this.#byKey) {
      const oldValue = before?.labels[key];
      const newValue = after?.labels[key];
      if (before !== undefined && oldValue !== undefined)
        removeFrom(values, bucket(before, oldValue), before);
      if (after !== undefined && newValue !== undefined) addTo(values, bucket(after, newValue), after);
    }
  }

  /** Objects of `namespace` that carry every label of `selector`; none for an empty selector. */
  matching(namespace: string, selector: StringMap): T[] {
    const wanted = Object.entries(selector);
    let smallest: ReadonlySet<T> | undefined;
    for (const [key, value] of wanted) {
      const found = this.#valuesOf(key)?.get(`${namespace}/${value}`) ?? NOTHING;
      if (this.#byKey.has(key) && (smallest === undefined || found.size < smallest.size)) smallest = found;
    }
    if (wanted.length === 0) return [];
    const carriesAll = ({ ref, labels }: T): boolean =>
      ref.namespace === namespace && wanted.every(([key, value]) => labels[key] === value);
    return [...(smallest ?? this.#all())].filter(carriesAll);
  }

  #valuesOf(key: string): ReadonlyMap<string, Set<T>> | undefined {
    const known = this.#byKey.get(key);
    if (known !== undefined || this.#byKey.size >= MAX_LABEL_KEYS) return known;
    const values = new Map<string, Set<T>>();
    for (const object of this.#all()) {
      const value = object.labels[key];
      if (value !== undefined) addTo(values, bucket(object, value), object);
    }
    this.#byKey.set(key, values);
    return values;
  }
}

function bucket({ ref }: Labelled, value: string): string {
  return `${ref.namespace}/${value}`;
}

function addTo<T>(sets: Map<string, Set<T>>, key: string, object: T): void {
  const set = sets.get(key);
  if (set === undefined) sets.set(key, new Set([object]));
  else set.add(object);
}

function removeFrom<T>(sets: Map<string, Set<T>>, key: string, object: T): void {
  const set = sets.get(key);
  set?.delete(object);
  if (set?.size === 0) sets.delete(key);
}
