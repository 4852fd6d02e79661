import { describe, expect, it } from "vitest";
import { buildTopology } from "../../src/diagnostics/build-topology.ts";
import { describeRoute } from "../../src/diagnostics/describe-route.ts";
import type { Finding } from "../../src/diagnostics/finding.ts";
import { parseRequestUrl } from "../../src/diagnostics/request-url.ts";
import { routeUrl } from "../../src/diagnostics/route-url.ts";
import { known, unknown } from "../../src/model/observed.ts";
import { stringMap } from "../../src/model/refs.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import * as build from "../support/builders.ts";

function route(url: string, changes: Partial<Snapshot> = {}, findings: readonly Finding[] = []) {
  const parsed = parseRequestUrl(url);
  if (!parsed.ok) throw new Error(parsed.problem);
  return routeUrl(buildTopology(build.snapshot(changes)), findings, parsed.request);
}

function finding(changes: Partial<Finding>): Finding {
  return {
    code: "GID999",
    reason: "Test",
    severity: "error",
    symptoms: ["502"],
    stage: "endpoints",
    subject: build.ref("v1", "Service", "web"),
    message: "A test says so.",
    fix: { summary: "Change it." },
    consequence: false,
    settling: false,
    ...changes,
  };
}

const API = build.ingress({
  rules: [build.rule("shop.example.com", build.path("/api", "web", { pathType: "Exact" }))],
});

describe("routeUrl", () => {
  it("follows a request from the Ingress to its pods", () => {
    const pods = known([
      build.pod(1),
      build.pod(2, { ready: false }),
      build.pod(3, { deletedAt: build.NOW }),
    ]);
    expect(route("http://shop.example.com/cart", { pods })).toMatchObject({
      hostRule: { kind: "exact", host: "shop.example.com" },
      pathRule: {
        kind: "prefix",
        path: "/*",
        source: { field: "spec.rules[0].http.paths[0]", path: "/", pathType: "Prefix" },
      },
      backend: { namespace: "shop", service: "web", port: "80", pods: { ready: 1, total: 2 } },
      answer: "served",
      producer: "application",
      frozen: false,
    });
  });

  it("/api is Exact; /api/users falls to the default backend", () => {
    const explanation = route("http://shop.example.com/api/users", { ingress: API });
    expect(describeRoute(explanation)).toEqual([
      "Host rule shop.example.com takes the request.",
      "No path rule of shop.example.com covers /api/users.",
      "The request falls to GKE's default backend.",
      "Expected answer: 404, written by GKE's default backend.",
      "Came close: path rule /api (Exact, spec.rules[0].http.paths[0]) matches that path only; /api/users lies below it.",
    ]);
  });

  it("falls to a default backend of one's own", () => {
    const ingress = build.ingress({ rules: API.rules, defaultBackend: build.toService("web", "http") });
    expect(route("http://other.example.com/", { ingress })).toMatchObject({
      hostRule: undefined,
      pathRule: { kind: "map-fallback" },
      backend: { service: "web", port: "http", systemDefault: false },
      answer: "served",
    });
  });

  it("believes the findings about a backend", () => {
    const backend = "shop/web:80";
    const broken = route("http://shop.example.com/", {}, [finding({ backend })]);
    expect(broken).toMatchObject({ answer: "502", producer: "google-front-end", finding: "GID999" });
    const annotations = build.servedAnnotations({ "kubernetes.io/ingress.class": "gce-internal" });
    const internal = build.ingress({ annotations });
    expect(route("http://shop.example.com/", { ingress: internal }, [finding({ backend })])).toMatchObject({
      product: "internal",
      answer: "503",
      producer: "load-balancer",
    });
  });

  it("is not frozen by a warning, or by what happens behind the load balancer", () => {
    const warning = finding({ stage: "translation", severity: "warning" });
    const error = finding({ stage: "endpoints" });
    expect(route("http://shop.example.com/", {}, [warning, error]).frozen).toBe(false);
    const blocking = finding({ stage: "backend-sync" });
    expect(route("http://shop.example.com/", {}, [blocking]).frozen).toBe(true);
  });

  it("does not guess where endpoints could not be read", () => {
    const endpointSlices = unknown("endpointSlices", "forbidden", "permission to list endpointslices");
    const pods = unknown("pods", "forbidden", "permission to list pods");
    expect(route("http://shop.example.com/", { endpointSlices, pods })).toMatchObject({
      backend: { service: "web", pods: undefined },
      answer: "unknown",
    });
  });

  it("counts no pods of a Service without a selector", () => {
    const services = known([build.service({ selector: undefined })]);
    expect(route("http://shop.example.com/", { services }).backend?.pods).toBeUndefined();
  });

  it("ends at the connection when there is no load balancer", () => {
    for (const ingress of [
      build.ingress({ addresses: [] }),
      build.ingress({ annotations: stringMap({ "kubernetes.io/ingress.class": "nginx" }) }),
    ]) {
      expect(route("http://shop.example.com/", { ingress })).toMatchObject({ answer: "none", frozen: false });
    }
  });
});

describe("http and https", () => {
  const secret = [{ hosts: ["shop.example.com"], secretName: "shop-tls" }];

  it.each([
    ["no certificate", {}, "served", "none"],
    ["a Secret", { tls: secret }, "served", "served"],
    ["tls without a Secret", { tls: [{ hosts: ["shop.example.com"] }] }, "served", "none"],
    [
      "a pre-shared certificate",
      { more: { "ingress.gcp.kubernetes.io/pre-shared-cert": "c" } },
      "served",
      "served",
    ],
    [
      "http switched off",
      { tls: secret, more: { "kubernetes.io/ingress.allow-http": "false" } },
      "none",
      "served",
    ],
  ])("with %s", (_, { tls = [], more = {} }: Wish, http, https) => {
    const ingress = build.ingress({ tls, annotations: build.servedAnnotations(more) });
    expect(route("http://shop.example.com/", { ingress }).answer).toBe(http);
    expect(route("https://shop.example.com/", { ingress }).answer).toBe(https);
  });

  interface Wish {
    readonly tls?: readonly { readonly hosts: readonly string[]; readonly secretName?: string }[];
    readonly more?: Readonly<Record<string, string>>;
  }

  const wanting = (cls: string) =>
    build.ingress({
      tls: secret,
      annotations: build.servedAnnotations({
        "kubernetes.io/ingress.class": cls,
        "networking.gke.io/v1beta1.FrontendConfig": "web-fc",
      }),
    });
  const redirecting = known([build.frontendConfig({ redirectToHttps: { enabled: true } })]);

  it("redirects where the FrontendConfig says so", () => {
    const changes = { ingress: wanting("gce"), frontendConfigs: redirecting };
    expect(route("http://shop.example.com/", changes)).toMatchObject({
      answer: "redirect",
      producer: "load-balancer",
    });
    expect(route("https://shop.example.com/", changes).answer).toBe("served");
  });

  it("does not redirect on the internal product, or by a FrontendConfig that is absent", () => {
    const internal = { ingress: wanting("gce-internal"), frontendConfigs: redirecting };
    expect(route("http://shop.example.com/", internal).answer).toBe("served");
    const foreign = build.frontendConfig({
      ref: build.ref("networking.gke.io/v1beta1", "FrontendConfig", "web-fc", "elsewhere"),
      redirectToHttps: { enabled: true },
    });
    for (const frontendConfigs of [known([]), known([foreign])]) {
      const absent = { ingress: wanting("gce"), frontendConfigs };
      expect(route("http://shop.example.com/", absent).answer).toBe("served");
    }
  });

  it("does not guess where the FrontendConfig could not be read", () => {
    const frontendConfigs = unknown("frontendConfigs", "forbidden", "permission to list frontendconfigs");
    const explanation = route("http://shop.example.com/", { ingress: wanting("gce"), frontendConfigs });
    expect(explanation.answer).toBe("unknown");
    expect(describeRoute(explanation)[0]).toBe(
      "Whether the load balancer redirects http://shop.example.com to https could not be read.",
    );
  });
});

describe("an Ingress that GKE cannot translate", () => {
  const ingress = build.ingress({
    rules: [
      build.rule(
        "shop.example.com",
        build.path("/"),
        build.path("/api", "gone"),
        build.path("/img/*", "web"),
      ),
    ],
  });
  const missing = finding({
    code: "GID402",
    stage: "translation",
    symptoms: ["404"],
    subject: { ...ingress.ref, fieldPath: "spec.rules[0].http.paths[1].backend.service.name" },
  });

  it("names the rule that a request is meant for, though GKE refuses it", () => {
    const explanation = route("http://shop.example.com/api/users", { ingress }, [missing]);
    expect(explanation).toMatchObject({
      backend: { service: "gone", port: "80" },
      answer: "unknown",
      finding: "GID402",
      frozen: true,
    });
    expect(describeRoute(explanation)).toEqual([
      "Host rule shop.example.com takes the request.",
      "Path rule /api/* (Prefix /api, spec.rules[0].http.paths[1]) covers /api/users.",
      "Backend: Service shop/gone, port 80.",
      "Expected answer: not known (GID402).",
      "The load balancer still holds an older version of this Ingress, and answers from that.",
    ]);
  });

  it("takes a path that its type does not allow as written", () => {
    expect(route("http://shop.example.com/img/logo.png", { ingress }).pathRule).toMatchObject({
      path: "/img/*",
      source: { field: "spec.rules[0].http.paths[2]" },
    });
  });

  it("knows of no backend where a path names no Service", () => {
    const backend = { kind: "resource", resourceKind: "StorageBucket", name: "b" } as const;
    const rules = [build.rule("shop.example.com", build.path("/b", "web", { backend }))];
    expect(route("http://shop.example.com/b", { ingress: build.ingress({ rules }) })).toMatchObject({
      backend: undefined,
      answer: "unknown",
      frozen: true,
    });
  });

  it("is frozen for every other rule too", () => {
    expect(route("http://shop.example.com/", { ingress })).toMatchObject({ answer: "served", frozen: true });
  });
});
