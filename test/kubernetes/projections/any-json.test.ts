import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { watchedKinds } from "../../../src/kubernetes/kinds.ts";
import { rawObjects } from "./raw-objects.ts";

/** Keys that mean something on an ordinary JavaScript object. */
const HOSTILE_KEYS = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "valueOf"];

const hostileJson = fc.jsonValue({ maxDepth: 4 }).chain((value) =>
  fc.oneof(
    fc.constant(value),
    fc.constantFrom(...HOSTILE_KEYS).map((key) => JSON.parse(`{${JSON.stringify(key)}:${text(value)}}`)),
    fc.constantFrom("", "x".repeat(262_144), "\u0000\u001b[31m", "2026-99-99T00:00:00Z", -1, 1e308, null),
  ),
);

const prototypeBefore = Object.getOwnPropertyNames(Object.prototype).sort();
afterAll(() => expect(Object.getOwnPropertyNames(Object.prototype).sort()).toEqual(prototypeBefore));

describe.each(watchedKinds.map((kind) => [kind.kind, kind] as const))("projection of %s", (name, kind) => {
  const whole = rawObjects[name] as object;

  test("a complete object projects to a deeply frozen value without undefined fields", () => {
    const projected = kind.project(whole);
    expect(projected).toBeDefined();
    expectFrozen(projected);
  });

  test("any JSON at the top projects without throwing", () => {
    fc.assert(fc.property(hostileJson, (raw) => expectFrozen(kind.project(raw))));
  });

  test("any JSON in place of any part projects without throwing", () => {
    const paths = pathsOf(whole);
    fc.assert(
      fc.property(fc.constantFrom(...paths), hostileJson, (path, value) => {
        expectFrozen(kind.project(replaceAt(whole, path, value)));
      }),
      { numRuns: 300 },
    );
  });

  test("no part of the raw object is shared, so it can be collected", () => {
    const raw = structuredClone(whole);
    const parts = new Set(objectsIn(raw));
    expect(objectsIn(kind.project(raw)).filter((part) => parts.has(part))).toEqual([]);
  });
});

function text(value: unknown): string {
  return JSON.stringify(value) ?? "null";
}

/** Fields that the model requires although they may be undefined. */
const UNDEFINED_ALLOWED = new Set(["paths", "selector", "from", "ports"]);

function expectFrozen(value: unknown): void {
  for (const part of objectsIn(value)) {
    if (!Object.isFrozen(part)) throw new Error(`not frozen: ${text(part)}`);
    for (const [key, entry] of Object.entries(part)) {
      if (entry === undefined && !UNDEFINED_ALLOWED.has(key)) throw new Error(`undefined field ${key}`);
    }
  }
}

function objectsIn(value: unknown): object[] {
  if (typeof value !== "object" || value === null) return [];
  return [value, ...Object.values(value).flatMap(objectsIn)];
}

function pathsOf(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, entry]) => pathsOf(entry, [...path, key]))];
}

function replaceAt(source: unknown, path: readonly string[], value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const copy = structuredClone(source) as Record<string, unknown>;
  copy[key] = replaceAt(copy[key], rest, value);
  return copy;
}
