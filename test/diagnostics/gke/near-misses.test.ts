import { describe, expect, it } from "vitest";
import type { Product } from "../../../src/diagnostics/gke/ingress-class.ts";
import { matchUrl } from "../../../src/diagnostics/gke/match-url.ts";
import { MAX_NEAR_MISSES, nearMisses } from "../../../src/diagnostics/gke/near-misses.ts";
import type { UrlMapTable } from "../../../src/diagnostics/gke/url-map.ts";

type Rules = readonly (readonly [host: string, ...paths: string[]])[];

function table(rules: Rules): UrlMapTable<string> {
  return {
    hosts: rules.map(([host, ...paths]) => ({
      host,
      paths: paths.map((path) => ({ path, target: "app" })),
      fallback: "default",
    })),
    fallback: "default",
  };
}

/** Near misses as `reason host path`, in their order. */
function near(rules: Rules, host: string, path: string, product: Product = "external"): string[] {
  const urls = table(rules);
  const match = matchUrl(urls, { scheme: "http", host, path }, product);
  return nearMisses(urls, match).map(({ reason, hostIndex, pathIndex }) => {
    const [ruleHost, ...paths] = rules[hostIndex] ?? [];
    return [reason, ruleHost, pathIndex === undefined ? undefined : paths[pathIndex]]
      .filter((part) => part !== undefined)
      .join(" ");
  });
}

describe("paths that came close", () => {
  it.each<[string, string, string | undefined, string]>([
    ["/api", "/api/users", "literal-path", "the rule is literal, the request goes below it"],
    ["/", "/anything", "literal-path", "`/` takes the root only"],
    ["/api/", "/api/users", "literal-path", "a slash at the end makes no prefix"],
    ["/api", "/apix", undefined, "another path"],
    ["/foo/*", "/foo", "prefix-without-itself", "a prefix needs its slash"],
    ["/foo", "/foo/", "trailing-slash", "a slash too many"],
    ["/foo/", "/foo", "trailing-slash", "a slash too few"],
    ["/Login", "/login", "path-case", "case differs"],
    ["/API/*", "/api/users", "path-case", "case differs in a prefix"],
    ["/api(/|$)(.*)", "/api/users", "path-expression", "a group of another controller"],
    ["/api/.*", "/api/users", "path-expression", "an expression"],
    ["/users/{id}", "/users/7", "path-expression", "a template"],
    ["/img*", "/images", undefined, "a star that the text before it does not reach"],
    ["/img*", "/img1.png", "path-expression", "a star without a slash"],
    ["*", "/x", "path-expression", "a star alone"],
    ["/a/*/b", "/a/x/b", "path-expression", "a star in the middle"],
    ["^/api", "/api", "path-expression", "an anchor"],
    ["^/api/v[0-9]", "/api/v1", "path-expression", "an anchor and a class"],
    ["^/api", "/shop", undefined, "an anchor before another path"],
    ["/apis", "/api", undefined, "another path"],
    ["/a.b+c", "/a.b", undefined, "characters that are plain in a path"],
  ])("rule %s, request %s: %s (%s)", (rule, path, reason) => {
    const expected = reason === undefined ? [] : [`${reason} a.com ${rule}`];
    expect(near([["a.com", rule]], "a.com", path)).toEqual(expected);
  });

  it("are none when a rule takes the request", () => {
    expect(near([["a.com", "/api", "/*"]], "a.com", "/api/users")).toEqual([]);
    expect(
      near(
        [
          ["a.com", "/api"],
          ["*", "/api"],
        ],
        "a.com",
        "/api",
      ),
    ).toEqual([]);
  });

  it("include the same path under another host, but not what takes everything there", () => {
    const rules: Rules = [
      ["a.com", "/"],
      ["b.com", "/api/*"],
      ["c.com", "/*"],
      ["*", "/api/users"],
    ];
    expect(near(rules, "a.com", "/api/users")).toEqual([
      "literal-path a.com /",
      "other-host * /api/users",
      "other-host b.com /api/*",
    ]);
  });

  it("name the rule that takes the path there", () => {
    expect(near([["a.com"], ["b.com", "/x/y/*", "/x/*", "/x/y/z/*"]], "a.com", "/x/y/1")).toEqual([
      "other-host b.com /x/y/*",
    ]);
    expect(near([["a.com"], ["b.com", "/x/*", "/x/"]], "a.com", "/x/")).toEqual(["other-host b.com /x/"]);
    expect(near([["a.com"], ["b.com", "/x/", "/x/*"]], "a.com", "/x/")).toEqual(["other-host b.com /x/"]);
  });

  it("keep the order of the table where nothing else decides", () => {
    expect(near([["a.com", "/x(b)", "/x(a)", "/x(c)"]], "a.com", "/x/1")).toEqual([
      "path-expression a.com /x(b)",
      "path-expression a.com /x(a)",
      "path-expression a.com /x(c)",
    ]);
  });

  it("come with the longest rule first", () => {
    expect(near([["a.com", "/", "/api", "/api/v1"]], "a.com", "/api/v1/users")).toEqual([
      "literal-path a.com /api/v1",
      "literal-path a.com /api",
      "literal-path a.com /",
    ]);
  });
});

describe("hosts that came close", () => {
  it.each<[string, string, string | undefined, Product, string]>([
    ["www.a.com", "a.com", "host-www", "external", "the rule wants www"],
    ["a.com", "www.a.com", "host-www", "external", "the request has www"],
    ["*.a.com", "a.com", "bare-domain", "external", "a wildcard needs its dot"],
    ["*.a.com", "my_app.a.com", "host-characters", "external", "an underscore is no host character"],
    ["*.a.com", "_app.a.com", "host-characters", "external", "an underscore at the start"],
    ["*.a.com", "b.net", undefined, "external", "a name of another domain"],
    ["ashop.example.com", "bshop.example.com", "host-spelling", "external", "a letter replaced in a label"],
    ["a.com", "a.com:8080", "host-port", "internal", "the port stays"],
    ["*.a.com", "b.a.com:443", "host-port", "internal", "the port stays, and the ending differs"],
    ["a.com", "203.0.113.9", "bare-address", "external", "an address"],
    ["a.com", "10.0.0.9:80", "bare-address", "internal", "an address with a port"],
    ["*.a.com", "[2001:db8::1]", "bare-address", "external", "an IPv6 address"],
    ["Shop.A.com", "shop.a.com", "host-case", "external", "upper case in the rule"],
    ["example.com", "exmaple.com", "host-spelling", "external", "letters swapped"],
    ["shop.example.com", "shpo.example.com", "host-spelling", "external", "letters swapped in a label"],
    ["web.example.com", "dev.example.com", undefined, "external", "another name of the same domain"],
    ["a.com", "b.net", undefined, "external", "another domain"],
  ])("rule %s, request to %s: %s on %s, %s", (rule, host, reason, product) => {
    expect(near([[rule, "/*"]], host, "/", product)).toEqual(
      reason === undefined ? [] : [`${reason} ${rule} /*`],
    );
  });

  it("name the host alone where its rules do not cover the path either, after those that do", () => {
    const rules: Rules = [
      ["www.a.com", "/x"],
      ["*.a.com", "/*"],
    ];
    const expected = ["bare-domain *.a.com /*", "host-www www.a.com"];
    expect(near(rules, "a.com", "/y")).toEqual(expected);
    expect(near(rules.toReversed(), "a.com", "/y")).toEqual(expected);
  });

  it("are looked for when `*` took the host but not the path", () => {
    const rules: Rules = [
      ["*", "/health"],
      ["www.a.com", "/shop"],
    ];
    expect(near(rules, "a.com", "/shop")).toEqual(["host-www www.a.com /shop"]);
  });

  it("never include the wildcard that took the host", () => {
    expect(near([["*.a.com", "/x"]], "b.a.com", "/y")).toEqual([]);
    expect(near([["*.a.com", "/x"], ["*.b.a.com"]], "c.b.a.com", "/x")).toEqual(["other-host *.a.com /x"]);
  });
});

describe("bounds", () => {
  it("gives no more than five", () => {
    const rules: Rules = Array.from({ length: 1000 }, (_, n) => [`h${n}.com`, "/*"]);
    expect(near(rules, "203.0.113.9", "/")).toEqual(
      Array.from({ length: MAX_NEAR_MISSES }, (_, n) => `bare-address h${n}.com /*`),
    );
  });

  it.each([
    ["letters", `/${"x".repeat(256 * 1024)}`],
    ["slashes", "/".repeat(256 * 1024)],
    ["groups", `/${"(".repeat(256 * 1024)}`],
    ["control characters", `/${"\u0000\u202e".repeat(128 * 1024)}`],
  ])("takes rules, hosts and requests made of %s as plain text", (_, text) => {
    const rules: Rules = [
      [text, `${text}/*`],
      ["a.com", text],
    ];
    const reasons = (host: string) => near(rules, host, text).map((miss) => miss.replaceAll(text, "TEXT"));
    expect(reasons("b.net")).toEqual(["other-host a.com TEXT"]);
    expect(reasons("www.a.com")).toEqual(["host-www a.com TEXT"]);
  });
});
