import { failJson, type JsonNode } from "./go-json.ts";

/**
 * Reads a JSON value into a variable that already holds `into`, as Go's `json.Unmarshal` does.
 *
 * `null` leaves scalars and structs as they are and empties maps and lists. A value of the wrong type is an
 * error. Go would go on decoding after it, but ingress-gce never looks at a value that came with an error.
 */
export type GoDecoder<T> = (node: JsonNode, into: T) => T;

/** Go `bool`. */
export const goBoolean: GoDecoder<boolean> = (node, into) => {
  if (node.kind === "null") return into;
  return node.kind === "boolean" ? node.value : mismatch(node, "true or false");
};

/** Go `string`. */
export const goString: GoDecoder<string> = (node, into) => {
  if (node.kind === "null") return into;
  return node.kind === "string" ? node.value : mismatch(node, "a text");
};

/** Go `[]T`; `zero` is the element type's zero value. */
export function goList<T>(element: GoDecoder<T>, zero: T): GoDecoder<readonly T[]> {
  return (node) => {
    if (node.kind === "null") return [];
    if (node.kind !== "array") return mismatch(node, "a list");
    return node.items.map((item) => element(item, zero));
  };
}

/** Go `map[string]T`; `zero` is the element type's zero value. Keys are case-sensitive here. */
export function goMap<T>(element: GoDecoder<T>, zero: T): GoDecoder<ReadonlyMap<string, T>> {
  return goMapWithKeys((key) => key, element, zero);
}

/** Go `map[int32]T`; every key has to be a number in decimal digits. */
export function goNumberMap<T>(element: GoDecoder<T>, zero: T): GoDecoder<ReadonlyMap<number, T>> {
  return goMapWithKeys(int32Key, element, zero);
}

/** One field of a Go struct: its name in JSON, and how its value is read. */
export interface GoField<T> {
  readonly name: string;
  readonly decode: GoDecoder<T>;
}

/**
 * Go struct: names match whatever their case, unknown names are ignored, and of two members with the same
 * name both are read, in order.
 */
export function goStruct<T extends object>(fields: { readonly [K in keyof T]: GoField<T[K]> }): GoDecoder<T> {
  const byName = new Map<string, keyof T>();
  for (const property of Object.keys(fields) as (keyof T)[]) {
    byName.set(foldCase(fields[property].name), property);
  }
  const put = <K extends keyof T>(into: T, property: K, node: JsonNode): T => ({
    ...into,
    [property]: fields[property].decode(node, into[property]),
  });
  return (node, into) => {
    if (node.kind === "null") return into;
    if (node.kind !== "object") return mismatch(node, "an object in braces");
    return node.members.reduce((sum, member) => {
      const property = byName.get(foldCase(member.key));
      return property === undefined ? sum : put(sum, property, member.value);
    }, into);
  };
}

function goMapWithKeys<K, T>(
  readKey: (key: string, at: number) => K,
  element: GoDecoder<T>,
  zero: T,
): GoDecoder<ReadonlyMap<K, T>> {
  return (node, into) => {
    if (node.kind === "null") return new Map();
    if (node.kind !== "object") return mismatch(node, "an object in braces");
    const merged = new Map(into);
    for (const { key, at, value } of node.members) merged.set(readKey(key, at), element(value, zero));
    return merged;
  };
}

function int32Key(key: string, at: number): number {
  const value = /^[+-]?[0-9]+$/.test(key) ? Number(key) : Number.NaN;
  if (value >= -(2 ** 31) && value < 2 ** 31) return value;
  return failJson(at, `the name ${JSON.stringify(key)} has to be a port number`);
}

/** Simple Unicode folding as far as ASCII names need it: lower-casing leaves the long s alone. */
function foldCase(name: string): string {
  return name.replace(/\u017f/g, "s").toLowerCase();
}

/** No type refuses `null`. */
type Present = Exclude<JsonNode, { readonly kind: "null" }>;

function mismatch(node: Present, expected: string): never {
  return failJson(node.at, `${expected} was expected, and ${describe(node)} stands there`);
}

function describe(node: Present): string {
  switch (node.kind) {
    case "boolean":
      return String(node.value);
    case "number":
      return `the number ${node.text}`;
    case "string":
      return `the text ${JSON.stringify(node.value)}`;
    case "array":
      return "a list";
    case "object":
      return "an object";
  }
}
