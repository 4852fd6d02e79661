import { describe, expect, it } from "vitest";
import { describeRoute } from "../../src/diagnostics/describe-route.ts";
import { parseRequestUrl } from "../../src/diagnostics/request-url.ts";
import { explainRoute, type RouteBackend, type RouteInput } from "../../src/diagnostics/route.ts";

const BACKENDS: Readonly<Record<string, RouteBackend>> = {
  web: backend("web", { pods: { ready: 2, total: 3 } }),
  api: backend("api"),
  empty: backend("empty", { pods: { ready: 0, total: 1 }, serves: false, finding: "GID501" }),
  hidden: backend("hidden", { pods: undefined, serves: undefined }),
  default: backend("default-http-backend", { namespace: "kube-system", systemDefault: true }),
};

function backend(service: string, over: Partial<RouteBackend> = {}): RouteBackend {
  return {
    namespace: "shop",
    service,
    port: "http",
    systemDefault: false,
    pods: { ready: 1, total: 1 },
    serves: true,
    finding: undefined,
    ...over,
  };
}

/** `a.com` with a Prefix path, an Exact one and two with trouble, as the GKE translator lays them out. */
const INPUT: RouteInput<string> = {
  product: "external",
  table: {
    hosts: [
      {
        host: "a.com",
        paths: [
          { path: "/web", target: "web" },
          { path: "/web/*", target: "web" },
          { path: "/api", target: "api" },
          { path: "/empty", target: "empty" },
          { path: "/hidden", target: "hidden" },
          { path: "/gone", target: "gone" },
        ],
        fallback: "default",
      },
    ],
    fallback: "default",
  },
  frontends: { http: { kind: "open", finding: undefined }, https: { kind: "open", finding: undefined } },
  frozen: false,
  backend: (target) => BACKENDS[target],
  source: (_, path) =>
    [
      { field: "spec.rules[0].http.paths[0]", path: "/web", pathType: "Prefix" },
      { field: "spec.rules[0].http.paths[0]", path: "/web", pathType: "Prefix" },
      { field: "spec.rules[0].http.paths[1]", path: "/api", pathType: "Exact" },
    ][path],
};

function explain(url: string, over: Partial<RouteInput<string>> = {}) {
  const parsed = parseRequestUrl(url);
  if (!parsed.ok) throw new Error(parsed.problem);
  return explainRoute({ ...INPUT, ...over }, parsed.request);
}

function tell(url: string, over: Partial<RouteInput<string>> = {}): string[] {
  return describeRoute(explain(url, over));
}

describe("explainRoute", () => {
  it("follows a request to the pods that serve it", () => {
    const explanation = explain("https://a.com/web/cart?id=7");
    expect(explanation).toMatchObject({
      hostRule: { kind: "exact", host: "a.com" },
      pathRule: { kind: "prefix", path: "/web/*", source: { field: "spec.rules[0].http.paths[0]" } },
      backend: { service: "web", port: "http", pods: { ready: 2, total: 3 } },
      answer: "served",
      producer: "application",
      nearMisses: [],
      assumptions: [],
    });
    expect(describeRoute(explanation)).toEqual([
      "Host rule a.com takes the request.",
      "Path rule /web/* (Prefix /web, spec.rules[0].http.paths[0]) covers /web/cart.",
      "Backend: Service shop/web, port http (2 of 3 pods ready).",
      "Expected answer: whatever the application sends.",
    ]);
  });

  it("says that /api is Exact, so that /api/users falls to the default backend", () => {
    const explanation = explain("https://a.com/api/users");
    expect(explanation.pathRule).toEqual({ kind: "host-fallback" });
    expect(explanation).toMatchObject({
      pathRule: { kind: "host-fallback" },
      answer: "404",
      producer: "gke-default-backend",
      nearMisses: [{ reason: "literal-path", host: "a.com", path: "/api", source: { pathType: "Exact" } }],
    });
    expect(describeRoute(explanation)).toEqual([
      "Host rule a.com takes the request.",
      "No path rule of a.com covers /api/users.",
      "The request falls to GKE's default backend (1 of 1 pod ready).",
      "Expected answer: 404, written by GKE's default backend.",
      "Came close: path rule /api (Exact, spec.rules[0].http.paths[1]) matches that path only; /api/users lies below it.",
    ]);
  });

  it("says which host rule a host came close to", () => {
    expect(tell("https://www.a.com/api")).toEqual([
      "No host rule covers www.a.com.",
      "The request falls to GKE's default backend (1 of 1 pod ready).",
      "Expected answer: 404, written by GKE's default backend.",
      "Came close: host rule a.com differs from www.a.com in www.; its path rule is /api (Exact, spec.rules[0].http.paths[1]).",
    ]);
  });

  it.each([
    ["external", "502", "google-front-end", "Google's front end"],
    ["internal", "503", "load-balancer", "the load balancer"],
    ["regional-external", "503", "load-balancer", "the load balancer"],
  ] as const)("on %s, a backend without endpoints answers %s", (product, answer, producer, writer) => {
    const explanation = explain("http://a.com/empty", { product });
    expect(explanation).toMatchObject({ answer, producer, finding: "GID501" });
    expect(describeRoute(explanation)).toContain(
      `Expected answer: ${answer}, written by ${writer}, because no endpoint can take the request (GID501).`,
    );
  });

  it.each(["/hidden", "/gone"])("does not guess the answer for %s", (path) => {
    expect(explain(`http://a.com${path}`)).toMatchObject({ answer: "unknown", producer: undefined });
  });

  it("does not guess a fallback that could not be resolved", () => {
    const table = { hosts: [], fallback: undefined };
    const explanation = explain("http://a.com/", { table });
    expect(explanation.pathRule).toEqual({ kind: "map-fallback" });
    expect(explanation).toMatchObject({ backend: undefined, answer: "unknown" });
    expect(describeRoute(explanation)).toContain("The default backend could not be resolved.");
  });

  it("knows the path on which GKE's default backend answers 200", () => {
    expect(explain("http://a.com/healthz?x")).toMatchObject({
      answer: "served",
      producer: "gke-default-backend",
    });
  });

  it("expects 502 from a default backend that is down", () => {
    const down = backend("default-http-backend", { systemDefault: true, serves: false });
    expect(explain("http://a.com/x", { backend: () => down })).toMatchObject({ answer: "502" });
  });

  it("names a default backend of one's own", () => {
    expect(tell("http://b.net/", { backend: () => backend("fallback") })).toEqual([
      "No host rule covers b.net.",
      "The request falls to the default backend, Service shop/fallback, port http (1 of 1 pod ready).",
      "Expected answer: whatever the application sends.",
    ]);
  });

  it("stops at a port on which nothing listens", () => {
    for (const url of ["https://a.com:8443/web", "http://a.com:443/web"]) {
      expect(explain(url)).toMatchObject({ answer: "none", producer: undefined });
    }
    expect(tell("https://a.com:8443/web")[0]).toBe("Nothing listens for https://a.com:8443.");
  });

  it("stops at a scheme that is switched off, and at a redirect", () => {
    const https = { kind: "closed", finding: "GID801" } as const;
    const http = { kind: "redirect", finding: undefined } as const;
    const frontends = { http, https };
    expect(explain("https://a.com/web", { frontends })).toMatchObject({ answer: "none", finding: "GID801" });
    expect(explain("http://a.com/web", { frontends })).toMatchObject({
      answer: "redirect",
      producer: "load-balancer",
      pathRule: { kind: "exact" },
    });
  });

  it("says that the load balancer holds an older version", () => {
    const explanation = explain("http://a.com/web", { frozen: true });
    expect(explanation).toMatchObject({ answer: "served", frozen: true });
    expect(describeRoute(explanation).at(-1)).toBe(
      "The load balancer still holds an older version of this Ingress, and answers from that.",
    );
  });

  it("keeps the port of the Host header on the internal product", () => {
    expect(explain("http://a.com:80/web")).toMatchObject({ answer: "served" });
    expect(tell("http://a.com:80/web", { product: "internal" })).toContain(
      "Came close: host rule a.com differs from a.com:80 in the port, which this load balancer compares too; its path rule is /web (Prefix, spec.rules[0].http.paths[0]).",
    );
  });

  it("says what it assumes", () => {
    expect(tell("http://A.com/web/../api")).toEqual(
      expect.arrayContaining([
        "Assumed, since Google does not document it: A.com is compared in lower case.",
        "Assumed, since Google does not document it: . and .. segments stay, and the path is not read as /api.",
      ]),
    );
  });
});

describe("describeRoute", () => {
  it("has a sentence for every reason and every assumption", () => {
    const explanation = explain("http://a.com/web");
    for (const kind of ["exact-host-first", "longest-wildcard-first"] as const) {
      const sentences = describeRoute({ ...explanation, assumptions: [{ kind, rival: "*.com" }] });
      expect(sentences.at(-1)).toMatch(/^Assumed, .* wins over host rule \*\.com\.$/);
    }
    for (const kind of ["host-case", "repeated-slashes", "percent-encoding"] as const) {
      const sentences = describeRoute({ ...explanation, assumptions: [{ kind, otherwise: "/x" }] });
      expect(sentences.at(-1)).toMatch(/^Assumed, .*\/x/);
    }
    expect(describeRoute({ ...explanation, assumptions: [{ kind: "host-characters" }] }).at(-1)).toContain(
      "any characters",
    );
  });

  it("neutralises control characters and bounds every sentence", () => {
    const rule = `/\u001b[31m${"x".repeat(100_000)}`;
    const table = {
      hosts: [{ host: "a.com", paths: [{ path: rule, target: "web" }], fallback: "default" }],
      fallback: "default",
    };
    const request = { scheme: "http", host: "a.com", path: `${rule}/\u202e\r\n` } as const;
    for (const sentence of describeRoute(explainRoute({ ...INPUT, table }, request))) {
      expect(sentence).not.toMatch(/\p{Cc}|\p{Cf}/u);
      expect(sentence.length).toBeLessThan(1000);
    }
  });
});
