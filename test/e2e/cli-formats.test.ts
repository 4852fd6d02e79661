import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import formats from "ajv-formats";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { ingressDoctor } from "../cli/command.ts";
import { documents, ingressYaml, serviceYaml } from "../cli/inventories.ts";
import { junitProblems } from "../support/junit-problems.ts";
import { SARIF_SCHEMA } from "../support/sarif-schema.ts";
import { schemaProblems } from "../support/schema-problems.ts";

const CRD = parse(
  readFileSync(
    join(import.meta.dirname, "../../deploy/crds/ingressdiagnoses.ingressdoctor.dev.yaml"),
    "utf8",
  ),
);

const HOSTILE = "'we|b`<b>&]]>\"'";

/** Manifests with every kind of outcome, and some that try to break out of each format. */
const INPUTS = {
  examples: ["examples", ""],
  "hostile names": [
    "-",
    documents(ingressYaml("web", HOSTILE), serviceYaml("web"), ingressYaml("ok", "ok"), serviceYaml("ok")),
  ],
} as const;

async function run(input: keyof typeof INPUTS, format: string): Promise<string> {
  const [path, stdin] = INPUTS[input];
  const { code, out } = await ingressDoctor(["diagnose", "-f", path, "-o", format, "--hints"], stdin);
  expect(code).toBe(1);
  return out;
}

describe.each(Object.keys(INPUTS) as (keyof typeof INPUTS)[])("%s", (input) => {
  test("json and yaml hold the same resources, each by the schema of its definition", async () => {
    const [json, yaml] = await Promise.all([run(input, "json"), run(input, "yaml")]);
    const list = JSON.parse(json);
    expect(parse(yaml)).toEqual(list);
    expect(list).toMatchObject({ apiVersion: "v1", kind: "List" });
    const [version] = CRD.spec.versions;
    for (const { apiVersion, kind, metadata, status } of list.items) {
      expect({ apiVersion, kind }).toEqual({
        apiVersion: `${CRD.spec.group}/${version.name}`,
        kind: CRD.spec.names.kind,
      });
      expect(metadata.name).toMatch(/^[a-z-]+$/);
      expect(schemaProblems(version.schema.openAPIV3Schema.properties.status, status)).toEqual([]);
    }
  });

  test("sarif is SARIF 2.1.0, and its results name rules that it describes", async () => {
    const log = JSON.parse(await run(input, "sarif"));
    const ajv = new Ajv({ allErrors: true });
    formats.default(ajv);
    const validate = ajv.compile(SARIF_SCHEMA);
    validate(log);
    expect(validate.errors).toBeNull();
    const [{ tool, results }] = log.runs;
    const described = new Set(tool.driver.rules.map(({ id }: { id: string }) => id));
    expect(new Set(results.map(({ ruleId }: { ruleId: string }) => ruleId))).toEqual(described);
  });

  test("junit is well-formed and counts what it holds", async () => {
    expect(junitProblems(await run(input, "junit"))).toEqual([]);
  });

  test("markdown has whole tables and closed code blocks, and no markup of foreign text", async () => {
    const lines = (await run(input, "markdown")).split("\n");
    const rows = lines.filter((line) => line.startsWith("|"));
    expect(rows.length).toBeGreaterThan(2);
    expect(new Set(rows.map((row) => row.replaceAll("\\|", "").split("|").length))).toEqual(new Set([7]));
    expect(lines.filter((line) => line.startsWith("```")).length % 2).toBe(0);
    const prose = lines.join("\n").replace(/(`{3,})[\s\S]*?\n\1/g, "");
    expect(prose).not.toMatch(/(?<!\\)</);
  });
});

test("the checks themselves notice a broken report", () => {
  const head = '<?xml version="1.0" encoding="UTF-8"?>\n';
  const suite = (inner: string) => `${head}<testsuite name="a" tests="1">${inner}</testsuite>`;
  expect(junitProblems(suite("<testcase/>"))).toEqual(["testsuite stands in ", "testcase lacks name"]);
  expect(junitProblems(`${head}<testsuites tests="2"><a & b></testsuites>`)).toHaveLength(1);
  const validate = new Ajv({ formats: { uri: true, "uri-reference": true } }).compile(SARIF_SCHEMA);
  expect(validate({ version: "2.1.0", runs: [{ results: [] }] })).toBe(false);
});
