import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decodeGoJson,
  failJson,
  type JsonNode,
  MAX_JSON_DEPTH,
  MAX_JSON_LENGTH,
  parseGoJson,
} from "../../../src/diagnostics/gke/go-json.ts";

/** The plain value of a node; of two members with one name the last counts. */
function plain(node: JsonNode): unknown {
  switch (node.kind) {
    case "null":
      return null;
    case "number":
      return Number(node.text);
    case "array":
      return node.items.map(plain);
    case "object":
      return Object.fromEntries(node.members.map(({ key, value }) => [key, plain(value)]));
    default:
      return node.value;
  }
}

function parsed(text: string): unknown {
  const result = parseGoJson(text);
  if (!result.ok) throw new Error(result.error.reason);
  return plain(result.value);
}

function errorOf(text: string) {
  const result = parseGoJson(text);
  return result.ok ? undefined : result.error;
}

describe("texts that are JSON", () => {
  it.each([
    "null",
    "true",
    "false",
    "0",
    "-0.5e+10",
    "1E-2",
    '""',
    '"a\\n\\"\\\\\\/\\b\\f\\r\\t\\u00e9"',
    "[]",
    "[ ]",
    "[1, [2], {}]",
    "{}",
    "{ }",
    ' {"a" : {"b" :[true , null]} , "c":"d"}\t\r\n',
    "\n1",
  ])("%s", (text) => {
    expect(parsed(text)).toEqual(JSON.parse(text));
  });

  it("keeps both of two members with one name, and where each value starts", () => {
    expect(parseGoJson('{"a":1, "a": true}')).toEqual({
      ok: true,
      value: {
        kind: "object",
        at: 0,
        members: [
          { key: "a", at: 1, value: { kind: "number", at: 5, text: "1" } },
          { key: "a", at: 8, value: { kind: "boolean", at: 13, value: true } },
        ],
      },
    });
    expect(parseGoJson("[null,[]]")).toMatchObject({
      value: {
        at: 0,
        items: [
          { kind: "null", at: 1 },
          { kind: "array", at: 6 },
        ],
      },
    });
    expect(parseGoJson(' "x"')).toMatchObject({ value: { kind: "string", at: 1, value: "x" } });
    expect(parseGoJson(" {}")).toMatchObject({ value: { kind: "object", at: 1 } });
    expect(parseGoJson(" false")).toEqual({ ok: true, value: { kind: "boolean", at: 1, value: false } });
  });

  it("replaces half a surrogate pair, as Go does", () => {
    expect(parsed('"\\ud800"')).toBe("\ufffd");
    expect(parsed('"\\ud83d\\ude00"')).toBe("\u{1f600}");
  });
});

describe("texts that are not", () => {
  it.each([
    ["", 0, "a value was expected, and its end stands there"],
    ["  ", 2, "a value was expected, and its end stands there"],
    ["{ingress: true}", 1, 'a name in double quotes was expected, and "i" stands there'],
    ['{"ingress" true}', 11, '":" after the name "ingress" was expected, and "t" stands there'],
    ['{"ingress": True}', 12, 'a value was expected, and "T" stands there'],
    ['{"a":1', 6, '"," or "}" was expected, and its end stands there'],
    ['{"a":1 "b":2}', 7, '"," or "}" was expected, and "\\"" stands there'],
    ['{"a":1,}', 7, 'a name in double quotes was expected, and "}" stands there'],
    ["[1,]", 3, 'a value was expected, and "]" stands there'],
    ["[1 2]", 3, '"," or "]" was expected, and "2" stands there'],
    ["{}}", 2, 'the end of the text was expected, and "}" stands there'],
    ["{'a':1}", 1, 'a name in double quotes was expected, and "\'" stands there'],
    ['{"a', 1, "a text in double quotes has no end"],
    ['"a\\q"', 2, "a backslash starts no known escape"],
    ['"\\u12x4"', 1, "a backslash starts no known escape"],
    ['"a\nb"', 2, "a text holds a control character"],
    ["01", 1, 'the end of the text was expected, and "1" stands there'],
    ["-", 0, 'a value was expected, and "-" stands there'],
    ["\ufeff1", 0, 'a value was expected, and "\ufeff" stands there'],
    ["1 \u{1f600}", 2, 'the end of the text was expected, and "\u{1f600}" stands there'],
  ])("%j: at %i, %s", (text, at, reason) => {
    expect(errorOf(text)).toEqual({ at, reason });
  });

  it("accepts an escaped quote and a backslash before the end", () => {
    expect(parsed('"\\\\"')).toBe("\\");
    expect(errorOf('"\\"')).toEqual({ at: 0, reason: "a text in double quotes has no end" });
  });

  it("refuses more than its bounds, and takes as much as they allow", () => {
    const nested = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`;
    expect(errorOf(nested(MAX_JSON_DEPTH))).toBeUndefined();
    expect(errorOf(nested(MAX_JSON_DEPTH + 1))).toEqual({
      at: MAX_JSON_DEPTH,
      reason: "it is nested deeper than 32 levels",
    });
    const long = (length: number) => `"${"x".repeat(length - 2)}"`;
    expect(errorOf(long(MAX_JSON_LENGTH))).toBeUndefined();
    expect(errorOf(long(MAX_JSON_LENGTH + 1))).toEqual({
      at: 0,
      reason: "it is longer than 65536 characters",
    });
  });

  it("counts objects like lists", () => {
    const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
    expect(errorOf(nested(MAX_JSON_DEPTH))).toBeUndefined();
    expect(errorOf(nested(MAX_JSON_DEPTH + 1))?.reason).toBe("it is nested deeper than 32 levels");
  });

  it("counts depth along one branch only", () => {
    expect(errorOf(`[${"[],".repeat(100)}{}]`)).toBeUndefined();
  });
});

describe("any text", () => {
  it("is accepted exactly when the platform's own parser accepts it", () => {
    const soup = fc
      .array(
        fc.constantFrom(
          "{",
          "}",
          "[",
          "]",
          ":",
          ",",
          '"a"',
          '"',
          "\\",
          "1",
          "-",
          ".5",
          "e1",
          "true",
          "nul",
          "l",
          " ",
          "\n",
          "\u0000",
        ),
        { maxLength: 12 },
      )
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(fc.oneof(soup, fc.string(), fc.json({ maxDepth: 5 })), (text) => {
        const ours = parseGoJson(text);
        let theirs: { value: unknown } | undefined;
        try {
          theirs = { value: JSON.parse(text) };
        } catch {
          theirs = undefined;
        }
        expect(ours.ok).toBe(theirs !== undefined);
      }),
      { numRuns: 2000 },
    );
  });

  it("is read as the platform's own parser reads it", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6, stringUnit: "grapheme" }), (value) => {
        expect(parsed(JSON.stringify(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it("has its fault inside it", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const error = errorOf(text);
        if (error === undefined) return;
        expect(error.at).toBeGreaterThanOrEqual(0);
        expect(error.at).toBeLessThanOrEqual(text.length);
      }),
    );
  });
});

describe("decoding", () => {
  it("hands the decoder the zero value and returns its failure as an error", () => {
    expect(decodeGoJson("1", (node, into) => `${node.kind} into ${into}`, "zero")).toEqual({
      ok: true,
      value: "number into zero",
    });
    expect(decodeGoJson("[1]", (node) => failJson(node.at + 1, "not this"), undefined)).toEqual({
      ok: false,
      error: { at: 1, reason: "not this" },
    });
    expect(decodeGoJson("[", () => "never", "")).toMatchObject({ ok: false, error: { at: 1 } });
  });

  it("does not swallow a decoder's own crash", () => {
    const crash = () => {
      throw new RangeError("crash");
    };
    expect(() => decodeGoJson("1", crash, undefined)).toThrow(RangeError);
  });
});
