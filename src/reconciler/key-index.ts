import type { ObjectKey } from "../model/refs.ts";

const NONE: ReadonlySet<ObjectKey> = new Set();

/** Finds the Ingress keys that are filed under a value; each key is filed under a whole set at a time. */
export class KeyIndex {
  readonly #values = new Map<ObjectKey, ReadonlySet<string>>();
  /** Most values belong to one key, and tens of thousands of one-element sets would be felt. */
  readonly #keys = new Map<string, ObjectKey | Set<ObjectKey>>();

  /** Files `key` under `values`, and under nothing else. */
  set(key: ObjectKey, values: ReadonlySet<string>): void {
    const before = this.#values.get(key) ?? NONE;
    for (const value of before) if (!values.has(value)) this.#unlink(key, value);
    for (const value of values) if (!before.has(value)) this.#link(key, value);
    if (values.size === 0) this.#values.delete(key);
    else this.#values.set(key, values);
  }

  delete(key: ObjectKey): void {
    this.set(key, NONE);
  }

  /** Keys filed under `value`, in no order. */
  keysOf(value: string): ReadonlySet<ObjectKey> {
    const keys = this.#keys.get(value);
    if (keys === undefined) return NONE;
    return typeof keys === "string" ? new Set([keys]) : keys;
  }

  /** Number of keys that are filed under anything. */
  get size(): number {
    return this.#values.size;
  }

  #link(key: ObjectKey, value: string): void {
    const keys = this.#keys.get(value);
    if (keys === undefined) this.#keys.set(value, key);
    else if (typeof keys === "string") this.#keys.set(value, new Set([keys, key]));
    else keys.add(key);
  }

  #unlink(key: ObjectKey, value: string): void {
    const keys = this.#keys.get(value);
    if (keys instanceof Set) {
      keys.delete(key);
      if (keys.size === 0) this.#keys.delete(value);
    } else if (keys === key) {
      this.#keys.delete(value);
    }
  }
}
