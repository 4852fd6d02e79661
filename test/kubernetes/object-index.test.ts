import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { KeyIndex, LabelIndex } from "../../src/kubernetes/object-index.ts";
import { type StringMap, stringMap } from "../../src/model/refs.ts";

interface Thing {
  readonly id: number;
  readonly ref: { readonly namespace: string };
  readonly labels: StringMap;
}

const labels = fc
  .dictionary(fc.constantFrom("app", "tier", "constructor", "__proto__"), fc.constantFrom("a", "b"))
  .map(stringMap);
const thing = fc.record({
  id: fc.nat({ max: 8 }),
  ref: fc.record({ namespace: fc.constantFrom("x", "y") }),
  labels,
});

/** Replays writes of things under their id and answers what is left. */
function replay(writes: readonly (Thing | number)[], update: (before?: Thing, after?: Thing) => void) {
  const stored = new Map<number, Thing>();
  for (const write of writes) {
    const id = typeof write === "number" ? write : write.id;
    const before = stored.get(id);
    if (typeof write === "number") stored.delete(id);
    else stored.set(id, write);
    update(before, typeof write === "number" ? undefined : write);
  }
  return stored;
}

const writes = fc.array(fc.oneof(thing, fc.nat({ max: 8 })));
const ids = (things: Iterable<Thing>): number[] => [...things].map(({ id }) => id).sort();

describe("LabelIndex", () => {
  test("finds what a search through everything finds, whenever it is asked first", () => {
    fc.assert(
      fc.property(writes, writes, labels, fc.constantFrom("x", "y"), (early, late, selector, namespace) => {
        const all = new Map<number, Thing>();
        const index = new LabelIndex<Thing>(() => all.values());
        const write = (list: readonly (Thing | number)[]) =>
          list.forEach((entry) => {
            const id = typeof entry === "number" ? entry : entry.id;
            const before = all.get(id);
            if (typeof entry === "number") all.delete(id);
            else all.set(id, entry);
            index.update(before, typeof entry === "number" ? undefined : entry);
          });
        write(early);
        index.matching(namespace, selector);
        write(late);
        const wanted = Object.entries(selector);
        const expected = [...all.values()].filter(
          (object) =>
            wanted.length > 0 &&
            object.ref.namespace === namespace &&
            wanted.every(([key, value]) => object.labels[key] === value),
        );
        expect(ids(index.matching(namespace, selector))).toEqual(ids(expected));
      }),
    );
  });

  test("looks only at objects that share a label, once a key was asked for", () => {
    let passes = 0;
    const things = Array.from({ length: 1_000 }, (_, id) => ({
      id,
      ref: { namespace: "x" },
      labels: stringMap({ app: `app-${id % 100}` }),
    }));
    const index = new LabelIndex<Thing>(() => {
      passes += 1;
      return things;
    });
    for (let app = 0; app < 100; app += 1) {
      expect(index.matching("x", { app: `app-${app}` })).toHaveLength(10);
    }
    expect(passes).toBe(1);
  });

  test("beyond its limit of keys it still finds everything", () => {
    const all = Array.from({ length: 50 }, (_, id) => ({
      id,
      ref: { namespace: "x" },
      labels: stringMap({ [`key-${id}`]: "v" }),
    }));
    const index = new LabelIndex<Thing>(() => all);
    for (const { id } of all) expect(ids(index.matching("x", { [`key-${id}`]: "v" }))).toEqual([id]);
  });
});

test("KeyIndex holds each object under its current key only", () => {
  fc.assert(
    fc.property(writes, (list) => {
      const index = new KeyIndex<Thing>(({ labels: { app }, ref }) => app && `${ref.namespace}/${app}`);
      const stored = replay(list, (before, after) => index.update(before, after));
      for (const key of ["x/a", "x/b", "y/a", "y/b"]) {
        const expected = [...stored.values()].filter(
          ({ labels: { app }, ref }) => `${ref.namespace}/${app}` === key,
        );
        expect(ids(index.get(key))).toEqual(ids(expected));
      }
    }),
  );
});
