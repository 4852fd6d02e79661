import type { Product } from "./ingress-class.ts";
import { readAssumptions, type UrlAssumption } from "./url-assumptions.ts";
import { HostIndex, PathIndex } from "./url-index.ts";
import type { UrlMapTable } from "./url-map.ts";

/** What a URL map sends traffic to: a name, or something with a key. Equal names or keys are one target. */
export type UrlTarget = string | { readonly key: string };

/** One request as a client sends it. */
export interface UrlRequest {
  readonly scheme: "http" | "https";
  /** The Host header as sent: it may carry a port and upper case letters. */
  readonly host: string;
  /** Path as sent; a query string and a fragment may follow. */
  readonly path: string;
}

/** The host rule that took the request; `none` when none covers its host. */
export type HostMatch =
  | { readonly kind: "exact" | "wildcard" | "catch-all"; readonly index: number }
  | { readonly kind: "none" };

/** The path rule that took the request, or the fallback that took it instead. */
export type PathMatch =
  | { readonly kind: "exact" | "prefix"; readonly index: number }
  | { readonly kind: "host-fallback" }
  | { readonly kind: "map-fallback" };

/** Where a URL map sends one request, and why. */
export interface UrlMatch<T> {
  /** The host that was compared: lower case, without the port where the product strips it. */
  readonly host: string;
  /** The path that was compared: without query string and fragment. */
  readonly path: string;
  /** Its `index` is a position in `table.hosts`. */
  readonly hostRule: HostMatch;
  /** Its `index` is a position in the chosen host rule's `paths`. */
  readonly pathRule: PathMatch;
  /** Undefined when the fallback that took the request could not be resolved. */
  readonly target: T | undefined;
  /** What Google does not document and would send this very request elsewhere if it were otherwise. */
  readonly assumptions: readonly UrlAssumption[];
}

/**
 * Finds the rules that serve one request, as Google's load balancers do.
 *
 * The choice of the host rule is final: a path it does not cover goes to its own fallback, never to `*` or to
 * another host. Inside it a literal path beats every prefix, and the longest prefix beats the others. Paths
 * compare as written. Sources: URL maps overview (Google Cloud, read 2026-11-23); HostRule and PathRule of the
 * Compute Engine API.
 */
export function matchUrl<T extends UrlTarget>(
  table: UrlMapTable<T>,
  request: UrlRequest,
  product: Product,
): UrlMatch<T> {
  return new UrlMatcher(table).match(request, product);
}

/** {@link matchUrl} for many requests on one table. */
export class UrlMatcher<T extends UrlTarget> {
  readonly #table: UrlMapTable<T>;
  readonly #hosts: HostIndex;
  readonly #paths = new Map<number, PathIndex>();

  constructor(table: UrlMapTable<T>) {
    this.#table = table;
    this.#hosts = new HostIndex(table);
  }

  /** Where the request goes, without the assumptions behind it, which cost several times as much. */
  target(request: UrlRequest, product: Product): T | undefined {
    const host = lowerCase(comparedHost(request, product));
    return this.#inHost(this.#hosts.find(host)[0]?.index, withoutQuery(request.path)).target;
  }

  match(request: UrlRequest, product: Product): UrlMatch<T> {
    const written = comparedHost(request, product);
    const host = lowerCase(written);
    const path = withoutQuery(request.path);
    const covers = this.#hosts.find(host);
    const found = this.#inHost(covers[0]?.index, path);
    const assumptions = readAssumptions(
      { host, written, path, covers },
      {
        hosts: (other) => this.#hosts.find(other),
        hostName: (index) => this.#table.hosts[index]?.host ?? "",
        leadsElsewhere: (index, other) => !sameTarget(this.#inHost(index, other).target, found.target),
      },
    );
    return { host, path, hostRule: covers[0] ?? { kind: "none" }, ...found, assumptions };
  }

  #inHost(index: number | undefined, path: string): { pathRule: PathMatch; target: T | undefined } {
    const rule = index === undefined ? undefined : this.#table.hosts[index];
    if (index === undefined || rule === undefined) {
      return { pathRule: { kind: "map-fallback" }, target: this.#table.fallback };
    }
    let paths = this.#paths.get(index);
    if (paths === undefined) {
      paths = new PathIndex(rule);
      this.#paths.set(index, paths);
    }
    const cover = paths.find(path);
    if (cover === undefined) return { pathRule: { kind: "host-fallback" }, target: rule.fallback };
    return { pathRule: cover, target: rule.paths[cover.index]?.target };
  }
}

function sameTarget(a: UrlTarget | undefined, b: UrlTarget | undefined): boolean {
  return keyOf(a) === keyOf(b);
}

function keyOf(target: UrlTarget | undefined): string | undefined {
  return typeof target === "object" ? target.key : target;
}

function comparedHost({ host }: UrlRequest, product: Product): string {
  return product === "external" ? withoutPort(host) : host;
}

/** The host without a `:port` at its end; an IPv6 address keeps its brackets. */
export function withoutPort(host: string): string {
  const colon = host.lastIndexOf(":");
  return colon >= 0 && /^[0-9]*$/.test(host.slice(colon + 1)) ? host.slice(0, colon) : host;
}

/** Host names are ASCII on the wire, so only ASCII letters have a case here. */
function lowerCase(host: string): string {
  return host.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

function withoutQuery(path: string): string {
  const end = path.search(/[?#]/);
  const alone = end < 0 ? path : path.slice(0, end);
  return alone === "" ? "/" : alone;
}
