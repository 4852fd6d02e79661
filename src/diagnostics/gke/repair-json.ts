import { MAX_JSON_DEPTH, MAX_JSON_LENGTH, parseGoJson } from "./go-json.ts";

/**
 * Proposes the JSON that was probably meant by a text that is none, or none of the wanted shape.
 *
 * Knows the usual slips: names or words without quotes, single or typographic quotes, a missing or surplus
 * brace, missing or trailing commas, `=` for `:`, no braces at all, JSON inside a JSON text, and
 * `"true"` where `true` is meant. Candidates are tried from the most literal on; the first that `accepts`
 * takes is returned, undefined if it takes none.
 */
export function repairJson(
  text: string,
  accepts: (candidate: string) => boolean = parses,
): string | undefined {
  if (text.length > MAX_JSON_LENGTH) return undefined;
  const inner = quotedDocument(text) ?? text;
  for (const options of [{ unquoteWords: false }, { unquoteWords: true }]) {
    const candidate = rewrite(inner, options.unquoteWords);
    if (candidate !== undefined && candidate !== text && accepts(candidate)) return candidate;
  }
  return undefined;
}

function parses(candidate: string): boolean {
  return parseGoJson(candidate).ok;
}

/** Content of a text that is one JSON string, as a doubly encoded annotation is. */
function quotedDocument(text: string): string | undefined {
  const parsed = parseGoJson(text);
  return parsed.ok && parsed.value.kind === "string" ? parsed.value.value : undefined;
}

/** Rewrites a sloppy document as JSON; undefined where it cannot be told what is meant. */
function rewrite(text: string, unquoteWords: boolean): string | undefined {
  const tokens = tokenize(text, unquoteWords);
  return tokens && new Rewriter(tokens).document();
}

/** A brace, bracket, comma or colon; or a text or word, as the JSON of a value and of a name. */
type Token =
  | { readonly kind: "mark"; readonly mark: string }
  | { readonly kind: "word"; readonly json: string; readonly name: string };

const TOKEN =
  /\s+|(?<mark>[{}[\],:=])|"(?<double>(?:[^"\\]|\\.)*)"|'(?<single>(?:[^'\\]|\\.)*)'|[\u201c\u201d](?<typographic>[^\u201c\u201d]*)[\u201c\u201d]|["'\u201c\u201d]?(?<bare>[^\s{}[\],:="'\u201c\u201d]+)["'\u201c\u201d]?/uy;

function tokenize(text: string, unquoteWords: boolean): Token[] | undefined {
  const tokens: Token[] = [];
  const pattern = new RegExp(TOKEN);
  while (pattern.lastIndex < text.length) {
    const groups = pattern.exec(text)?.groups;
    if (groups === undefined) return undefined;
    const token = readToken(groups, unquoteWords);
    if (token !== undefined) tokens.push(token);
  }
  return tokens;
}

function readToken(groups: Record<string, string | undefined>, unquoteWords: boolean): Token | undefined {
  const { mark, double, single, typographic, bare } = groups;
  if (mark !== undefined) return { kind: "mark", mark: mark === "=" ? ":" : mark };
  if (bare !== undefined) return { kind: "word", json: bareWord(bare), name: JSON.stringify(bare) };
  const content = double === undefined ? (single ?? typographic) : unescaped(double);
  if (content === undefined) return undefined;
  const name = JSON.stringify(content);
  const literal = unquoteWords ? asLiteral(content) : undefined;
  return { kind: "word", json: literal ?? name, name };
}

function unescaped(content: string): string {
  const parsed = parseGoJson(`"${content}"`);
  return parsed.ok && parsed.value.kind === "string" ? parsed.value.value : content;
}

function bareWord(word: string): string {
  const parsed = parseGoJson(word);
  return parsed.ok ? word : (asLiteral(word) ?? JSON.stringify(word));
}

/** `True`, `TRUE` and the like as JSON writes them. */
function asLiteral(word: string): string | undefined {
  const folded = word.trim().toLowerCase();
  return folded === "true" || folded === "false" ? folded : undefined;
}

class Rewriter {
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  document(): string | undefined {
    const withoutBraces = this.#isMark(1, ":");
    const rewritten = withoutBraces ? this.#members(1) : this.#value(0);
    while (this.#take("}") || this.#take("]") || this.#take(",")) {
      // Closing marks that close nothing are dropped.
    }
    return this.#next === this.#tokens.length ? rewritten : undefined;
  }

  #value(depth: number): string | undefined {
    if (depth > MAX_JSON_DEPTH) return undefined;
    if (this.#take("{")) return this.#members(depth + 1);
    if (this.#take("[")) return this.#items(depth + 1);
    return this.#word()?.json;
  }

  #members(depth: number): string | undefined {
    const members: string[] = [];
    while (!this.#atEnd() && !this.#take("}")) {
      if (this.#take(",")) continue;
      const name = this.#word()?.name;
      if (name === undefined || !this.#take(":")) return undefined;
      const value = this.#value(depth);
      if (value === undefined) return undefined;
      members.push(`${name}:${value}`);
    }
    return `{${members.join(",")}}`;
  }

  #items(depth: number): string | undefined {
    const items: string[] = [];
    while (!this.#atEnd() && !this.#take("]")) {
      if (this.#take(",")) continue;
      const value = this.#value(depth);
      if (value === undefined) return undefined;
      items.push(value);
    }
    return `[${items.join(",")}]`;
  }

  #word(): Extract<Token, { readonly kind: "word" }> | undefined {
    const token = this.#tokens[this.#next];
    if (token?.kind !== "word") return undefined;
    this.#next += 1;
    return token;
  }

  #take(mark: string): boolean {
    if (!this.#isMark(this.#next, mark)) return false;
    this.#next += 1;
    return true;
  }

  #isMark(index: number, mark: string): boolean {
    const token = this.#tokens[index];
    return token?.kind === "mark" && token.mark === mark;
  }

  #atEnd(): boolean {
    return this.#next >= this.#tokens.length;
  }
}
