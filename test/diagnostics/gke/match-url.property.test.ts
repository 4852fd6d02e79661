import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Product } from "../../../src/diagnostics/gke/ingress-class.ts";
import {
  matchUrl,
  type UrlMatch,
  UrlMatcher,
  type UrlRequest,
} from "../../../src/diagnostics/gke/match-url.ts";
import type { UrlMapTable } from "../../../src/diagnostics/gke/url-map.ts";

// Few letters, so that rules overlap and requests come close to them.
const label = fc.constantFrom("a", "b", "ab");
const name = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join("."));
const ruleHost = fc.oneof(
  { weight: 3, arbitrary: name },
  { weight: 3, arbitrary: name.map((text) => `*.${text}`) },
  name.map((text) => `*-${text}`),
  name.map((text) => `${text}:80`),
  fc.constant("*"),
);
const segments = fc.array(fc.constantFrom("a", "b", "A", "", ".", "..", "%61", "*"), { maxLength: 5 });
const plainPath = segments.map((parts) => `/${parts.join("/")}`);
const rulePath = fc.oneof(
  plainPath,
  plainPath.map((path) => (path.endsWith("/") ? `${path}*` : `${path}/*`)),
);
const table = fc
  .uniqueArray(
    fc.record({
      host: ruleHost,
      paths: fc.uniqueArray(rulePath, { maxLength: 6 }),
    }),
    { selector: ({ host }) => host, maxLength: 6 },
  )
  .map(
    (hosts): UrlMapTable<string> => ({
      hosts: hosts.map(({ host, paths }) => ({
        host,
        paths: paths.map((path) => ({ path, target: `${host} ${path}` })),
        fallback: `${host} fallback`,
      })),
      fallback: "fallback",
    }),
  );
const request: fc.Arbitrary<UrlRequest> = fc.record({
  scheme: fc.constantFrom("http" as const, "https" as const),
  host: fc.oneof(
    { weight: 4, arbitrary: name },
    name.map((text) => `${text}:80`),
    name.map((text) => text.toUpperCase()),
    name.map((text) => `${text}_.a`),
    fc.string(),
  ),
  path: fc.oneof(
    { weight: 4, arbitrary: plainPath },
    fc.tuple(plainPath, fc.constantFrom("?a=/b", "#/a", "?#", "#?")).map((parts) => parts.join("")),
    fc.string(),
  ),
});
const product = fc.constantFrom<Product>("external", "internal", "regional-external");

/** Every rule is turned into a regular expression and tried; the winner is found by sorting. */
function reference(rules: UrlMapTable<string>, { host, path }: UrlRequest, on: Product): string | undefined {
  const compared = (on === "external" ? host.replace(/:[0-9]*$/, "") : host).replace(/[A-Z]/g, (letter) =>
    letter.toLowerCase(),
  );
  const cut = path.split("?")[0]?.split("#")[0] || "/";
  const hostRules = rules.hosts
    .filter((rule) => rule.host === "*" || pattern(rule.host, "^[*](?=[.-])", "[a-z0-9.-]*").test(compared))
    .sort((a, b) => Number(a.host[0] === "*") - Number(b.host[0] === "*") || b.host.length - a.host.length);
  const [hostRule] = hostRules;
  if (hostRule === undefined) return rules.fallback;
  const pathRules = hostRule.paths
    .filter((rule) => pattern(rule.path, "(?<=/)[*]$", "[^]*").test(cut))
    .sort((a, b) => Number(b.path === cut) - Number(a.path === cut) || b.path.length - a.path.length);
  return pathRules[0] === undefined ? hostRule.fallback : pathRules[0].target;
}

/** Quotes a rule whole, except for the wildcard in the one place where it is one. */
function pattern(rule: string, wildcard: string, meaning: string): RegExp {
  const parts = rule.split(new RegExp(wildcard)).map((part) => part.replace(/[^a-zA-Z0-9/]/g, "\\$&"));
  return new RegExp(`^${parts.join(meaning)}$`);
}

/** The target that the positions in a match point at. */
function pointedAt(rules: UrlMapTable<string>, { hostRule, pathRule }: UrlMatch<string>): string | undefined {
  const host = hostRule.kind === "none" ? undefined : rules.hosts[hostRule.index];
  if (pathRule.kind === "map-fallback") return host === undefined ? rules.fallback : undefined;
  return pathRule.kind === "host-fallback" ? host?.fallback : host?.paths[pathRule.index]?.target;
}

describe("matchUrl", () => {
  it("agrees with rules tried one by one", () => {
    fc.assert(
      fc.property(table, request, product, (rules, sent, on) => {
        const match = matchUrl(rules, sent, on);
        expect(match.target).toBe(reference(rules, sent, on));
        expect(pointedAt(rules, match)).toBe(match.target);
      }),
      { numRuns: 3000 },
    );
  });

  it("gives one answer whatever the order of rules", () => {
    fc.assert(
      fc.property(table, request, product, (rules, sent, on) => {
        const reversed = {
          hosts: rules.hosts.map((host) => ({ ...host, paths: host.paths.toReversed() })).toReversed(),
          fallback: rules.fallback,
        };
        expect(matchUrl(reversed, sent, on).target).toBe(matchUrl(rules, sent, on).target);
      }),
    );
  });

  it("gives the same answers again when one matcher serves many requests", () => {
    fc.assert(
      fc.property(table, fc.array(request), product, (rules, requests, on) => {
        const matcher = new UrlMatcher(rules);
        for (const sent of requests) {
          const match = matchUrl(rules, sent, on);
          expect(matcher.match(sent, on)).toEqual(match);
          expect(matcher.target(sent, on)).toBe(match.target);
        }
      }),
    );
  });

  it("names an assumption only where the other reading has another target", () => {
    fc.assert(
      fc.property(table, request, product, (rules, sent, on) => {
        const match = matchUrl(rules, sent, on);
        for (const note of match.assumptions) {
          if (note.kind === "host-characters") expect(match.target).not.toBe(rules.fallback);
          else if ("rival" in note) {
            const alone = rules.hosts.filter(({ host }) => host === note.rival);
            expect(matchUrl({ ...rules, hosts: alone }, sent, on).target).not.toBe(match.target);
          } else if (note.kind !== "host-case") {
            const otherwise = { ...sent, path: note.otherwise };
            expect(matchUrl(rules, otherwise, on).target).not.toBe(match.target);
          }
        }
      }),
    );
  });

  it("assumes nothing on plain requests to hosts that one rule covers", () => {
    const plain = fc.record({ scheme: fc.constant("http" as const), host: name, path: fc.constant("/a/b") });
    fc.assert(
      fc.property(table, plain, (rules, sent) => {
        for (const rule of rules.hosts) {
          const match = matchUrl({ ...rules, hosts: [rule] }, sent, "external");
          expect(match.assumptions).toEqual([]);
        }
      }),
    );
  });
});
