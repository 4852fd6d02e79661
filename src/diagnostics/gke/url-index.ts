import type { HostRule, UrlMapTable } from "./url-map.ts";

/** How a host rule covers a host: by its whole name, by a wildcard's ending, or because it is `*`. */
export interface HostCover {
  readonly kind: "exact" | "wildcard" | "catch-all";
  /** Position in `table.hosts`. */
  readonly index: number;
}

/** How a path rule covers a path. */
export interface PathCover {
  readonly kind: "exact" | "prefix";
  /** Position in the host rule's `paths`. */
  readonly index: number;
}

/**
 * Position of the first character that a wildcard never stands for, -1 when there is none.
 *
 * A wildcard host stands for a run of `a-z`, `0-9`, `-` and `.` (Compute Engine API, HostRule.hosts), so an
 * underscore or a port is outside of it.
 */
export function foreignCharacter(host: string): number {
  return host.search(/[^a-z0-9.-]/);
}

/** The fixed ending of a wildcard host (`.a.com` of `*.a.com`); undefined for `*` and for plain names. */
export function wildcardEnding(host: string): string | undefined {
  return host.startsWith("*.") || host.startsWith("*-") ? host.slice(1) : undefined;
}

/** The fixed start of a prefix path (`/a/` of `/a/*`); undefined for a literal path. */
export function prefixStart(path: string): string | undefined {
  return path.endsWith("/*") ? path.slice(0, -1) : undefined;
}

/** Whether one path rule, taken alone, covers `path`: the whole of it, or what follows the prefix. */
export function coversPath(rulePath: string, path: string): boolean {
  const start = prefixStart(rulePath);
  return rulePath === path || (start !== undefined && path.startsWith(start));
}

/**
 * Finds the literals that start or end a text, longest first.
 *
 * A lookup costs no more than the literals are long together, however long the text is: only lengths that
 * occur are tried.
 */
class AffixIndex {
  readonly #positions = new Map<string, number>();
  readonly #lengths: readonly number[];
  readonly #atEnd: boolean;

  constructor(literals: ReadonlyMap<string, number>, side: "start" | "end") {
    this.#positions = new Map(literals);
    this.#lengths = [...new Set([...literals.keys()].map((text) => text.length))].sort((a, b) => b - a);
    this.#atEnd = side === "end";
  }

  /** Positions of the literals of at least `shortest` characters. */
  *find(text: string, shortest = 0): Generator<number> {
    for (const length of this.#lengths) {
      if (length > text.length || length < shortest) continue;
      const affix = this.#atEnd ? text.slice(text.length - length) : text.slice(0, length);
      const position = this.#positions.get(affix);
      if (position !== undefined) yield position;
    }
  }
}

/** The path rules of one host, ready for many lookups. The first of equal rules counts. */
export class PathIndex {
  readonly #literal = new Map<string, number>();
  readonly #prefixes: AffixIndex;

  constructor(rule: HostRule<unknown>) {
    const prefixes = new Map<string, number>();
    for (const [index, { path }] of rule.paths.entries()) {
      const start = prefixStart(path);
      if (start === undefined) addFirst(this.#literal, path, index);
      else addFirst(prefixes, start, index);
    }
    this.#prefixes = new AffixIndex(prefixes, "start");
  }

  /** The literal rule, else the longest prefix rule, else undefined; the order of writing has no effect. */
  find(path: string): PathCover | undefined {
    const literal = this.#literal.get(path);
    if (literal !== undefined) return { kind: "exact", index: literal };
    for (const index of this.#prefixes.find(path)) return { kind: "prefix", index };
    return undefined;
  }
}

/** The host rules of one table, ready for many lookups. The first of equal rules counts. */
export class HostIndex {
  readonly #exact = new Map<string, number>();
  readonly #wildcards: AffixIndex;
  readonly #catchAll: number | undefined;

  constructor(table: UrlMapTable<unknown>) {
    const endings = new Map<string, number>();
    let catchAll: number | undefined;
    for (const [index, { host }] of table.hosts.entries()) {
      const ending = wildcardEnding(host);
      if (host === "*") catchAll ??= index;
      else if (ending === undefined) addFirst(this.#exact, host, index);
      else addFirst(endings, ending, index);
    }
    this.#wildcards = new AffixIndex(endings, "end");
    this.#catchAll = catchAll;
  }

  /** Every rule that covers `host`, in order of precedence: its name, longest wildcard first, then `*`. */
  find(host: string): HostCover[] {
    const covers: HostCover[] = [];
    const exact = this.#exact.get(host);
    if (exact !== undefined) covers.push({ kind: "exact", index: exact });
    const foreign = foreignCharacter(host);
    const shortest = foreign < 0 ? 0 : host.length - foreign;
    for (const index of this.#wildcards.find(host, shortest)) covers.push({ kind: "wildcard", index });
    if (this.#catchAll !== undefined) covers.push({ kind: "catch-all", index: this.#catchAll });
    return covers;
  }
}

function addFirst(map: Map<string, number>, key: string, index: number): void {
  if (!map.has(key)) map.set(key, index);
}
