import { foreignCharacter, type HostCover } from "./url-index.ts";

/**
 * A reading that Google does not document, for a request that another reading would send elsewhere.
 *
 * - `exact-host-first`: a host rule with the whole name wins over wildcard rule `rival`;
 * - `longest-wildcard-first`: of two wildcard rules the longer one wins over `rival`;
 * - `host-case`: the host is compared in lower case;
 * - `host-characters`: the host rule `*` covers a host with characters that no longer wildcard stands for;
 * - `repeated-slashes`, `dot-segments`, `percent-encoding`: the path is compared as sent, not as `otherwise`.
 */
export type UrlAssumption =
  | { readonly kind: "exact-host-first" | "longest-wildcard-first"; readonly rival: string }
  | { readonly kind: "host-case"; readonly otherwise: string }
  | { readonly kind: "host-characters" }
  | { readonly kind: PathReading; readonly otherwise: string };

/** What a server may do to a path before it compares it. */
export type PathReading = "repeated-slashes" | "dot-segments" | "percent-encoding";

/** The request as it was compared. */
interface Reading {
  readonly host: string;
  /** The host before lower-casing. */
  readonly written: string;
  readonly path: string;
  /** Host rules that cover `host`, the chosen one first. */
  readonly covers: readonly HostCover[];
}

/** Answers of the table, without its target type. */
interface Lookup {
  readonly hosts: (host: string) => readonly HostCover[];
  readonly hostName: (index: number) => string;
  /** Whether a path under a host rule (undefined: under none) has another target than the request got. */
  readonly leadsElsewhere: (hostIndex: number | undefined, path: string) => boolean;
}

/** The assumptions that decided one request, hosts before paths. */
export function readAssumptions(reading: Reading, lookup: Lookup): UrlAssumption[] {
  return [
    ...hostPrecedence(reading, lookup),
    ...hostCase(reading, lookup),
    ...hostCharacters(reading, lookup),
    ...pathReadings(reading, lookup),
  ];
}

function hostPrecedence({ covers, path }: Reading, lookup: Lookup): UrlAssumption[] {
  const [chosen, ...rivals] = covers;
  const rival = rivals.find(({ index }) => lookup.leadsElsewhere(index, path));
  if (chosen === undefined || rival === undefined) return [];
  const kind = chosen.kind === "exact" ? "exact-host-first" : "longest-wildcard-first";
  return [{ kind, rival: lookup.hostName(rival.index) }];
}

function hostCase({ host, written, path }: Reading, lookup: Lookup): UrlAssumption[] {
  if (written === host) return [];
  const asWritten = lookup.hosts(written)[0]?.index;
  return lookup.leadsElsewhere(asWritten, path) ? [{ kind: "host-case", otherwise: written }] : [];
}

function hostCharacters({ host, path, covers }: Reading, lookup: Lookup): UrlAssumption[] {
  if (covers[0]?.kind !== "catch-all" || foreignCharacter(host) < 0) return [];
  return lookup.leadsElsewhere(undefined, path) ? [{ kind: "host-characters" }] : [];
}

function pathReadings({ path, covers }: Reading, lookup: Lookup): UrlAssumption[] {
  const elsewhere = (otherwise: string) => lookup.leadsElsewhere(covers[0]?.index, otherwise);
  const decisive = READINGS.map(([kind, read]) => ({ kind, otherwise: read(path) })).filter(({ otherwise }) =>
    elsewhere(otherwise),
  );
  return decisive.length > 0 ? decisive : jointReadings(path, elsewhere);
}

/** `/a/%2e%2e/b` changes owner only when it is decoded first and its dots are taken out then. */
function jointReadings(path: string, elsewhere: (otherwise: string) => boolean): UrlAssumption[] {
  const kinds: PathReading[] = [];
  let otherwise = path;
  for (const [kind, read] of READINGS) {
    const next = read(otherwise);
    if (next !== otherwise) kinds.push(kind);
    otherwise = next;
  }
  return elsewhere(otherwise) ? kinds.map((kind) => ({ kind, otherwise })) : [];
}

const READINGS: readonly (readonly [PathReading, (path: string) => string])[] = [
  ["percent-encoding", decodePercent],
  ["repeated-slashes", (path) => path.replace(/\/+/g, "/")],
  ["dot-segments", removeDotSegments],
];

/** Decodes `%XX`; a sequence that is no UTF-8 leaves everything but ASCII encoded. */
function decodePercent(path: string): string {
  if (!path.includes("%")) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    return path.replace(/%[0-7][0-9a-f]/gi, (code) =>
      String.fromCharCode(Number.parseInt(code.slice(1), 16)),
    );
  }
}

/** RFC 3986 section 5.2.4. */
function removeDotSegments(path: string): string {
  if (!path.includes("/.")) return path;
  const kept: string[] = [];
  const segments = path.split("/").slice(1);
  for (const segment of segments) {
    if (segment === "..") kept.pop();
    else if (segment !== ".") kept.push(segment);
  }
  const last = segments.at(-1);
  const closed = last === "." || last === ".." ? [...kept, ""] : kept;
  return `/${closed.join("/")}`;
}
