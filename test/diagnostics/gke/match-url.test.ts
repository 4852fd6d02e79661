import { describe, expect, it } from "vitest";
import type { Product } from "../../../src/diagnostics/gke/ingress-class.ts";
import { matchUrl, UrlMatcher } from "../../../src/diagnostics/gke/match-url.ts";
import type { UrlMapTable } from "../../../src/diagnostics/gke/url-map.ts";

/** A table whose targets are spelt like the rule that has them, e.g. `a.com/foo/*`; fallbacks end in `!`. */
function table(hosts: Readonly<Record<string, readonly string[]>>): UrlMapTable<string> {
  return {
    hosts: Object.entries(hosts).map(([host, paths]) => ({
      host,
      paths: paths.map((path) => ({ path, target: `${host}${path}` })),
      fallback: `${host}!`,
    })),
    fallback: "!",
  };
}

function send(rules: UrlMapTable<string>, url: string, product: Product = "external") {
  const slash = url.indexOf("/");
  const request = { scheme: "http", host: url.slice(0, slash), path: url.slice(slash) } as const;
  return matchUrl(rules, request, product);
}

describe("order of decision", () => {
  const rules = table({ "a.com": ["/foo", "/foo/*", "/foo/bar/*", "/foo/bar/baz"], "*": ["/*", "/other"] });

  it.each([
    ["a.com/foo", "a.com/foo", "a literal rule takes its own path"],
    ["a.com/foo/", "a.com/foo/*", "a prefix covers the slash it ends with"],
    ["a.com/foo/x/y", "a.com/foo/*", "a prefix covers everything deeper"],
    ["a.com/foo/bar/x", "a.com/foo/bar/*", "the longest prefix wins"],
    ["a.com/foo/bar/baz", "a.com/foo/bar/baz", "a literal rule wins over every prefix"],
    ["a.com/foobar", "a.com!", "a prefix ends at a slash"],
    ["a.com/other", "a.com!", "a covered host never falls through to `*`"],
    ["b.com/other", "*/other", "an unknown host is taken by `*`"],
  ])("%s -> %s: %s", (url, target) => {
    expect(send(rules, url).target).toBe(target);
  });

  it("sends a host that no rule covers to the fallback of the map", () => {
    const match = send(table({ "a.com": ["/*"] }), "b.com/");
    expect(match).toMatchObject({
      hostRule: { kind: "none" },
      pathRule: { kind: "map-fallback" },
      target: "!",
    });
  });

  it("keeps a fallback that could not be resolved undefined", () => {
    const rules = { hosts: [{ host: "a.com", paths: [], fallback: undefined }], fallback: undefined };
    expect(send(rules, "a.com/")).toMatchObject({ pathRule: { kind: "host-fallback" }, target: undefined });
    expect(send(rules, "b.com/")).toMatchObject({ pathRule: { kind: "map-fallback" }, target: undefined });
  });

  it("gives the positions of the rules in the table", () => {
    const match = send(table({ "b.com": [], "a.com": ["/x", "/foo/*"] }), "a.com/foo/1");
    expect(match.hostRule).toEqual({ kind: "exact", index: 1 });
    expect(match.pathRule).toEqual({ kind: "prefix", index: 1 });
  });

  it("does not depend on the order of path rules", () => {
    const written = ["/foo", "/foo/*", "/foo/bar/*", "/*"];
    for (const url of ["a.com/foo", "a.com/foo/bar/1", "a.com/foo/2", "a.com/3"]) {
      const forwards = send(table({ "a.com": written }), url).target;
      expect(send(table({ "a.com": [...written].reverse() }), url).target).toBe(forwards);
    }
  });
});

describe("hosts", () => {
  it.each([
    ["news.example.net", "wildcard", "one label"],
    ["a.b.example.net", "wildcard", "a wildcard spans dots"],
    ["example.net", "none", "the bare domain lacks the dot"],
    ["newsexample.net", "none", "the dot must be there"],
    ["_app.example.net", "none", "nor does a run start with anything else"],
    ["my_app.example.net", "none", "a wildcard stands for letters, digits, - and . only"],
    ["10.0.0.1", "none", "an address is no host rule"],
  ])("*.example.net and %s: %s (%s)", (host, kind) => {
    expect(send(table({ "*.example.net": ["/*"] }), `${host}/`).hostRule.kind).toBe(kind);
  });

  it("understands a wildcard followed by a hyphen", () => {
    const rules = table({ "*-eu.example.net": ["/*"] });
    expect(send(rules, "shop-eu.example.net/").hostRule.kind).toBe("wildcard");
    expect(send(rules, "shop.example.net/").hostRule.kind).toBe("none");
  });

  it("allows in the rule's own part what a wildcard does not stand for", () => {
    expect(send(table({ "*.my_app.net": ["/*"] }), "a.my_app.net/").hostRule.kind).toBe("wildcard");
  });

  it("serves a bare address by `*` only", () => {
    const match = send(table({ "a.com": ["/*"], "*": ["/*"] }), "203.0.113.9/");
    expect(match).toMatchObject({
      hostRule: { kind: "catch-all", index: 1 },
      target: "*/*",
      assumptions: [],
    });
  });

  it("takes the whole name first and says so where a wildcard would answer differently", () => {
    const match = send(table({ "*.a.com": ["/*"], "b.a.com": ["/*"] }), "b.a.com/");
    expect(match.target).toBe("b.a.com/*");
    expect(match.assumptions).toEqual([{ kind: "exact-host-first", rival: "*.a.com" }]);
  });

  it("takes the longest wildcard first and says so", () => {
    const match = send(table({ "*": ["/*"], "*.a.com": ["/*"], "*.b.a.com": ["/*"] }), "c.b.a.com/");
    expect(match.target).toBe("*.b.a.com/*");
    expect(match.assumptions).toEqual([{ kind: "longest-wildcard-first", rival: "*.a.com" }]);
  });

  it("assumes nothing where every covering host rule has the same target", () => {
    const paths = [{ path: "/*", target: "web" }];
    const rules = {
      hosts: ["*", "*.a.com", "b.a.com"].map((host) => ({ host, paths, fallback: "web" })),
      fallback: "default",
    };
    expect(send(rules, "b.a.com/").assumptions).toEqual([]);
  });

  it("takes targets with one key for one target", () => {
    const target = () => ({ key: "web" });
    const rules = {
      hosts: ["*.com", "a.com"].map((host) => ({ host, paths: [], fallback: target() })),
      fallback: target(),
    };
    const request = { scheme: "http", host: "A.com", path: "/" } as const;
    expect(matchUrl(rules, request, "external").assumptions).toEqual([]);
  });

  it("compares the host in lower case and says so", () => {
    const match = send(table({ "a.com": ["/*"] }), "A.Com/");
    expect(match).toMatchObject({
      host: "a.com",
      target: "a.com/*",
      assumptions: [{ kind: "host-case", otherwise: "A.Com" }],
    });
    expect(send(table({ "*": ["/*"] }), "A.Com/").assumptions).toEqual([]);
  });

  it("lets `*` cover odd characters and says so", () => {
    for (const url of ["my_app/", "_app/"]) {
      const match = send(table({ "*": ["/*"] }), url);
      expect(match).toMatchObject({ target: "*/*", assumptions: [{ kind: "host-characters" }] });
    }
  });
});

describe("a port in the Host header", () => {
  const rules = table({ "example.net": ["/*"] });

  it.each([
    ["external", "example.net/*"],
    ["internal", "!"],
    ["regional-external", "!"],
  ] as const)("on %s leads example.net:8080 to %s", (product, target) => {
    expect(send(rules, "example.net:8080/", product).target).toBe(target);
  });

  it("can be part of a rule where it is kept", () => {
    expect(send(table({ "example.net:8080": ["/*"] }), "example.net:8080/", "internal").target).toBe(
      "example.net:8080/*",
    );
  });

  it.each([
    ["a.com:", "a.com"],
    ["[2001:db8::1]:80", "[2001:db8::1]"],
    ["[2001:db8::1]", "[2001:db8::1]"],
    ["a.com:http", "a.com:http"],
    ["a.com:x1", "a.com:x1"],
    [":80", ""],
  ])("%s is compared as %s on the classic product", (host, compared) => {
    expect(send(rules, `${host}/`).host).toBe(compared);
  });
});

describe("paths", () => {
  it.each([
    ["/foo", "/foo", "exact"],
    ["/foo", "/foo/", "host-fallback"],
    ["/foo/", "/foo", "host-fallback"],
    ["/foo/*", "/foo", "host-fallback"],
    ["/foo/*", "/foo/", "prefix"],
    ["/foo/*", "/foo/*", "prefix"],
    ["/foo/*", "/FOO/x", "host-fallback"],
    ["/", "/", "exact"],
    ["/", "/x", "host-fallback"],
    ["/*", "/", "prefix"],
    ["/foo?bar", "/foo?bar", "host-fallback"],
    ["/foo", "/foo?bar", "exact"],
    ["/foo", "/foo#bar", "exact"],
    ["/foo", "/foo#a?b", "exact"],
    ["/foo/*", "/foo?/x", "host-fallback"],
    ["/", "?x=1", "exact"],
    ["/foo*", "/foobar", "host-fallback"],
    ["/foo/*/bar", "/foo/x/bar", "host-fallback"],
    ["/a(/|$)(.*)", "/a/x", "host-fallback"],
    ["/a.c", "/abc", "host-fallback"],
  ])("rule %s, request %s: %s", (rule, path, kind) => {
    const rules = table({ "a.com": [rule] });
    expect(matchUrl(rules, { scheme: "http", host: "a.com", path }, "external").pathRule.kind).toBe(kind);
  });

  it.each([
    ["/foo//bar", "repeated-slashes", "/foo/bar"],
    ["/foo/../admin", "dot-segments", "/admin"],
    ["/./admin", "dot-segments", "/admin"],
    ["/x/..", "dot-segments", "/"],
    ["/x/.", "dot-segments", "/x/"],
    ["/%61dmin", "percent-encoding", "/admin"],
    ["/caf%C3%A9", "percent-encoding", "/café"],
    ["/%ff%61dmin/../admin", "dot-segments", "/admin"],
  ] as const)("%s is compared as sent, and %s is named", (path, kind, otherwise) => {
    const rules = table({ "a.com": ["/foo/bar", "/foo/*", "/admin", "/", "/café", "/x/"] });
    expect(send(rules, `a.com${path}`).assumptions).toContainEqual({ kind, otherwise });
  });

  it("names the one reading that matters of two that change the path", () => {
    const match = send(table({ "a.com": ["/foo/*"] }), "a.com/%66oo//bar");
    expect(match.assumptions).toEqual([{ kind: "percent-encoding", otherwise: "/foo//bar" }]);
  });

  it("names readings that matter only together", () => {
    const match = send(table({ "a.com": ["/a/*", "/b"] }), "a.com/a/%2e%2e/b");
    expect(match.target).toBe("a.com/a/*");
    expect(match.assumptions).toEqual([
      { kind: "percent-encoding", otherwise: "/b" },
      { kind: "dot-segments", otherwise: "/b" },
    ]);
  });

  it("assumes nothing where the other reading has the same target", () => {
    for (const path of ["/foo//bar", "/foo/./bar", "/foo/%62ar", "/foo/%"]) {
      expect(send(table({ "a.com": ["/foo/*"] }), `a.com${path}`).assumptions).toEqual([]);
    }
  });
});

describe("hostile input", () => {
  const size = 256 * 1024;
  const rules = table({
    "*": Array.from({ length: 1000 }, (_, n) => `/${"a/".repeat(n % 40)}${n}/*`),
    ...Object.fromEntries(
      Array.from({ length: 1000 }, (_, n) => [`*.${"a.".repeat(n % 40)}h${n}.com`, ["/*"]]),
    ),
  });
  const matcher = new UrlMatcher(rules);

  it.each([
    ["slashes", "a.com", "/".repeat(size)],
    ["parents", "a.com", "/..".repeat(size / 3)],
    ["percent signs", "a.com", `/${"%".repeat(size)}`],
    ["bytes that are no UTF-8", "a.com", `/${"%ff".repeat(size / 3)}`],
    ["control characters", "a.com", "/\u0000\r\n\u2028".repeat(size / 5)],
    ["lone surrogates", "a.com", `/${"\ud800".repeat(size)}`],
    ["dots in the host", ".".repeat(size), "/"],
    ["colons in the host", ":1".repeat(size / 2), "/"],
    ["upper case in the host", "A_".repeat(size / 2), "/"],
  ])("%s are matched as plain text", (_, host, path) => {
    const match = matcher.match({ scheme: "http", host, path }, "internal");
    expect(match.hostRule.kind).toBe("catch-all");
    expect(match.pathRule.kind).toBe("host-fallback");
    expect(match.path).toBe(path);
  });

  it("treats names of Object's own properties as plain data", () => {
    const own = table({ constructor: ["/__proto__"] });
    expect(send(own, "constructor/__proto__").target).toBe("constructor/__proto__");
    expect(send(own, "toString/").target).toBe("!");
  });
});
