import { describe, expect, it } from "vitest";
import {
  type GoDecoder,
  goBoolean,
  goList,
  goMap,
  goNumberMap,
  goString,
  goStruct,
} from "../../../src/diagnostics/gke/go-decode.ts";
import { decodeGoJson } from "../../../src/diagnostics/gke/go-json.ts";

interface Example {
  readonly kiss: boolean;
  readonly text: string;
  readonly map: ReadonlyMap<string, string>;
}

const example = goStruct<Example>({
  kiss: { name: "Kiss", decode: goBoolean },
  text: { name: "some_text", decode: goString },
  map: { name: "map", decode: goMap(goString, "zero") },
});

const ZERO: Example = { kiss: false, text: "", map: new Map() };

function decode<T>(text: string, decoder: GoDecoder<T>, zero: T): T {
  const result = decodeGoJson(text, decoder, zero);
  if (!result.ok) throw new Error(`${result.error.at}: ${result.error.reason}`);
  return result.value;
}

function refused<T>(text: string, decoder: GoDecoder<T>, zero: T) {
  const result = decodeGoJson(text, decoder, zero);
  return result.ok ? undefined : result.error;
}

describe("a Go struct", () => {
  it.each(["kiss", "KISS", "Kiss", "kIsS", "\u212ai\u017fs"])("finds its field by the name %s", (name) => {
    expect(decode(`{"${name}":true}`, example, ZERO)).toEqual({ ...ZERO, kiss: true });
  });

  it("ignores names it does not know, whatever their value", () => {
    expect(decode('{"kis":[1],"constructor":{},"__proto__":1,"text":5}', example, ZERO)).toEqual(ZERO);
  });

  it("reads two members of one name in order: scalars are replaced, maps are merged", () => {
    const text = '{"kiss":true,"KISS":false,"map":{"a":"1","b":"1"},"map":{"b":"2"}}';
    expect(decode(text, example, ZERO)).toEqual({
      kiss: false,
      text: "",
      map: new Map([
        ["a", "1"],
        ["b", "2"],
      ]),
    });
  });

  it("keeps scalars at null and empties maps", () => {
    const before = { kiss: true, text: "kept", map: new Map([["a", "1"]]) };
    expect(decode('{"kiss":null,"some_text":null,"map":null}', example, before)).toEqual({
      kiss: true,
      text: "kept",
      map: new Map(),
    });
    expect(decode("null", example, before)).toEqual(before);
  });

  it("does not change the zero value it was given", () => {
    decode('{"kiss":true,"map":{"a":"1"}}', example, ZERO);
    expect(ZERO).toEqual({ kiss: false, text: "", map: new Map() });
  });
});

describe("maps and lists", () => {
  it("keeps the case of map keys and takes hostile ones as data", () => {
    expect(decode('{"A":"1","a":"2","__proto__":"3"}', goMap(goString, ""), new Map())).toEqual(
      new Map([
        ["A", "1"],
        ["a", "2"],
        ["__proto__", "3"],
      ]),
    );
  });

  it("gives null elements the zero value", () => {
    expect(decode('{"a":null}', goMap(goString, "zero"), new Map([["a", "old"]]))).toEqual(
      new Map([["a", "zero"]]),
    );
    expect(decode('["x",null]', goList(goString, "zero"), ["old"])).toEqual(["x", "zero"]);
    expect(decode("null", goList(goString, ""), ["old"])).toEqual([]);
  });

  it.each([
    ["80", 80],
    ["+80", 80],
    ["-1", -1],
    ["0080", 80],
    ["2147483647", 2147483647],
    ["-2147483648", -2147483648],
  ])("reads the key %s as %i", (key, number) => {
    expect(decode(`{"${key}":"x"}`, goNumberMap(goString, ""), new Map())).toEqual(new Map([[number, "x"]]));
  });

  it.each(["http", "", "8 0", "0x50", "80.0", "1e2", "2147483648", "-2147483649", "80a", "a80"])(
    "refuses the key %j as a number",
    (key) => {
      expect(refused(`{ "${key}":"x"}`, goNumberMap(goString, ""), new Map())).toEqual({
        at: 2,
        reason: `the name "${key}" has to be a port number`,
      });
    },
  );
});

describe("a value of the wrong type", () => {
  it.each([
    ['{"kiss":"true"}', 8, 'true or false was expected, and the text "true" stands there'],
    ['{"kiss":1}', 8, "true or false was expected, and the number 1 stands there"],
    ['{"some_text": true}', 14, "a text was expected, and true stands there"],
    ['{"some_text":["x"]}', 13, "a text was expected, and a list stands there"],
    ['{"map":"x"}', 7, 'an object in braces was expected, and the text "x" stands there'],
    ['{"map":{"a":{}}}', 12, "a text was expected, and an object stands there"],
    ["[]", 0, "an object in braces was expected, and a list stands there"],
    ["false", 0, "an object in braces was expected, and false stands there"],
  ])("%s: at %i, %s", (text, at, reason) => {
    expect(refused(text, example, ZERO)).toEqual({ at, reason });
  });

  it("is refused in a list, too", () => {
    expect(refused('"*"', goList(goString, ""), [])?.reason).toContain("a list was expected");
    expect(refused('["a",null,2]', goList(goString, ""), [])?.at).toBe(10);
  });
});
