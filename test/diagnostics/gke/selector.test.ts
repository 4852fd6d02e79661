import { describe, expect, it } from "vitest";
import { matchesLabels, matchesSelector } from "../../../src/diagnostics/gke/selector.ts";
import { stringMap } from "../../../src/model/refs.ts";

const labels = stringMap({ app: "web", tier: "front" });

describe("an equality selector", () => {
  it("needs every pair", () => {
    expect(matchesLabels(stringMap({ app: "web" }), labels)).toBe(true);
    expect(matchesLabels(stringMap({ app: "web", tier: "front" }), labels)).toBe(true);
    expect(matchesLabels(stringMap({ app: "web", tier: "back" }), labels)).toBe(false);
    expect(matchesLabels(stringMap({ app: "web", zone: "a" }), labels)).toBe(false);
    expect(matchesLabels(stringMap({}), labels)).toBe(true);
    expect(matchesLabels(stringMap({ constructor: "x" }), stringMap({}))).toBe(false);
  });
});

describe("a selector with expressions", () => {
  const expression = (key: string, operator: string, ...values: string[]) => ({
    matchLabels: {},
    matchExpressions: [{ key, operator, values }],
  });

  it.each([
    ["app", "In", ["web", "api"], true],
    ["app", "In", ["api"], false],
    ["zone", "In", ["a"], false],
    ["app", "NotIn", ["api"], true],
    ["app", "NotIn", ["web"], false],
    ["zone", "NotIn", ["a"], true],
    ["app", "Exists", [], true],
    ["zone", "Exists", [], false],
    ["app", "DoesNotExist", [], false],
    ["zone", "DoesNotExist", [], true],
    ["app", "Gt", ["1"], false],
  ])("%s %s %j: %s", (key, operator, values, matches) => {
    expect(matchesSelector(expression(key, operator, ...values), labels)).toBe(matches);
  });

  it("needs its labels and every expression", () => {
    const two = [
      { key: "app", operator: "Exists", values: [] },
      { key: "zone", operator: "Exists", values: [] },
    ];
    expect(matchesSelector({ matchLabels: {}, matchExpressions: two }, labels)).toBe(false);
    expect(matchesSelector({ matchLabels: { app: "api" }, matchExpressions: [] }, labels)).toBe(false);
    expect(matchesSelector({ matchLabels: {}, matchExpressions: [] }, labels)).toBe(true);
  });
});
