import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { desiredStatus } from "../../../src/reconciler/status.ts";
import { reduceStatus } from "../../../src/reconciler/stored-status.ts";
import { locateBinaries } from "../../controlplane/binaries.ts";
import { TestClient } from "../../controlplane/client.ts";
import type { Manifest } from "../../controlplane/kube-object.ts";
import { writeKubeconfig } from "../../controlplane/kubeconfig.ts";
import { createNamespace } from "../../controlplane/namespace.ts";
import { NOW } from "../../support/builders.ts";
import { backendDiagnosis, broken, finding, routeDiagnosis } from "../../support/diagnoses.ts";
import { DIAGNOSIS, type Diagnosis, installDeploy, refusal } from "./cluster.ts";

const { kubectl } = await locateBinaries();

let client: TestClient;
let namespace: string;
let directory: string;
beforeAll(async () => {
  client = new TestClient(inject("controlPlane"));
  await installDeploy(client);
  namespace = await createNamespace(client, "resource");
  directory = mkdtempSync(join(tmpdir(), "ingress-doctor-kubectl-"));
});
afterAll(async () => {
  rmSync(directory, { recursive: true });
  await client.close();
});

function manifest(name: string, status?: unknown): Manifest {
  const metadata = { name, namespace };
  return {
    apiVersion: "ingressdoctor.dev/v1alpha1",
    kind: "IngressDiagnosis",
    metadata,
    ...(status ? { status } : {}),
  };
}

async function store(name: string, status: unknown): Promise<Diagnosis> {
  await client.apply(manifest(name));
  return client.applyStatus<Diagnosis>(manifest(name, status));
}

const GOOD = desiredStatus(broken(), undefined, NOW);

test("a status is stored as it was sent", async () => {
  const { status } = await store("good", GOOD);
  expect(status).toEqual(GOOD);
  expect(reduceStatus(status)?.digest).toBe(reduceStatus(GOOD)?.digest);
});

test("the largest status is accepted and stored as it was sent", async () => {
  const many = <T>(count: number, make: (index: number) => T) =>
    Array.from({ length: count }, (_, index) => make(index));
  const message = "\u{1F6A8}".repeat(2000);
  const value = broken(finding(), {
    findings: many(200, (index) =>
      finding({ message, subject: { ...finding().subject, name: `web-${index}` } }),
    ),
    routes: many(300, (index) => routeDiagnosis({ path: `/${index}/${"x".repeat(5000)}` })),
    backends: many(100, (index) => backendDiagnosis({ service: `web-${index}` })),
    summary: message,
  });
  const largest = desiredStatus(value, undefined, NOW);
  expect((await store("largest", largest)).status).toEqual(largest);
});

describe("a malformed status is refused", () => {
  const [good] = GOOD.findings;
  test.each([
    ["another verdict", { verdict: "Fine" }],
    ["another symptom", { symptom: "500" }],
    ["no verdict", { verdict: undefined }],
    ["a summary of another type", { summary: 7 }],
    ["a summary that is too long", { summary: "x".repeat(1025) }],
    ["too many findings", { findings: Array(51).fill(good) }],
    ["a code of another form", { findings: [{ ...good, code: "GID4" }] }],
    ["a finding without a fix", { findings: [{ ...good, fix: undefined }] }],
    ["a symptom twice", { findings: [{ ...good, symptoms: ["502", "502"] }] }],
    ["a condition twice", { conditions: [GOOD.conditions[0], GOOD.conditions[0]] }],
    ["a condition of another type", { conditions: [{ ...GOOD.conditions[0], type: "Sunny" }] }],
    ["a backend twice", { backends: [GOOD.backends?.[0], GOOD.backends?.[0]] }],
    ["a negative count", { counts: { ...GOOD.counts, errors: -1 } }],
    ["a time that is none", { lastTransitionTime: "yesterday" }],
    ["a cause that is not among the findings", { cause: { code: "GID999", reason: "Other" } }],
    ["routes that contradict the counts", { routesServed: "1/1" }],
  ])("%s", async (_what, changes) => {
    await client.apply(manifest("bad"));
    const { statusCode } = await refusal(client.applyStatus(manifest("bad", { ...GOOD, ...changes })));
    expect([400, 422, 500]).toContain(statusCode);
    expect((await client.get<Diagnosis>(DIAGNOSIS, "bad", namespace)).status).toBeUndefined();
  });
});

test("the columns show verdict, symptom, cause, routes and address, and with -o wide the summary", async () => {
  await store("columns", GOOD);
  const lines = (await client.printTable(DIAGNOSIS, { namespace })).split("\n");
  expect(lines[0]?.split(/ {2,}/)).toEqual([
    "NAME",
    "VERDICT",
    "SYMPTOM",
    "CAUSE",
    "ROUTES",
    "ADDRESS",
    "AGE",
  ]);
  const line = lines.find((text) => text.startsWith("columns"))?.split(/ {2,}/);
  expect(line?.slice(1, 6)).toEqual(["Broken", "502", "ServiceMissing", "0/1", "203.0.113.10"]);
  const wide = await client.printTable(DIAGNOSIS, { namespace, wide: true });
  expect(wide).toContain("Service web does not exist.");
});

describe.skipIf(kubectl === undefined)("kubectl", () => {
  function run(...args: readonly string[]): string {
    const kubeconfig = join(directory, "kubeconfig");
    writeKubeconfig(kubeconfig, inject("controlPlane"), namespace);
    return execFileSync(kubectl ?? "", ["--kubeconfig", kubeconfig, ...args], { encoding: "utf8" });
  }

  test("explains findings in sentences, every field of them", () => {
    const text = run("explain", "ingressdiagnosis.status.findings");
    expect(text).toContain("Everything that is wrong or worth knowing, the worst first, at most 50.");
    for (const field of ["causedBy", "code", "fix", "message", "reason", "severity", "subject", "symptoms"]) {
      expect(text).toMatch(new RegExp(`\\n {2}${field}\\t<.*>.*\\n( {2}enum: .*\\n)? {4}[A-Z\`].*[^\\n]`));
    }
    expect(text).toContain("What to change so that the finding goes away.");
  });

  test("describes every field there is", () => {
    const fields = run("explain", "ingressdiagnosis.status", "--recursive").match(/^ {2,}\w+\t</gm) ?? [];
    expect(fields.length).toBeGreaterThan(60);
    expect(run("explain", "ingressdiagnosis.status")).not.toContain("<no description>");
  });

  test("knows the short name, and waits for a condition", async () => {
    const ready = GOOD.conditions.map((condition) => ({ ...condition, status: "True" }));
    await store("waiting", { ...GOOD, conditions: ready });
    expect(run("get", "ingdx", "waiting", "-o", "name")).toBe("ingressdiagnosis.ingressdoctor.dev/waiting\n");
    expect(run("wait", "--for=condition=Ready", "ingdx/waiting", "--timeout=10s")).toContain("condition met");
  });
});
