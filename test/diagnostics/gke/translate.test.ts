import { describe, expect, it } from "vitest";
import { lookupIn } from "../../../src/diagnostics/gke/lookup.ts";
import {
  type BackendTarget,
  type Translation,
  translateIngress,
} from "../../../src/diagnostics/gke/translate.ts";
import type { Ingress, IngressBackend, IngressRule } from "../../../src/model/ingress.ts";
import { known } from "../../../src/model/observed.ts";
import { stringMap } from "../../../src/model/refs.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import {
  backendConfig,
  ingress,
  notRead,
  path,
  rule,
  service,
  snapshot,
  systemDefaultBackend,
  toService,
} from "../../support/builders.ts";

const NEG = { "cloud.google.com/neg": '{"ingress":true}' };
const SERVICES = ["web", "api", "late"].map((name) => service({ name }));
const RESOURCE: IngressBackend = { kind: "resource", resourceKind: "Bucket", name: "assets" };

function translate(
  rules: readonly IngressRule[],
  changes: Partial<Ingress> = {},
  objects: Partial<Snapshot> = {},
): Translation {
  const given = snapshot({ services: known(SERVICES), ...objects });
  return translateIngress(ingress({ rules, ...changes }), lookupIn(given));
}

function name(target: BackendTarget | undefined): string {
  return target === undefined ? "nothing" : `${target.key} of ${target.origin.field || "GKE"}`;
}

/** The table as `host path -> service` lines. */
function lines({ table }: Translation): readonly string[] {
  return table.hosts.flatMap(({ host, paths }) =>
    paths.length === 0 ? [host] : paths.map((at) => `${host} ${at.path} -> ${at.target.key}`),
  );
}

const exact = (text: string, to = "web") => path(text, to, { pathType: "Exact" });
const asWritten = (text: string, to = "web") => path(text, to, { pathType: "ImplementationSpecific" });

describe("the table", () => {
  it("has hosts and paths in writing order, and knows where each target comes from", () => {
    const { table, errors, undecided, targets } = translate([
      rule("b.example.com", path("/x"), exact("/a", "api")),
      rule("*.example.com", asWritten("")),
    ]);
    expect(table.hosts.map(({ host }) => host)).toEqual(["b.example.com", "*.example.com"]);
    expect(table.hosts[0]?.paths.map((at) => [at.path, name(at.target)])).toEqual([
      ["/x", "shop/web:80 of spec.rules[0].http.paths[0]"],
      ["/x/*", "shop/web:80 of spec.rules[0].http.paths[0]"],
      ["/a", "shop/api:80 of spec.rules[0].http.paths[1]"],
    ]);
    expect(table.hosts[1]?.paths[0]).toMatchObject({
      path: "/*",
      target: {
        key: "shop/web:80",
        service: "shop/web",
        port: { number: 80 },
        origin: { kind: "path", field: "spec.rules[1].http.paths[0]", ruleIndex: 1, pathIndex: 0 },
        resolution: { known: true, value: { error: undefined } },
      },
    });
    expect({ errors, undecided }).toEqual({ errors: [], undecided: [] });
    expect(targets.map(name)).toEqual([
      "shop/web:80 of spec.rules[0].http.paths[0]",
      "shop/api:80 of spec.rules[0].http.paths[1]",
      "kube-system/default-http-backend:http of GKE",
    ]);
  });

  it("tells apart one port named in two ways, and resolves each way once", () => {
    const twice = { ...path("/b"), backend: toService("web", "http") };
    const { table } = translate([rule("", path("/a"), twice, path("/c"))]);
    const targets = table.hosts[0]?.paths.map(({ target }) => target) ?? [];
    expect([...new Set(targets.map(({ key }) => key))]).toEqual(["shop/web:80", "shop/web:http"]);
    expect(targets[4]?.resolution).toBe(targets[0]?.resolution);
    expect(targets[4]?.origin.field).toBe("spec.rules[0].http.paths[2]");
  });

  it("calls an empty host `*`", () => {
    expect(lines(translate([rule("", exact("/a"))]))).toEqual(["* /a -> shop/web:80"]);
  });

  it("skips a rule without http, which neither adds nor clears a host", () => {
    const bare: IngressRule = { host: "a.com", paths: undefined };
    const translation = translate([rule("a.com", exact("/a")), bare, { host: "b.com", paths: undefined }]);
    expect(lines(translation)).toEqual(["a.com /a -> shop/web:80"]);
    expect(translation).toMatchObject({ emptyRules: [1, 2], overwrittenHosts: [] });
  });

  it("keeps a host whose paths all failed", () => {
    expect(lines(translate([rule("a.com", path("/a", "gone"))]))).toEqual(["a.com"]);
  });
});

describe("a host that occurs twice", () => {
  it("keeps the paths and the place of its last rule", () => {
    const translation = translate([
      rule("a.com", exact("/1")),
      rule("b.com", exact("/2")),
      rule("a.com", exact("/3", "api")),
    ]);
    expect(lines(translation)).toEqual(["b.com /2 -> shop/web:80", "a.com /3 -> shop/api:80"]);
    expect(translation.overwrittenHosts).toEqual([{ host: "a.com", ruleIndex: 0, byRuleIndex: 2 }]);
  });

  it("may occur more often, or be the empty one", () => {
    const { overwrittenHosts } = translate([
      rule("", exact("/1")),
      rule("", exact("/2")),
      rule("", exact("/3")),
    ]);
    expect(overwrittenHosts).toEqual([
      { host: "*", ruleIndex: 0, byRuleIndex: 1 },
      { host: "*", ruleIndex: 1, byRuleIndex: 2 },
    ]);
  });

  it("loses paths to a rule whose own paths fail, and still reports the lost rule's errors", () => {
    const translation = translate([
      rule("a.com", exact("/1"), path("/a", "gone"), exact("/1")),
      rule("a.com", path("/2", "gone")),
    ]);
    expect(lines(translation)).toEqual(["a.com"]);
    expect(translation.errors.map(({ origin }) => origin.field)).toEqual([
      "spec.rules[0].http.paths[1]",
      "spec.rules[1].http.paths[0]",
    ]);
    expect(translation.overwrittenPaths).toEqual([]);
  });
});

describe("a path that occurs twice in one rule", () => {
  it("keeps its last place and backend", () => {
    const translation = translate([
      rule("", exact("/a"), exact("/b"), exact("/a", "api"), exact("/a", "late")),
    ]);
    expect(lines(translation)).toEqual(["* /b -> shop/web:80", "* /a -> shop/late:80"]);
    expect(
      translation.overwrittenPaths.map((lost) => [lost.host, lost.path, name(lost.lost), name(lost.by)]),
    ).toEqual([
      [
        "*",
        "/a",
        "shop/web:80 of spec.rules[0].http.paths[0]",
        "shop/late:80 of spec.rules[0].http.paths[3]",
      ],
      [
        "*",
        "/a",
        "shop/api:80 of spec.rules[0].http.paths[2]",
        "shop/late:80 of spec.rules[0].http.paths[3]",
      ],
    ]);
  });

  it("is compared as the URL map writes it, so Exact has no precedence", () => {
    expect(lines(translate([rule("", exact("/a"), path("/a", "api"))]))).toEqual([
      "* /a -> shop/api:80",
      "* /a/* -> shop/api:80",
    ]);
    expect(lines(translate([rule("", path("/a", "api"), exact("/a"))]))).toEqual([
      "* /a/* -> shop/api:80",
      "* /a -> shop/web:80",
    ]);
  });

  it("is not overwritten by the same path under another host", () => {
    const translation = translate([rule("a.com", exact("/a")), rule("b.com", exact("/a", "api"))]);
    expect(translation.table.hosts).toHaveLength(2);
    expect(translation).toMatchObject({ overwrittenPaths: [], overwrittenHosts: [] });
  });
});

describe("the default backend", () => {
  it("is GKE's own unless the Ingress names one, and every host shares it", () => {
    const { table } = translate([rule("a.com", exact("/a")), rule("b.com", exact("/b"))]);
    expect(name(table.fallback)).toBe("kube-system/default-http-backend:http of GKE");
    expect(table.fallback?.origin).toEqual({ kind: "system-default", field: "" });
    expect(table.hosts.map(({ fallback }) => fallback === table.fallback)).toEqual([true, true]);
  });

  it("is the Ingress's own where it names one", () => {
    const { table, targets } = translate([], { defaultBackend: toService("api", "http") });
    expect(table.hosts).toEqual([]);
    expect(table.fallback).toMatchObject({
      key: "shop/api:http",
      service: "shop/api",
      origin: { kind: "default", field: "spec.defaultBackend" },
    });
    expect(targets).toHaveLength(1);
  });

  it("is nothing, with GKE's own not asked for, when the Ingress's own fails", () => {
    const { table, errors } = translate([rule("", exact("/a"))], { defaultBackend: toService("gone") });
    expect(table.fallback).toBeUndefined();
    expect(table.hosts[0]?.fallback).toBeUndefined();
    expect(errors).toEqual([
      {
        kind: "service-not-found",
        object: "shop/gone",
        origin: { kind: "default", field: "spec.defaultBackend" },
        kept: false,
      },
    ]);
  });

  it("is nothing after an error that keeps a path", () => {
    const broken = service({
      name: "api",
      annotations: stringMap({ ...NEG, "cloud.google.com/app-protocols": "" }),
    });
    const { table, errors } = translate(
      [],
      { defaultBackend: toService("api") },
      { services: known([broken]) },
    );
    expect(table.fallback).toBeUndefined();
    expect(errors).toMatchObject([{ kind: "app-protocols", kept: false }]);
  });

  it("cannot be a resource", () => {
    const { table, errors } = translate([], { defaultBackend: RESOURCE });
    expect(table.fallback).toBeUndefined();
    expect(errors).toEqual([
      {
        kind: "resource-backend",
        object: "",
        resourceKind: "Bucket",
        name: "assets",
        origin: { kind: "default", field: "spec.defaultBackend" },
        kept: false,
      },
    ]);
  });

  it.each([
    [undefined, { kind: "service-not-found", object: "kube-system/default-http-backend" }],
    [
      systemDefaultBackend({ ports: [] }),
      { kind: "service-port-not-found", object: "kube-system/default-http-backend", port: { name: "http" } },
    ],
  ])("of GKE may be missing", (found, cause) => {
    const { table, errors } = translate([], {}, { systemDefaultBackend: known(found) });
    expect(table.fallback).toBeUndefined();
    expect(errors).toEqual([
      {
        kind: "default-backend",
        object: "kube-system/default-http-backend",
        cause,
        origin: { kind: "system-default", field: "" },
        kept: false,
      },
    ]);
  });
});

describe("errors", () => {
  it("come in the controller's order, rules first, and say whether the path stays", () => {
    const odd = service({
      name: "odd",
      annotations: stringMap({ ...NEG, "cloud.google.com/backend-config": "{}" }),
    });
    const translation = translate(
      [
        rule("", path("/a", "gone"), path("/b", "odd")),
        rule("a.com", { ...path("/c"), backend: RESOURCE }, path("/*")),
      ],
      { defaultBackend: toService("web", 1) },
      { services: known([...SERVICES, odd]) },
    );
    expect(
      translation.errors.map(({ kind, object, kept, origin }) => [kind, object, kept, origin.field]),
    ).toEqual([
      ["service-not-found", "shop/gone", false, "spec.rules[0].http.paths[0]"],
      ["backend-config", "shop/odd", true, "spec.rules[0].http.paths[1]"],
      ["resource-backend", "", false, "spec.rules[1].http.paths[0]"],
      ["path-type", "/*", false, "spec.rules[1].http.paths[1]"],
      ["service-port-not-found", "shop/web", false, "spec.defaultBackend"],
    ]);
    expect(lines(translation)).toEqual(["* /b -> shop/odd:80", "* /b/* -> shop/odd:80", "a.com"]);
  });

  it("are repeated for each place that has them", () => {
    const { errors } = translate([rule("", path("/a", "gone"), path("/b", "gone"))]);
    expect(errors.map(({ origin }) => origin.field)).toEqual([
      "spec.rules[0].http.paths[0]",
      "spec.rules[0].http.paths[1]",
    ]);
  });

  it("leave a path unread whose backend is gone", () => {
    expect(translate([rule("", path("/*", "gone"))]).errors.map(({ kind }) => kind)).toEqual([
      "service-not-found",
    ]);
  });

  it("may be two for one path: of a kept backend, and of the path that is dropped", () => {
    const odd = service({ annotations: stringMap({ ...NEG, "cloud.google.com/backend-config": "{}" }) });
    const { errors } = translate([rule("", path("/*"))], {}, { services: known([odd]) });
    expect(errors.map(({ kind, kept }) => [kind, kept])).toEqual([
      ["backend-config", false],
      ["path-type", false],
    ]);
  });
});

describe("the product", () => {
  it("of the class annotation decides about NEGs, for GKE's own backend, too", () => {
    const nodePort = service({ type: "NodePort", annotations: stringMap({}) });
    const modes = (className: string) => {
      const annotations = stringMap({ "kubernetes.io/ingress.class": className });
      const { table } = translate([rule("", exact("/a"))], { annotations }, { services: known([nodePort]) });
      return [table.hosts[0]?.paths[0]?.target, table.fallback].map((target) =>
        target?.resolution.known ? target.resolution.value.backend?.mode : undefined,
      );
    };
    expect(modes("gce")).toEqual(["instance-group", "instance-group"]);
    expect(modes("gce-internal")).toEqual(["neg", "neg"]);
    expect(modes("gce-regional-external")).toEqual(["neg", "neg"]);
    expect(modes("nginx")).toEqual(["instance-group", "instance-group"]);
  });
});

describe("what could not be read", () => {
  it("is no error: Services leave their paths in the table, marked", () => {
    const services = notRead("services");
    const { table, errors, undecided } = translate(
      [rule("", path("/a"), exact("/b", "api"))],
      {},
      { services },
    );
    expect(errors).toEqual([]);
    expect(undecided).toEqual([services]);
    expect(table.hosts[0]?.paths.map((at) => [at.path, at.target.key, at.target.resolution])).toEqual([
      ["/a", "shop/web:80", services],
      ["/a/*", "shop/web:80", services],
      ["/b", "shop/api:80", services],
    ]);
  });

  it("does not hide an error of the path itself", () => {
    const { errors } = translate([rule("", path("/*"))], {}, { services: notRead("services") });
    expect(errors.map(({ kind }) => kind)).toEqual(["path-type"]);
  });

  it("may be the system default backend, the only thing left open", () => {
    const systemDefault = notRead("systemDefaultBackend");
    const { table, errors, undecided } = translate([], {}, { systemDefaultBackend: systemDefault });
    expect(table.fallback?.resolution).toBe(systemDefault);
    expect({ errors, undecided }).toEqual({ errors: [], undecided: [systemDefault] });
  });

  it("may be BackendConfigs that a Service names", () => {
    const backendConfigs = notRead("backendConfigs");
    const configured = service({
      annotations: stringMap({ ...NEG, "cloud.google.com/backend-config": '{"default":"web-bc"}' }),
    });
    const translation = translate(
      [rule("", exact("/a"))],
      {},
      { services: known([configured]), backendConfigs },
    );
    expect(translation).toMatchObject({ errors: [], undecided: [backendConfigs] });
    expect(lines(translation)).toEqual(["* /a -> shop/web:80"]);
  });

  it("does not matter where nothing asks for it", () => {
    const blind = { backendConfigs: notRead("backendConfigs"), secrets: notRead("secrets") };
    expect(translate([rule("", exact("/a"))], {}, blind).undecided).toEqual([]);
    expect(
      translate(
        [],
        { defaultBackend: toService("web") },
        {
          ...blind,
          systemDefaultBackend: notRead("systemDefaultBackend"),
          backendConfigs: known([backendConfig()]),
        },
      ).undecided,
    ).toEqual([]);
  });
});
