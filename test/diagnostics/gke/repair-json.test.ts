import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_JSON_LENGTH, parseGoJson } from "../../../src/diagnostics/gke/go-json.ts";
import { repairJson } from "../../../src/diagnostics/gke/repair-json.ts";

describe("a text that was meant as JSON", () => {
  it.each([
    ["{ingress: true}", '{"ingress":true}', "a bare name"],
    ["{'ingress': true}", '{"ingress":true}', "single quotes"],
    ["{\u201cingress\u201d: true}", '{"ingress":true}', "typographic quotes"],
    ['{"ingress": true', '{"ingress":true}', "a missing brace"],
    ['{"ingress": {"a": [1', '{"ingress":{"a":[1]}}', "several missing ends"],
    ['{"ingress": true}}', '{"ingress":true}', "a surplus brace"],
    ["[1]],", "[1]", "surplus ends of other kinds"],
    ['{"a":1}]', '{"a":1}', "a surplus bracket"],
    ['{"a":1},', '{"a":1}', "a surplus comma"],
    ['{"ingress": True}', '{"ingress":true}', "a capital letter"],
    ["{a: FALSE}", '{"a":false}', "capital letters"],
    ["ingress: true", '{"ingress":true}', "no braces"],
    ['"ingress": true', '{"ingress":true}', "no braces, but quotes"],
    ['{"default": bc1}', '{"default":"bc1"}', "a bare value"],
    ['{"default":"bc1",}', '{"default":"bc1"}', "a comma too many"],
    ['{"a":"1" "b":"2"}', '{"a":"1","b":"2"}', "a missing comma"],
    ["[1 2,,3]", "[1,2,3]", "commas of a list"],
    ['{"a"="1"}', '{"a":"1"}', "an equals sign"],
    ['"{\\"ingress\\": true}"', '{"ingress":true}', "JSON inside a JSON text"],
    ['"{ingress: true}"', '{"ingress":true}', "nearly JSON inside a JSON text"],
    ["{80: {}}", '{"80":{}}', "a number as a name"],
    ["{a: 80, b: -1.5e3, c: null}", '{"a":80,"b":-1.5e3,"c":null}', "values that are JSON already"],
    ["{a: 08}", '{"a":"08"}', "a number that is none"],
    ["{'it''s': 'a \\\"b\\\"'}", undefined, "two texts in a row as a name"],
    ["{'a': 'say \"hi\"'}", '{"a":"say \\"hi\\""}', "double quotes inside single ones"],
    ['{"a": "tab\\there"}', undefined, "nothing: it is JSON"],
    ['{ingress": true}', '{"ingress":true}', "a missing first quote"],
    ["{'a': 1, b: \"c\\nd\"}", '{"a":1,"b":"c\\nd"}', "an escape beside the slip"],
    ['{a: "b\\qc"}', '{"a":"b\\\\qc"}', "an escape that is none"],
  ] as [string, string | undefined, string][])("%s -> %s: %s", (text, repaired) => {
    // A text that is JSON already may be written more tightly; that is no repair for a caller who read it.
    const result = parseGoJson(text).ok && repaired === undefined ? undefined : repairJson(text);
    expect(result).toBe(repaired);
  });

  it.each([
    "",
    "   ",
    "true",
    "{true}",
    "}",
    ":",
    "{a}",
    "{:1}",
    "a b",
    "{a: b c}",
    "[:]",
    "{a: }",
    "{{}:1}",
    "{a:1} b",
  ])("%j is beyond repair", (text) => {
    expect(repairJson(text, (candidate) => candidate.startsWith("{"))).toBeUndefined();
  });

  it("is not offered to a caller that could not use it", () => {
    expect(repairJson("{a: b}", () => false)).toBeUndefined();
  });

  it("unquotes true and false only where the caller takes nothing more literal", () => {
    const text = '{"ingress": "true", "name": "False ", "true": "yes"}';
    const unquoted = '{"ingress":true,"name":false,"true":"yes"}';
    expect(repairJson(text, (candidate) => candidate === unquoted)).toBe(unquoted);
    expect(repairJson(text)).toBe('{"ingress":"true","name":"False ","true":"yes"}');
  });

  it("never offers the text itself", () => {
    expect(repairJson('{"a":"b"}')).toBeUndefined();
    expect(repairJson('{"a":"true"}')).toBe('{"a":true}');
  });

  it("stops at its bounds", () => {
    const braces = (depth: number) => `${"{a:".repeat(depth)}1`;
    expect(repairJson(braces(32))).toBeDefined();
    expect(repairJson(braces(33))).toBeUndefined();
    expect(repairJson("[".repeat(32))).toBeDefined();
    expect(repairJson("[".repeat(33))).toBeUndefined();
    expect(repairJson(`a: ${braces(31)}`)).toBeDefined();
    expect(repairJson(`a: ${braces(32)}`)).toBeUndefined();
    // Neither may run out of stack.
    expect(repairJson("[".repeat(MAX_JSON_LENGTH))).toBeUndefined();
    expect(repairJson(braces(MAX_JSON_LENGTH / 4))).toBeUndefined();
    expect(repairJson("{a: 1}".padEnd(MAX_JSON_LENGTH))).toBe('{"a":1}');
    expect(repairJson("{a: 1}".padEnd(MAX_JSON_LENGTH + 1))).toBeUndefined();
    expect(repairJson(`{a: ${"x".repeat(MAX_JSON_LENGTH - 10)}}`)).toBeDefined();
    expect(repairJson(`{a: ${"x".repeat(MAX_JSON_LENGTH)}}`)).toBeUndefined();
    expect(repairJson(`[${"'',".repeat(MAX_JSON_LENGTH / 4)}`)).toBeDefined();
    expect(repairJson(`[${"a ".repeat(MAX_JSON_LENGTH / 2 - 1)}`)).toBeUndefined();
  });
});

describe("any text", () => {
  it("is repaired to JSON or not at all", () => {
    const soup = fc
      .array(
        fc.constantFrom("{", "}", "[", "]", ":", ",", "=", '"', "'", "\u201c", "\\", "a", "true", " ", "1"),
        {
          maxLength: 16,
        },
      )
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(fc.oneof(soup, fc.string({ unit: "binary" })), (text) => {
        const repaired = repairJson(text);
        if (repaired !== undefined) expect(parseGoJson(repaired).ok).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it("that lost its last brace gets it back", () => {
    const document = fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.boolean(), fc.integer()), {
      minKeys: 1,
    });
    fc.assert(
      fc.property(document, (value) => {
        const text = JSON.stringify(value);
        expect(repairJson(text.slice(0, -1))).toBe(text);
      }),
    );
  });
});
