import type { KindState } from "../reconciler/ports.ts";
import type { ListWatchSink } from "./list-watch.ts";
import { sameProjection } from "./same-projection.ts";
import type { Delta, Entry } from "./watch-stream.ts";

/** One object that came, changed or went. */
export interface ObjectChange<T> {
  readonly before: T | undefined;
  readonly after: T | undefined;
}

/** Told by a {@link Partition} what became different, once the partition itself answers the new state. */
export interface PartitionOwner<T> {
  changed(changes: readonly ObjectChange<T>[]): void;
  phaseChanged(): void;
  /** Epoch milliseconds. */
  now(): number;
}

/** The part of a cache that one list-watch loop fills: one API type in one namespace, or in all. */
export class Partition<T> implements ListWatchSink<T> {
  /** Namespace it is limited to; undefined when it holds all. */
  readonly namespace: string | undefined;
  readonly #owner: PartitionOwner<T>;
  #objects = new Map<string, Map<string, T>>();
  #size = 0;
  #phase: KindState["phase"] = "starting";
  #lastContactAt: number | undefined;

  constructor(namespace: string | undefined, owner: PartitionOwner<T>) {
    this.namespace = namespace;
    this.#owner = owner;
  }

  get phase(): KindState["phase"] {
    return this.#phase;
  }

  get size(): number {
    return this.#size;
  }

  get lastContactAt(): number | undefined {
    return this.#lastContactAt;
  }

  get(namespace: string, name: string): T | undefined {
    return this.#objects.get(namespace)?.get(name);
  }

  /** Objects of one namespace, in no order. */
  inNamespace(namespace: string): Iterable<T> {
    return this.#objects.get(namespace)?.values() ?? [];
  }

  /** Every object, in no order. */
  *all(): Iterable<T> {
    for (const objects of this.#objects.values()) yield* objects.values();
  }

  reuse(entry: Entry<T>): T {
    const stored = this.get(entry.namespace, entry.name);
    return stored !== undefined && sameProjection(stored, entry.object) ? stored : entry.object;
  }

  replace(entries: Iterable<Entry<T>>, phase: "synced" | "absent"): void {
    const before = this.#objects;
    this.#objects = new Map();
    this.#size = 0;
    const changes: ObjectChange<T>[] = [];
    for (const entry of entries) {
      const known = before.get(entry.namespace)?.get(entry.name);
      this.#put(entry);
      // Unchanged objects keep their identity through `reuse`.
      if (known !== entry.object) changes.push({ before: known, after: entry.object });
    }
    for (const [namespace, objects] of before) {
      for (const [name, object] of objects) {
        if (this.get(namespace, name) === undefined) changes.push({ before: object, after: undefined });
      }
    }
    const entered = this.#phase !== phase;
    this.#phase = phase;
    if (changes.length > 0) this.#owner.changed(changes);
    if (entered) this.#owner.phaseChanged();
  }

  apply(deltas: readonly Delta<T>[]): void {
    const changes: ObjectChange<T>[] = [];
    for (const delta of deltas) {
      const before = this.get(delta.namespace, delta.name);
      const after = delta.object === undefined ? undefined : this.reuse({ ...delta, object: delta.object });
      if (before === after) continue;
      if (after === undefined) this.#remove(delta.namespace, delta.name);
      else this.#put({ ...delta, object: after });
      changes.push({ before, after });
    }
    if (changes.length > 0) this.#owner.changed(changes);
  }

  enter(phase: "synced" | "forbidden"): void {
    if (phase === this.#phase) return;
    this.#phase = phase;
    this.#owner.phaseChanged();
  }

  contacted(): void {
    this.#lastContactAt = this.#owner.now();
  }

  #put({ namespace, name, object }: Entry<T>): void {
    let objects = this.#objects.get(namespace);
    if (objects === undefined) {
      objects = new Map();
      this.#objects.set(namespace, objects);
    }
    if (!objects.has(name)) this.#size += 1;
    objects.set(name, object);
  }

  #remove(namespace: string, name: string): void {
    const objects = this.#objects.get(namespace);
    if (objects?.delete(name)) this.#size -= 1;
    if (objects?.size === 0) this.#objects.delete(namespace);
  }
}
