import fc from "fast-check";
import { expect, test } from "vitest";
import { LineSplitter } from "../../src/kubernetes/line-splitter.ts";

test("lines are the same however the bytes are cut, even inside a character", () => {
  const line = fc.string({ unit: "binary", maxLength: 20 }).map((text) => text.replaceAll("\n", "é"));
  fc.assert(
    fc.property(fc.array(line), fc.array(fc.nat({ max: 12 }), { minLength: 1 }), (lines, sizes) => {
      const splitter = new LineSplitter();
      const bytes = Buffer.from(`${lines.join("\n")}\n`);
      const found: string[] = [];
      for (let at = 0, cut = 0; at < bytes.length; cut += 1) {
        const size = 1 + (sizes[cut % sizes.length] ?? 0);
        found.push(...splitter.push(bytes.subarray(at, at + size)));
        at += size;
      }
      expect(found).toEqual(lines.length === 0 ? [""] : lines.map((text) => Buffer.from(text).toString()));
    }),
  );
});

test("an incomplete last line is not a line", () => {
  const splitter = new LineSplitter();
  expect([...splitter.push(Buffer.from("one\ntw"))]).toEqual(["one"]);
  expect([...splitter.push(Buffer.from("o"))]).toEqual([]);
});

test("a line beyond any object's size ends the stream instead of the process", () => {
  const splitter = new LineSplitter();
  const chunk = Buffer.alloc(1 << 20, "x");
  expect(() => {
    for (let count = 0; count < 20; count += 1) [...splitter.push(chunk)];
  }).toThrow("malformed");
});
