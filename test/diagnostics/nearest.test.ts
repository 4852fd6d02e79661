import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nearest } from "../../src/diagnostics/nearest.ts";

describe("nearest", () => {
  it.each([
    ["fronted", ["frontend", "backend"], "frontend", "a letter left out"],
    ["fornt", ["front", "back"], "front", "two letters swapped"],
    ["servce", ["service"], "service", "a letter left out"],
    ["htpp", ["http", "https"], "http", "nearer names first"],
    ["Web", ["web"], "web", "case only"],
    ["8081", ["8080", "80"], "8080", "a port number"],
    ["app.kubernetes.io/nme", ["app.kubernetes.io/name", "app"], "app.kubernetes.io/name", "a label key"],
  ])("%s of %j is %s: %s", (wanted, candidates, expected) => {
    expect(nearest(candidates, wanted)).toEqual([expected]);
  });

  it.each([
    ["web", ["api"], "another name"],
    ["web", ["web"], "the name itself"],
    ["a", ["b"], "one letter that is replaced"],
    ["ab", ["xy"], "a short name that is replaced"],
    ["", ["a"], "no name"],
    ["a", [""], "nothing to choose"],
    ["checkout", ["checkout-v2-canary"], "a longer name"],
    ["staging", ["frontend"], "a name of the same length"],
  ])("%s of %j is nothing: %s", (wanted, candidates) => {
    expect(nearest(candidates, wanted)).toEqual([]);
  });

  it("gives equally near names in alphabetical order, once each, up to the limit", () => {
    const candidates = ["web-c", "web-b", "web-d", "web-b"];
    expect(nearest(candidates, "web-a", 2)).toEqual(["web-b", "web-c"]);
    expect(nearest(candidates, "web-a", 9)).toEqual(["web-b", "web-c", "web-d"]);
    expect(nearest(candidates, "web-a", 0)).toEqual([]);
  });

  it("compares the first 128 characters only", () => {
    const long = "x".repeat(100_000);
    expect(nearest([`${long}-and-more`, `y${long}`], long)).toEqual([`${long}-and-more`]);
    expect(nearest([long], "web")).toEqual([]);
  });

  it("agrees with the distance by its definition", () => {
    const text = fc
      .array(fc.constantFrom("a", "b", "c"), { minLength: 3, maxLength: 7 })
      .map((l) => l.join(""));
    fc.assert(
      fc.property(text, text, (wanted, candidate) => {
        const distance = definition(wanted, candidate);
        const near =
          wanted !== candidate &&
          distance <= (wanted.length <= 4 ? 1 : 2) &&
          distance < Math.min(wanted.length, candidate.length);
        expect(nearest([candidate], wanted)).toEqual(near ? [candidate] : []);
      }),
      { numRuns: 2000 },
    );
  });
});

/** Fewest edits, by trying all of them from the end. */
function definition(a: string, b: string, seen = new Map<string, number>()): number {
  if (a === "" || b === "") return a.length + b.length;
  const key = `${a}/${b}`;
  const known = seen.get(key);
  if (known !== undefined) return known;
  const [shortA, shortB] = [a.slice(0, -1), b.slice(0, -1)];
  const ways = [
    definition(shortA, b, seen) + 1,
    definition(a, shortB, seen) + 1,
    definition(shortA, shortB, seen) + (a.at(-1) === b.at(-1) ? 0 : 1),
  ];
  if (a.length > 1 && b.length > 1 && a.at(-1) === b.at(-2) && a.at(-2) === b.at(-1)) {
    ways.push(definition(a.slice(0, -2), b.slice(0, -2), seen) + 1);
  }
  const fewest = Math.min(...ways);
  seen.set(key, fewest);
  return fewest;
}
