import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { chartValues } from "../../scripts/generate-chart-values.ts";
import { MAX_SHARDS } from "../../src/reconciler/shard.ts";
import { LOG_LEVELS } from "../../src/telemetry/logger.ts";
import { CHART } from "./helm.ts";
import { ALTERNATIVES, allSettings } from "./values.ts";

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: unknown;
  readonly enum?: readonly string[];
  readonly maximum?: number;
}

const read = (file: string) => readFileSync(join(CHART, file), "utf8");
const schema: Schema & Readonly<Record<string, unknown>> = JSON.parse(read("values.schema.json"));
const defaults: unknown = parse(read("values.yaml"));
const paths = chartValues().map(({ path }) => path);

/** What a parent chart sets, not the user of this one. */
const OF_PARENT_CHARTS = ["global", "enabled"];

function at(path: string): Schema | undefined {
  return path.split(".").reduce<Schema | undefined>((found, key) => found?.properties?.[key], schema);
}

test("every value has a sentence, and so are there tests that it does something", () => {
  expect(paths.length).toBeGreaterThan(40);
  for (const { path, comment } of chartValues()) expect(comment, path).toMatch(/^[A-Z].*[.]$/);
  expect(Object.keys(ALTERNATIVES).sort()).toEqual([...paths].sort());
});

test("the schema knows exactly the values there are", () => {
  const groups = new Set(paths.flatMap((path) => ancestors(path)));
  for (const group of ["", ...groups]) {
    const node = group === "" ? schema : at(group);
    expect(node?.additionalProperties, group).toBe(false);
    const inside = paths
      .filter((path) => path.startsWith(group === "" ? "" : `${group}.`))
      .map((path) => path.slice(group === "" ? 0 : group.length + 1).split(".")[0]);
    const ofParent = group === "" ? OF_PARENT_CHARTS : [];
    const known = Object.keys(node?.properties ?? {}).filter((key) => !ofParent.includes(key));
    expect(known.sort(), group).toEqual([...new Set(inside)].sort());
  }
});

/** `a` and `a.b` for `a.b.c`. */
function ancestors(path: string): string[] {
  const keys = path.split(".");
  return keys.slice(1).map((_, index) => keys.slice(0, index + 1).join("."));
}

test("the schema accepts the defaults and every setting that is tested", () => {
  const validate = new Ajv({ allErrors: true, strict: false }).compile(schema);
  for (const [name, values] of [["the defaults", defaults] as const, ...allSettings()]) {
    expect(validate(values) ? [] : validate.errors, name).toEqual([]);
  }
});

test("the schema says of levels and shards what the controller says", () => {
  expect(at("logLevel")?.enum).toEqual(LOG_LEVELS);
  expect(at("sharding.shards")?.maximum).toBe(MAX_SHARDS);
});

test("chart, application and package have one version", () => {
  const { version } = JSON.parse(readFileSync(join(CHART, "../../package.json"), "utf8"));
  expect(parse(read("Chart.yaml"))).toMatchObject({ version, appVersion: version });
});
