/** A parsed JSON value with the offset at which it starts. Members keep their order and their duplicates. */
export type JsonNode =
  | { readonly kind: "null"; readonly at: number }
  | { readonly kind: "boolean"; readonly at: number; readonly value: boolean }
  | { readonly kind: "number"; readonly at: number; readonly text: string }
  | { readonly kind: "string"; readonly at: number; readonly value: string }
  | { readonly kind: "array"; readonly at: number; readonly items: readonly JsonNode[] }
  | { readonly kind: "object"; readonly at: number; readonly members: readonly JsonMember[] };

/** One member of a JSON object. */
export interface JsonMember {
  readonly key: string;
  readonly at: number;
  readonly value: JsonNode;
}

/** Why a text was not accepted, and where: `at` is an offset in UTF-16 units, counted from 0. */
export interface JsonError {
  readonly at: number;
  readonly reason: string;
}

/** A value, or the first reason there is none. */
export type JsonResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: JsonError };

/** Longest text that is parsed, in UTF-16 units. */
export const MAX_JSON_LENGTH = 64 * 1024;

/** Deepest nesting of arrays and objects that is parsed. */
export const MAX_JSON_DEPTH = 32;

/** Carries a {@link JsonError} out of the recursion; never leaves this module's functions. */
class JsonFailure extends Error {
  readonly at: number;

  constructor(at: number, reason: string) {
    super(reason);
    this.at = at;
  }
}

/** Stops a decoder: the node cannot be read as what the caller needs. */
export function failJson(at: number, reason: string): never {
  throw new JsonFailure(at, reason);
}

/**
 * Parses JSON by the grammar of Go's decoder (RFC 8259, no extensions), within fixed bounds.
 *
 * Unlike Go's, it stops at {@link MAX_JSON_LENGTH} and {@link MAX_JSON_DEPTH}: no annotation that GKE reads
 * has a use for more, and a hostile one must cost nothing.
 */
export function parseGoJson(text: string): JsonResult<JsonNode> {
  return attempt(() => {
    if (text.length > MAX_JSON_LENGTH) failJson(0, `it is longer than ${MAX_JSON_LENGTH} characters`);
    return new JsonReader(text).document();
  });
}

/** Parses `text` and reads it with a decoder of go-decode.ts; `zero` is what Go's variable holds before. */
export function decodeGoJson<T>(
  text: string,
  decode: (node: JsonNode, into: T) => T,
  zero: T,
): JsonResult<T> {
  const parsed = parseGoJson(text);
  return parsed.ok ? attempt(() => decode(parsed.value, zero)) : parsed;
}

function attempt<T>(run: () => T): JsonResult<T> {
  try {
    return { ok: true, value: run() };
  } catch (error) {
    if (!(error instanceof JsonFailure)) throw error;
    return { ok: false, error: { at: error.at, reason: error.message } };
  }
}

const LITERALS: readonly (readonly [string, (at: number) => JsonNode])[] = [
  ["true", (at) => ({ kind: "boolean", at, value: true })],
  ["false", (at) => ({ kind: "boolean", at, value: false })],
  ["null", (at) => ({ kind: "null", at })],
];

/** Space, tab, line feed and carriage return; nothing else is white space in JSON. */
function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;
}

class JsonReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): JsonNode {
    this.#skipSpace();
    const value = this.#value(0);
    this.#skipSpace();
    if (this.#at < this.#text.length) this.#unexpected("the end of the text");
    return value;
  }

  #value(depth: number): JsonNode {
    const at = this.#at;
    const first = this.#text[at];
    if (first === "{") return this.#object(depth + 1);
    if (first === "[") return this.#array(depth + 1);
    if (first === '"') return { kind: "string", at, value: this.#string() };
    for (const [word, build] of LITERALS) {
      if (this.#text.startsWith(word, at)) {
        this.#at += word.length;
        return build(at);
      }
    }
    return this.#number();
  }

  #object(depth: number): JsonNode {
    const at = this.#open(depth);
    const members: JsonMember[] = [];
    if (this.#take("}")) return { kind: "object", at, members };
    do {
      this.#skipSpace();
      const start = this.#at;
      if (this.#text[start] !== '"') this.#unexpected("a name in double quotes");
      const key = this.#string();
      this.#skipSpace();
      if (!this.#take(":")) this.#unexpected(`":" after the name ${JSON.stringify(key)}`);
      this.#skipSpace();
      members.push({ key, at: start, value: this.#value(depth) });
      this.#skipSpace();
    } while (this.#take(","));
    if (!this.#take("}")) this.#unexpected('"," or "}"');
    return { kind: "object", at, members };
  }

  #array(depth: number): JsonNode {
    const at = this.#open(depth);
    const items: JsonNode[] = [];
    if (this.#take("]")) return { kind: "array", at, items };
    do {
      this.#skipSpace();
      items.push(this.#value(depth));
      this.#skipSpace();
    } while (this.#take(","));
    if (!this.#take("]")) this.#unexpected('"," or "]"');
    return { kind: "array", at, items };
  }

  #open(depth: number): number {
    const at = this.#at;
    if (depth > MAX_JSON_DEPTH) failJson(at, `it is nested deeper than ${MAX_JSON_DEPTH} levels`);
    this.#at += 1;
    this.#skipSpace();
    return at;
  }

  #number(): JsonNode {
    const at = this.#at;
    const pattern = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
    pattern.lastIndex = at;
    const text = pattern.exec(this.#text)?.[0];
    if (text === undefined) return this.#unexpected("a value");
    this.#at = pattern.lastIndex;
    return { kind: "number", at, text };
  }

  #string(): string {
    const start = this.#at;
    let escaped = false;
    for (let at = start + 1; at < this.#text.length; at += 1) {
      const code = this.#text.charCodeAt(at);
      if (code < 0x20) failJson(at, "a text holds a control character");
      if (code === 0x5c) {
        at += this.#escape(at);
        escaped = true;
      }
      if (code === 0x22) {
        this.#at = at + 1;
        const quoted = this.#text.slice(start, at + 1);
        const value = escaped ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
        // Go replaces surrogates that have lost their half, too.
        return value.toWellFormed();
      }
    }
    return failJson(start, "a text in double quotes has no end");
  }

  /** Length of the escape sequence at `at`, without its backslash. */
  #escape(at: number): number {
    const pattern = /["\\/bfnrt]|u[0-9a-fA-F]{4}/y;
    pattern.lastIndex = at + 1;
    const found = pattern.exec(this.#text)?.[0];
    return found === undefined ? failJson(at, "a backslash starts no known escape") : found.length;
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #skipSpace(): void {
    while (isSpace(this.#text.charCodeAt(this.#at))) this.#at += 1;
  }

  #unexpected(expected: string): never {
    const found = this.#text.codePointAt(this.#at);
    const shown = found === undefined ? "its end" : JSON.stringify(String.fromCodePoint(found));
    return failJson(this.#at, `${expected} was expected, and ${shown} stands there`);
  }
}
