import { describe, expect, it } from "vitest";
import { diagnose } from "../../src/diagnostics/engine.ts";
import { RULES } from "../../src/diagnostics/registry.ts";
import { defineRule } from "../../src/diagnostics/rule.ts";
import { known } from "../../src/model/observed.ts";
import { stringMap } from "../../src/model/refs.ts";
import {
  endpoint,
  event,
  freshAnnotations,
  ingress,
  NOW,
  negName,
  notRead,
  path,
  pod,
  rule,
  servedAnnotations,
  service,
  servicePort,
  slice,
  snapshot,
  toService,
} from "../support/builders.ts";
import { blinded, deepFreeze, reversed } from "../support/rule-harness.ts";

const missingService = snapshot({ services: known([]) });
const justCreated = { createdAt: NOW - 60_000, changedAt: NOW - 60_000 };

describe("the verdict", () => {
  it("is Healthy where every route is expected to be served", () => {
    const diagnosis = diagnose(snapshot());
    expect(diagnosis).toMatchObject({ verdict: "Healthy", symptom: "none", applicable: true });
    expect(diagnosis.cause).toBeUndefined();
    expect(diagnosis.findings.filter((finding) => finding.severity !== "info")).toEqual([]);
    expect(diagnosis.routes.map((route) => route.answer)).toEqual(["served"]);
    expect(diagnosis.settlesAt).toBeUndefined();
  });

  it("is Broken without an address, and names the cause, not the missing address", () => {
    const diagnosis = diagnose({
      ...missingService,
      ingress: ingress({ addresses: [], annotations: freshAnnotations() }),
    });
    expect(diagnosis).toMatchObject({ verdict: "Broken", symptom: "no-address", cause: { code: "GID401" } });
    expect(diagnosis.findings.find((finding) => finding.code === "GID201")?.causedBy).toBe("GID401");
    expect(diagnosis.routes.map((route) => route.answer)).toEqual(["none"]);
  });

  it("is Degraded and stale where an old load balancer still serves", () => {
    const diagnosis = diagnose(missingService);
    expect(diagnosis).toMatchObject({ verdict: "Degraded", symptom: "stale", cause: { code: "GID401" } });
    expect(diagnosis.routes.map((route) => [route.answer, route.frozen])).toEqual([["unknown", true]]);
  });

  it("is Broken where no route works, Degraded where some do", () => {
    const rules = [rule("shop.example.com", path("/"), path("/api", "api"))];
    const api = { ref: service({ name: "api" }).ref, service: "api" };
    const broken = (webToo: boolean) =>
      diagnose(
        snapshot({
          ingress: ingress({ rules }),
          services: known([service(), service({ name: "api" })]),
          pods: known(webToo ? [] : [pod(1), pod(2)]),
          endpointSlices: known([slice(webToo ? { endpoints: [] } : {}), slice({ ...api, endpoints: [] })]),
        }),
      );
    expect(broken(false).verdict).toBe("Degraded");
    expect(broken(false).routes.map((route) => route.answer)).toEqual(["served", "502"]);
    expect(broken(true).verdict).toBe("Broken");
  });

  it("is Progressing inside the propagation window, until the load balancer confirms the change", () => {
    const young = snapshot({
      ingress: ingress(justCreated),
      events: known([event({ firstAt: NOW - 5000, lastAt: NOW - 5000 })]),
    });
    expect(diagnose(young)).toMatchObject({ verdict: "Progressing", settlesAt: NOW + 14 * 60_000 });
    const withoutAddress = ingress({ ...justCreated, addresses: [], annotations: freshAnnotations() });
    expect(diagnose({ ...young, ingress: withoutAddress }).verdict).toBe("Progressing");
    const confirmed = event({ message: 'UrlMap "k8s2-um-x-shop-web-y" created', lastAt: NOW - 45_000 });
    expect(diagnose({ ...young, events: known([confirmed]) }).verdict).toBe("Healthy");
  });

  it("reports at once what time cannot cure", () => {
    expect(diagnose({ ...missingService, ingress: ingress(justCreated) }).cause?.code).toBe("GID401");
  });

  it("is Unknown where what carries a request cannot be read", () => {
    const diagnosis = diagnose(blinded(snapshot()));
    expect(diagnosis).toMatchObject({ verdict: "Unknown", symptom: "none" });
    expect(diagnosis.findings.filter((finding) => finding.severity !== "info")).toEqual([]);
    expect(diagnosis.undecided.map((entry) => entry.needs)).toContain("permission to list services");
  });

  it("stays Healthy where only extras cannot be read, and says what is open", () => {
    const diagnosis = diagnose(snapshot({ workloads: notRead("workloads") }));
    expect(diagnosis.verdict).toBe("Healthy");
    expect(diagnosis.undecided.map((entry) => entry.needs)).toContain("permission to list workloads");
  });

  it("does not apply to another controller's Ingress that is served", () => {
    const annotations = stringMap({ "kubernetes.io/ingress.class": "nginx" });
    const diagnosis = diagnose(snapshot({ ingress: ingress({ annotations, finalizers: [] }) }));
    expect(diagnosis).toMatchObject({ applicable: false, verdict: "Unknown", findings: [], undecided: [] });
  });
});

describe("the engine", () => {
  it("contains a rule that throws, and says that it failed", () => {
    const throwing = defineRule({
      ...(RULES[0] as (typeof RULES)[number]),
      code: "GID999",
      slug: "always-throws",
      check() {
        throw new TypeError("cannot read properties of undefined");
      },
    });
    const diagnosis = diagnose(missingService, [throwing, ...RULES]);
    expect(diagnosis.cause?.code).toBe("GID401");
    expect(diagnosis.undecided.map((entry) => entry.question)).toContain("Does GID999 (always-throws) hold?");
  });

  it("gives the same value for the same objects in any order, and writes to none of them", () => {
    const given = deepFreeze({ ...missingService, pods: known([pod(1, { ready: false }), pod(2)]) });
    expect(diagnose(reversed(given))).toEqual(diagnose(given));
  });

  it("leaves out what the owner chose to ignore, and says so", () => {
    const annotations = servedAnnotations({
      "ingressdoctor.dev/ignore": "GID401: the Service comes with the next release",
    });
    const diagnosis = diagnose({ ...missingService, ingress: ingress({ annotations }) });
    expect(diagnosis.findings.map((finding) => finding.code)).not.toContain("GID401");
    expect(diagnosis.suppressed).toEqual([
      { code: "GID401", note: "the Service comes with the next release" },
    ]);
  });

  it("cleans hostile names and annotations, and expands no placeholder in them", () => {
    const hostile = "\u001b[31m{service}\u202e__proto__";
    const diagnosis = diagnose(
      snapshot({
        ingress: ingress({
          rules: [rule("shop.example.com", path("/", hostile))],
          annotations: servedAnnotations({
            constructor: hostile,
            "cloud.google.com/backend-config": hostile,
          }),
        }),
      }),
    );
    const text = JSON.stringify(
      diagnosis.findings.map(({ message, subject, fix }) => [message, subject, fix]),
    );
    expect(diagnosis.cause?.code).toBe("GID401");
    expect(text).toContain("{service}");
    for (const unsafe of ["\u001b", "\u202e"]) expect(text).not.toContain(unsafe);
  });

  it("judges a Service with 10,000 endpoints in bounded text", () => {
    const count = 10_000;
    const endpoints = Array.from({ length: count }, (_, index) => endpoint(index, { ready: false }));
    const pods = Array.from({ length: count }, (_, index) => pod(index, { ready: false }));
    const annotations = servedAnnotations({
      "ingress.kubernetes.io/backends": JSON.stringify({ [negName("web")]: "UNHEALTHY" }),
    });
    const diagnosis = diagnose(
      snapshot({
        ingress: ingress({ annotations }),
        pods: known(pods),
        endpointSlices: known([slice({ endpoints })]),
      }),
    );
    expect(diagnosis.backends[0]?.endpoints).toMatchObject({ ready: 0, notReady: count });
    for (const finding of diagnosis.findings) expect(finding.message.length).toBeLessThanOrEqual(1024);
    expect(diagnosis.findings.length).toBeLessThan(50);
  });
});

describe("the conditions", () => {
  const conditions = (given = snapshot()) =>
    Object.fromEntries(
      diagnose(given).conditions.map(({ type, status, reason }) => [type, `${status} ${reason}`]),
    );

  it("walk the checklist of a healthy Ingress", () => {
    expect(conditions()).toEqual({
      Ready: "True Healthy",
      Accepted: "True ClassMatches",
      AddressAssigned: "True Assigned",
      RoutesResolved: "True Resolved",
      EndpointsReady: "True Ready",
      HealthChecksPassing: "True Reported",
      NegsSynced: "True Synced",
      Settled: "True Settled",
    });
  });

  it("name the rule at the step that fails, and leave later steps open", () => {
    expect(conditions(missingService)).toMatchObject({
      Ready: "False ServiceMissing",
      RoutesResolved: "False ServiceMissing",
      EndpointsReady: "Unknown NotReached",
      HealthChecksPassing: "Unknown NotReached",
    });
  });
});

describe("findings", () => {
  it.each([
    ["a command that is too long", `kubectl ${"x".repeat(5000)}`],
    ["a command with a character that would have to be replaced", "kubectl patch \u202e"],
  ])("come without %s: another one could do harm", (_, command) => {
    const offering = defineRule({
      ...(RULES[0] as (typeof RULES)[number]),
      messages: { found: "Found." },
      check: ({ ingress: { ref } }, report) =>
        report(
          "found",
          { subject: { ...ref, apiVersion: "v1", kind: "Ingress" }, fix: { command, patch: "a: 1\n" } },
          {},
        ),
    });
    const [finding] = diagnose(snapshot(), [offering]).findings;
    expect(finding?.fix).toEqual({ summary: offering.fix, patch: "a: 1\n" });
  });

  it("are kept apart for two ports of one Service that fail alike", () => {
    const ports = [servicePort(), servicePort({ name: "admin", port: 90 })];
    const rules = [
      rule("shop.example.com", path("/"), path("/admin", "web", { backend: toService("web", 90) })),
    ];
    const diagnosis = diagnose(
      snapshot({
        ingress: ingress({
          rules,
          annotations: servedAnnotations({ "ingress.kubernetes.io/backends": undefined }),
        }),
        services: known([service({ ports })]),
        pods: known([]),
        endpointSlices: known([slice({ endpoints: [] })]),
      }),
    );
    const backends = diagnosis.findings.filter(({ code }) => code === "GID507").map(({ backend }) => backend);
    expect(backends).toEqual(["shop/web:80", "shop/web:90"]);
  });
});
