import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { expect, test } from "vitest";
import { sameProjection } from "../../src/kubernetes/same-projection.ts";

const json = fc.jsonValue({ maxDepth: 4 });

test("a copy is the same, whatever it holds", () => {
  fc.assert(fc.property(json, (value) => sameProjection(value, structuredClone(value))));
});

test("any two values are the same exactly when Node says so", () => {
  fc.assert(
    fc.property(json, json, (a, b) => {
      expect(sameProjection(a, b)).toBe(isDeepStrictEqual(a, b));
    }),
  );
});

test.each([
  [{ a: 1 }, { a: 1, b: 2 }],
  [{ a: undefined }, { b: undefined }],
  [[1], { 0: 1, length: 1 }],
  [{}, []],
  [null, {}],
  [{ constructor: "x" }, {}],
  [Object.assign(Object.create(null), { app: "a" }), { app: "b" }],
])("%j differs from %j", (a, b) => {
  expect(sameProjection(a, b)).toBe(false);
  expect(sameProjection(b, a)).toBe(false);
});
