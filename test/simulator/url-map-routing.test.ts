import { describe, expect, it } from "vitest";
import type { UrlMap } from "./load-balancer-resources.ts";
import { routeByUrlMap } from "./url-map-routing.ts";

const MAP: UrlMap = {
  name: "map",
  selfLink: "map",
  defaultService: "map-default",
  hostRules: [
    { hosts: ["shop.example.com"], pathMatcher: "shop" },
    { hosts: ["*.example.com"], pathMatcher: "wild" },
    { hosts: ["*.eu.example.com"], pathMatcher: "eu" },
  ],
  pathMatchers: [
    {
      name: "shop",
      defaultService: "shop-default",
      pathRules: [
        { paths: ["/a", "/a/*"], service: "a" },
        { paths: ["/a/b/*"], service: "ab" },
        { paths: ["/only/*"], service: "only" },
      ],
    },
    { name: "wild", defaultService: "wild" },
    { name: "eu", defaultService: "eu" },
  ],
};

describe("a URL map", () => {
  it.each([
    ["shop.example.com", "/a", "a"],
    ["shop.example.com", "/a/", "a"],
    ["shop.example.com", "/a/b", "a"],
    ["shop.example.com", "/a/b/c", "ab"],
    ["shop.example.com", "/a?/a/b/c", "a"],
    ["shop.example.com", "/ab", "shop-default"],
    ["shop.example.com", "/A", "shop-default"],
    ["shop.example.com", "/only", "shop-default"],
    ["shop.example.com", "/only/", "only"],
    ["SHOP.example.com", "/a", "a"],
    ["x.example.com", "/a", "wild"],
    ["x.y.example.com", "/a", "wild"],
    ["x.eu.example.com", "/a", "eu"],
    ["example.com", "/a", "map-default"],
    ["other.invalid", "/a", "map-default"],
  ])("sends %s%s to %s", (host, url, service) => {
    expect(routeByUrlMap(MAP, host, url, true)).toEqual({ kind: "service", service });
  });

  it("compares the port of the Host header on every product but the classic one", () => {
    const routed = (stripsPort: boolean) => routeByUrlMap(MAP, "shop.example.com:80", "/a", stripsPort);
    expect(routed(true)).toEqual({ kind: "service", service: "a" });
    expect(routed(false)).toEqual({ kind: "service", service: "map-default" });
  });

  it("may redirect everything", () => {
    const map: UrlMap = { name: "r", selfLink: "r", defaultUrlRedirect: { httpsRedirect: true } };
    expect(routeByUrlMap(map, "a", "/", true)).toEqual({
      kind: "redirect",
      redirect: { httpsRedirect: true },
    });
  });
});
