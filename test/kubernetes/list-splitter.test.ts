import fc from "fast-check";
import { expect, test } from "vitest";
import { ListSplitter } from "../../src/kubernetes/list-splitter.ts";

/** Pushes a text in pieces of these lengths, the last one as often as it takes. */
function split(text: string, sizes: readonly number[]) {
  const splitter = new ListSplitter();
  const bytes = Buffer.from(text);
  const items: string[] = [];
  let size = bytes.length;
  for (let at = 0, piece = 0; at < bytes.length; at += size, piece += 1) {
    size = sizes[piece] ?? size;
    items.push(...splitter.push(bytes.subarray(at, at + size)));
  }
  return { items, envelope: splitter.envelope() };
}

const metadata = { resourceVersion: "7", continue: "next" };

test("a list gives its items, and itself without them", () => {
  const items = [{ metadata: { name: "a" } }, { spec: { items: [{ deep: ["]}"] }] } }];
  const list = { kind: "ServiceList", apiVersion: "v1", metadata, items };
  const { items: found, envelope } = split(JSON.stringify(list), [10_000]);
  expect(found).toEqual(items.map((item) => JSON.stringify(item)));
  expect(JSON.parse(envelope)).toEqual({ ...list, items: [] });
});

test("custom resources write their items before the metadata", () => {
  const { items, envelope } = split(JSON.stringify({ apiVersion: "x/v1", items: [{ a: 1 }], metadata }), [3]);
  expect(items).toEqual(['{"a":1}']);
  expect(JSON.parse(envelope)).toEqual({ apiVersion: "x/v1", items: [], metadata });
});

test("who manages the fields of an item is left out, wherever the bytes are cut", () => {
  const managedFields = [{ manager: "kubectl", fieldsV1: { "f:spec": { items: ["]", {}] } } }, { a: [[]] }];
  const items = [1, 2].map((name) => ({
    metadata: { name, managedFields, labels: { a: "b" } },
    spec: { managedFields: { kept: [1] }, deep: { managedFields: [1] } },
  }));
  const expected = items.map((item) => ({ ...item, metadata: { ...item.metadata, managedFields: [] } }));
  const text = JSON.stringify({ metadata, items });
  for (let size = 1; size < 90; size += 1) {
    const { items: found, envelope } = split(
      text,
      Array.from({ length: text.length }, () => size),
    );
    expect(found.map((item) => JSON.parse(item))).toEqual(expected);
    expect(JSON.parse(envelope)).toEqual({ metadata, items: [] });
  }
});

test.each([
  ["no list", '{"kind":"Status","details":{"items":[{"a":1}]}}'],
  ["no JSON", "<html>items [{}]</html>"],
  ["nothing", ""],
  ["an empty list", '{"metadata":{},"items":[]}'],
  ["items that are none", '{"items":null}'],
])("%s has no items and stays as it is", (_, text) => {
  expect(split(text, [4])).toEqual({ items: [], envelope: text });
});

test("a list that breaks off has no envelope that could be parsed", () => {
  const whole = JSON.stringify({ metadata, items: [{ a: 1 }, { b: 2 }] });
  for (let length = 1; length < whole.length; length += 1) {
    const { envelope } = split(whole.slice(0, length), [5]);
    expect(() => JSON.parse(envelope), whole.slice(0, length)).toThrow();
  }
});

test("an item beyond any object's size is refused", () => {
  const splitter = new ListSplitter();
  const endless = Buffer.alloc(1024 * 1024, "x");
  expect(() => {
    for (const chunk of ['{"items":[{"a":"', ...Array.from({ length: 17 }, () => endless)]) {
      for (const item of splitter.push(Buffer.from(chunk))) expect(item).toBeUndefined();
    }
  }).toThrow(/an endless item/);
});

test("any list in any pieces gives what a parser of the whole gives", () => {
  const item = fc.dictionary(fc.string(), fc.jsonValue());
  const list = fc.record({
    before: fc.jsonValue(),
    metadata: fc.jsonValue(),
    items: fc.array(item),
    after: fc.jsonValue(),
  });
  const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 });
  const spaces = fc.constantFrom(undefined, 1, "\t");
  fc.assert(
    fc.property(list, sizes, spaces, (value, pieces, indent) => {
      const { items, envelope } = split(JSON.stringify(value, undefined, indent), pieces);
      const plain = JSON.parse(JSON.stringify(value));
      expect(items.map((text) => JSON.parse(text))).toEqual(plain.items);
      expect(JSON.parse(envelope)).toEqual({ ...plain, items: [] });
    }),
    { numRuns: 500 },
  );
});
