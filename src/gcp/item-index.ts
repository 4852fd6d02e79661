/** A list that answers which of its items have one of some keys, in time proportional to the answer. */
export class ItemIndex<T> {
  readonly items: readonly T[];
  readonly #positions = new Map<string, number[]>();

  /** `keysOf` gives every key an item is found by; several items may share one. */
  constructor(items: readonly T[], keysOf: (item: T) => readonly string[]) {
    this.items = items;
    items.forEach((item, position) => {
      for (const key of keysOf(item)) {
        const found = this.#positions.get(key);
        if (found === undefined) this.#positions.set(key, [position]);
        else found.push(position);
      }
    });
  }

  /** Items with at least one of the keys, in the order of the list. */
  having(keys: Iterable<string>): readonly T[] {
    const found = new Set<number>();
    for (const key of keys) for (const position of this.#positions.get(key) ?? []) found.add(position);
    return [...found].sort((a, b) => a - b).flatMap((position) => this.items[position] ?? []);
  }
}
