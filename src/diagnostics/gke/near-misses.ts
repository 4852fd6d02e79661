import { nearest } from "../nearest.ts";
import { type UrlMatch, withoutPort } from "./match-url.ts";
import { coversPath, foreignCharacter, prefixStart, wildcardEnding } from "./url-index.ts";
import type { HostRule, UrlMapTable } from "./url-map.ts";

/**
 * Why a rule that looks meant for a request does not take it, most telling first.
 *
 * - `literal-path`: the rule is a literal path, the request goes below it (`/api`, `/api/users`);
 * - `prefix-without-itself`: the rule is `/foo/*`, the request is `/foo`;
 * - `trailing-slash`: literal rule and request differ in a slash at the end only;
 * - `path-case`: they differ in upper and lower case only;
 * - `path-expression`: the rule is written as a pattern, but is compared as plain text;
 * - `host-port`: the Host header carries a port that this product does not take off;
 * - `host-www`: host and rule differ in a leading `www.` only;
 * - `bare-domain`: the rule is `*.example.com`, the host is `example.com`;
 * - `host-characters`: a wildcard rule ends like the host, but does not stand for characters such as `_`;
 * - `host-case`: the rule has upper case letters, the host is compared in lower case;
 * - `bare-address`: the host is an IP address, which no host rule can name;
 * - `host-spelling`: host and rule differ in one or two characters of the labels they do not share;
 * - `other-host`: the path has a rule of its own, under another host.
 */
export const NEAR_MISS_REASONS = [
  "literal-path",
  "prefix-without-itself",
  "trailing-slash",
  "path-case",
  "path-expression",
  "host-port",
  "host-www",
  "bare-domain",
  "host-characters",
  "host-case",
  "bare-address",
  "host-spelling",
  "other-host",
] as const;

/** One of {@link NEAR_MISS_REASONS}. */
export type NearMissReason = (typeof NEAR_MISS_REASONS)[number];

/** A rule that should perhaps have taken a request, and why it did not. */
export interface NearMiss {
  readonly reason: NearMissReason;
  /** Position in `table.hosts`. */
  readonly hostIndex: number;
  /** Position in that host rule's `paths`; undefined when only the host came close. */
  readonly pathIndex: number | undefined;
}

/** Most near misses given for one request. */
export const MAX_NEAR_MISSES = 5;

/**
 * Rules that came close to a request that fell to a fallback, best first, at most {@link MAX_NEAR_MISSES}.
 *
 * Empty when a path rule took the request. The order is: rules that cover the path over bare host rules, the
 * order of {@link NEAR_MISS_REASONS}, the longer rule path, the order in the table.
 */
export function nearMisses(table: UrlMapTable<unknown>, match: UrlMatch<unknown>): NearMiss[] {
  const { hostRule, pathRule } = match;
  if (pathRule.kind === "exact" || pathRule.kind === "prefix") return [];
  const chosen = hostRule.kind === "none" ? undefined : hostRule.index;
  const inside = chosen === undefined ? [] : nearPaths(table.hosts[chosen], chosen, match.path);
  const outside = hostRule.kind === "exact" ? [] : nearHosts(table, match.host, match.path);
  const elsewhere = otherHosts(
    table,
    match.path,
    new Set([chosen, ...outside.map((miss) => miss.hostIndex)]),
  );
  return [...inside, ...outside, ...elsewhere].sort(byWeight(table)).slice(0, MAX_NEAR_MISSES);
}

function nearPaths(rule: HostRule<unknown> | undefined, hostIndex: number, path: string): NearMiss[] {
  const misses: NearMiss[] = [];
  const folded = path.toLowerCase();
  for (const [pathIndex, candidate] of (rule?.paths ?? []).entries()) {
    const reason = pathReason(candidate.path, path, folded);
    if (reason !== undefined) misses.push({ reason, hostIndex, pathIndex });
  }
  return misses;
}

/** Why a rule path that does not cover `path` looks as if it should; undefined when it does not look so. */
function pathReason(rulePath: string, path: string, folded: string): NearMissReason | undefined {
  const start = prefixStart(rulePath);
  if (start !== undefined && path.length === start.length - 1 && start.startsWith(path)) {
    return "prefix-without-itself";
  }
  if (start === undefined && differInTrailingSlash(rulePath, path)) return "trailing-slash";
  if (start === undefined && goesBelow(rulePath, path)) return "literal-path";
  const plainHead = expressionHead(rulePath);
  if (plainHead !== undefined && path.startsWith(plainHead)) return "path-expression";
  return coversPath(rulePath.toLowerCase(), folded) ? "path-case" : undefined;
}

function differInTrailingSlash(rulePath: string, path: string): boolean {
  const [shorter, longer] = rulePath.length < path.length ? [rulePath, path] : [path, rulePath];
  return (
    shorter !== "" &&
    longer.length === shorter.length + 1 &&
    longer.endsWith("/") &&
    longer.startsWith(shorter)
  );
}

/** Whether a literal rule path is a parent of `path`, as `/` is of every path. */
function goesBelow(rulePath: string, path: string): boolean {
  return path.startsWith(rulePath) && (rulePath.endsWith("/") || path[rulePath.length] === "/");
}

/**
 * What stands before the first sign of a pattern (a misplaced `*`, groups, classes, `{name}`, anchors);
 * undefined for a plain path. Only the head is compared: what the pattern was meant to cover is not known.
 */
function expressionHead(rulePath: string): string | undefined {
  const anchored = rulePath.startsWith("^");
  const plain = (prefixStart(rulePath) ?? rulePath).slice(anchored ? 1 : 0);
  const sign = plain.search(/\.[*+?]|[*()[\]{}|^$\\?]/);
  if (sign >= 0) return plain.slice(0, sign);
  return anchored ? plain : undefined;
}

function nearHosts(table: UrlMapTable<unknown>, host: string, path: string): NearMiss[] {
  const bare = withoutPort(host);
  const misses: NearMiss[] = [];
  for (const [hostIndex, rule] of table.hosts.entries()) {
    const reason = hostReason(rule.host, host, bare);
    if (reason !== undefined) misses.push({ reason, hostIndex, pathIndex: coveringPath(rule, path) });
  }
  return misses;
}

/** Why a host rule that does not cover `host` looks as if it should; `bare` is the host without its port. */
function hostReason(ruleHost: string, host: string, bare: string): NearMissReason | undefined {
  if (ruleHost === "*") return undefined;
  if (isAddress(bare)) return "bare-address";
  const ending = wildcardEnding(ruleHost);
  if (ending !== undefined) return wildcardReason(ending, host, bare);
  if (ruleHost === bare) return "host-port";
  if (ruleHost === `www.${bare}` || bare === `www.${ruleHost}`) return "host-www";
  if (ruleHost.toLowerCase() === bare) return "host-case";
  return isMisspelt(ruleHost, bare) ? "host-spelling" : undefined;
}

function wildcardReason(ending: string, host: string, bare: string): NearMissReason | undefined {
  if (ending === `.${bare}`) return "bare-domain";
  if (!bare.endsWith(ending)) return undefined;
  if (foreignCharacter(bare) >= 0) return "host-characters";
  return bare === host ? undefined : "host-port";
}

/** Compares what stands before the labels both names end with, so that `dev.` and `web.` of one domain differ. */
function isMisspelt(ruleHost: string, host: string): boolean {
  let common = 0;
  const shorter = Math.min(ruleHost.length, host.length);
  for (let length = 1; length <= shorter; length++) {
    const character = ruleHost.at(-length);
    if (character !== host.at(-length)) break;
    if (character === ".") common = length;
  }
  const head = ruleHost.slice(0, ruleHost.length - common);
  return nearest([head], host.slice(0, host.length - common)).length > 0;
}

/** Hosts, other than those named already, that have a rule of their own for the path (`/*` is not one). */
function otherHosts(
  table: UrlMapTable<unknown>,
  path: string,
  named: ReadonlySet<number | undefined>,
): NearMiss[] {
  const misses: NearMiss[] = [];
  for (const [hostIndex, rule] of table.hosts.entries()) {
    if (named.has(hostIndex)) continue;
    const pathIndex = coveringPath(rule, path);
    const covering = pathIndex === undefined ? undefined : rule.paths[pathIndex]?.path;
    if (covering === undefined || covering === "/*" || covering === "/") continue;
    misses.push({ reason: "other-host", hostIndex, pathIndex });
  }
  return misses;
}

/** Position of the longest rule of one host that covers the path. */
function coveringPath(rule: HostRule<unknown>, path: string): number | undefined {
  let best: number | undefined;
  for (const [index, candidate] of rule.paths.entries()) {
    if (!coversPath(candidate.path, path)) continue;
    const longest = best === undefined ? -1 : (rule.paths[best]?.path.length ?? -1);
    if (candidate.path === path) return index;
    if (candidate.path.length > longest) best = index;
  }
  return best;
}

function byWeight(table: UrlMapTable<unknown>): (a: NearMiss, b: NearMiss) => number {
  const pathLength = ({ hostIndex, pathIndex }: NearMiss) =>
    pathIndex === undefined ? 0 : (table.hosts[hostIndex]?.paths[pathIndex]?.path.length ?? 0);
  return (a, b) =>
    Number(a.pathIndex === undefined) - Number(b.pathIndex === undefined) ||
    NEAR_MISS_REASONS.indexOf(a.reason) - NEAR_MISS_REASONS.indexOf(b.reason) ||
    pathLength(b) - pathLength(a) ||
    a.hostIndex - b.hostIndex ||
    (a.pathIndex ?? 0) - (b.pathIndex ?? 0);
}

/** Whether a host is an IPv4 address or, in brackets, an IPv6 one. */
function isAddress(host: string): boolean {
  return host.startsWith("[") || /^[0-9]{1,3}(\.[0-9]{1,3}){3}$/.test(host);
}
