import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { Diagnosis } from "../../src/diagnostics/diagnosis.ts";
import { desiredStatus } from "../../src/reconciler/status.ts";
import { MAX_STATUS_BYTES } from "../../src/reconciler/status-size.ts";
import type { IngressDiagnosisStatus } from "../../src/reconciler/status-types.ts";
import { reduceStatus } from "../../src/reconciler/stored-status.ts";
import { NOW, ref } from "../support/builders.ts";
import { backendDiagnosis, broken, diagnosis, finding, routeDiagnosis } from "../support/diagnoses.ts";
import { schemaProblems } from "../support/schema-problems.ts";

const SCHEMA = parse(readFileSync("deploy/crds/ingressdiagnoses.ingressdoctor.dev.yaml", "utf8")).spec
  .versions[0].schema.openAPIV3Schema.properties.status;
const HOUR = 60 * 60_000;

/** The status after `diagnosis`, with what the next one needs of it. */
function publish(value: Diagnosis, at: number, before?: IngressDiagnosisStatus): IngressDiagnosisStatus {
  const status = desiredStatus(value, before === undefined ? undefined : reduceStatus(before), at);
  expect(schemaProblems(SCHEMA, status)).toEqual([]);
  expect(Buffer.byteLength(JSON.stringify(status))).toBeLessThanOrEqual(MAX_STATUS_BYTES);
  return status;
}

test("a broken Ingress is told with its cause, its routes and what to change", () => {
  const status = publish(
    broken(finding(), {
      routes: [routeDiagnosis({ answer: "502", finding: "GID401" }), routeDiagnosis({ path: "/ok" })],
    }),
    NOW,
  );
  expect(status).toMatchObject({
    verdict: "Broken",
    symptom: "502",
    cause: { code: "GID401", reason: "ServiceMissing" },
    routesServed: "1/2",
    counts: { errors: 1, warnings: 0, hints: 0, routes: 2, routesServed: 1 },
    lastTransitionTime: "2026-11-23T12:00:00Z",
  });
  expect(status.findings[0]).toEqual({
    code: "GID401",
    reason: "ServiceMissing",
    severity: "error",
    symptoms: ["502"],
    subject: {
      apiVersion: "v1",
      kind: "Service",
      namespace: "shop",
      name: "web",
      fieldPath: "metadata.name",
    },
    message: "Service web does not exist.",
    fix: { summary: "Create Service web.", command: "kubectl apply -f service.yaml" },
  });
});

test("the same diagnosis gives the same bytes, whenever it is made", () => {
  const first = publish(broken(), NOW);
  const later = publish(broken(), NOW + 5 * HOUR, first);
  expect(JSON.stringify(later)).toBe(JSON.stringify(first));
});

test("keys come in the order of the API server, so that comparing needs no sorting", () => {
  const everything = {
    findings: [finding({ causedBy: "GID402", fix: { summary: "s", command: "c", patch: "p" } }), finding()],
    routes: [routeDiagnosis({ frozen: true, finding: "GID401" })],
    backends: [
      backendDiagnosis({ endpoints: { ready: 1, notReady: 0, inNeg: 1, healthy: 1, unhealthy: 0 } }),
    ],
    undecided: [{ question: "q", reason: "failed", needs: "n" } as const],
    suppressed: [{ code: "GID601", note: "n", until: "2027-01-31" }],
    settlesAt: NOW,
  };
  const status = publish(broken(finding(), everything), NOW);
  const sort = (_key: string, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value;
  expect(JSON.stringify(status)).toBe(JSON.stringify(status, sort));
});

describe("times of transition", () => {
  test("a condition keeps its time while its answer stays, whatever its message says", () => {
    const first = publish(broken(), NOW);
    const conditions = broken().conditions.map((condition) => ({ ...condition, message: "other words" }));
    const second = publish(broken(finding(), { conditions }), NOW + HOUR, first);
    expect(second.conditions.map(({ lastTransitionTime }) => lastTransitionTime)).toEqual(
      first.conditions.map(({ lastTransitionTime }) => lastTransitionTime),
    );
  });

  test("only the conditions that turn get a new time", () => {
    const first = publish(broken(), NOW);
    const second = publish(diagnosis(), NOW + HOUR, first);
    const turned = second.conditions.filter(({ lastTransitionTime }) => lastTransitionTime.includes("T13:"));
    expect(turned.map(({ type }) => type)).toEqual(["Ready", "RoutesResolved"]);
    expect(second.lastTransitionTime).toBe("2026-11-23T13:00:00Z");
  });

  test("another cause is a transition, although the verdict stays", () => {
    const first = publish(broken(), NOW);
    const second = publish(broken(finding({ code: "GID402", reason: "PortMissing" })), NOW + HOUR, first);
    expect(second.lastTransitionTime).toBe("2026-11-23T13:00:00Z");
  });
});

describe("limits", () => {
  const text = (length: number) => "x".repeat(length);

  test("lists are cut and what is left out is counted", () => {
    const status = publish(
      broken(finding(), {
        findings: [finding(), ...codes(79).map((code) => finding({ code, severity: "warning" }))],
        routes: codes(130).map((code) => routeDiagnosis({ path: `/${code}` })),
        backends: codes(60).map((code) => backendDiagnosis({ service: code.toLowerCase() })),
        undecided: codes(25).map((question) => ({ question, reason: "forbidden", needs: "permission" })),
        suppressed: codes(21).map((code) => ({ code, note: "known" })),
      }),
      NOW,
    );
    expect([status.findings.length, status.routes.length, status.backends?.length]).toEqual([50, 100, 50]);
    expect(status.counts).toEqual({
      errors: 1,
      warnings: 79,
      hints: 0,
      routes: 130,
      routesServed: 130,
      omittedFindings: 30,
      omittedRoutes: 30,
      omittedBackends: 10,
      omittedUndecided: 5,
      omittedSuppressed: 1,
    });
  });

  test("the cause stays in the list, wherever it stood", () => {
    const cause = finding({ code: "GID999", reason: "Last" });
    const status = publish(
      broken(cause, { findings: [...codes(70).map((code) => finding({ code })), cause] }),
      NOW,
    );
    expect(status.findings).toHaveLength(50);
    expect(status.findings.at(-1)?.code).toBe("GID999");
  });

  test("the worst case fits, with the cause in it", () => {
    const huge = "\u{1F6A8}".repeat(3000);
    const fix = { summary: huge, command: text(4096), patch: `${text(2000)}\n${text(2000)}` };
    const findings = codes(200).map((code) => finding({ code, message: huge, fix }));
    const status = publish(
      broken(finding({ message: huge, fix }), {
        findings: [...findings, finding({ message: huge, fix })],
        routes: codes(1000).map((code) =>
          routeDiagnosis({ path: `/${code}${text(100_000)}`, host: text(253) }),
        ),
        backends: codes(500).map((code) => backendDiagnosis({ service: code })),
        conditions: broken().conditions.map((condition) => ({ ...condition, message: huge })),
        summary: huge,
        addresses: codes(50),
      }),
      NOW,
    );
    expect(status.findings.some(({ code }) => code === "GID401")).toBe(true);
    expect(status.counts.routes).toBe(1000);
    expect(status.counts.omittedRoutes).toBe(1000 - status.routes.length);
  });

  test("one finding that alone is too large loses its command and patch", () => {
    const quotes = '"'.repeat(4096);
    const fix = { summary: "\u{1F6A8}".repeat(1024), command: quotes, patch: quotes };
    const huge = "\u{1F6A8}".repeat(1024);
    const conditions = broken().conditions.map((condition) => ({ ...condition, message: huge }));
    const only = finding({
      message: huge,
      fix,
      subject: { ...ref("v1", "Service", "web"), fieldPath: huge },
    });
    const status = publish(broken(only, { conditions, summary: huge, routes: [] }), NOW);
    expect(status.findings).toHaveLength(1);
  });

  test("a command or patch is shown whole or not at all", () => {
    const fix = { summary: "Do it.", command: text(4097), patch: "metadata:\n  name: \u001b[31mweb\n" };
    const [shown] = publish(broken(finding({ fix })), NOW).findings;
    expect(shown?.fix).toEqual({ summary: "Do it." });
    const multiline = { summary: "Do it.", patch: "metadata:\n  name: web\n" };
    expect(publish(broken(finding({ fix: multiline })), NOW).findings[0]?.fix).toEqual(multiline);
  });
});

test("control characters never reach the status", () => {
  const evil = "a\u001b[31m\u0000\u202eb";
  const status = publish(
    broken(finding({ message: evil }), {
      routes: [routeDiagnosis({ path: evil })],
      summary: evil,
      undecided: [{ question: evil, reason: "failed", needs: evil }],
      addresses: [evil],
    }),
    NOW,
  );
  const unsafe = [..."\u0000\u001b\u202e"].filter((char) =>
    Object.values(strings(status)).join().includes(char),
  );
  expect(unsafe).toEqual([]);
});

test("what two lists hold twice is shown once, because the schema calls them sets", () => {
  const status = publish(
    broken(finding({ symptoms: ["502", "502"] }), {
      backends: [backendDiagnosis(), backendDiagnosis()],
      addresses: ["203.0.113.10", "203.0.113.10"],
    }),
    NOW,
  );
  expect([status.backends?.length, status.addresses, status.findings[0]?.symptoms]).toEqual([
    1,
    ["203.0.113.10"],
    ["502"],
  ]);
});

describe("the reduced status", () => {
  test("does not depend on the order of keys", () => {
    const status = publish(broken(), NOW);
    const reversed = Object.fromEntries(Object.entries(status).reverse());
    expect(reduceStatus(reversed)?.digest).toBe(reduceStatus(status)?.digest);
  });

  test.each([[undefined], [null], [7], ["text"], [[]]])("of %j is nothing", (value) => {
    expect(reduceStatus(value)).toBeUndefined();
  });

  test("survives a status of another shape", () => {
    const odd = {
      verdict: 3,
      conditions: "no",
      findings: [null, { subject: [] }],
      cause: [],
      lastTransitionTime: "x",
    };
    expect(reduceStatus(odd)).toMatchObject({
      verdict: "",
      findings: [{ code: "", subject: "//" }],
      conditions: [],
    });
  });
});

/** Every string in a value, by path. */
function strings(value: unknown, path = ""): Record<string, string> {
  if (typeof value === "string") return { [path]: value };
  if (typeof value !== "object" || value === null) return {};
  return Object.assign({}, ...Object.entries(value).map(([key, inner]) => strings(inner, `${path}.${key}`)));
}

function codes(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `GID${String(index).padStart(3, "0")}`);
}
