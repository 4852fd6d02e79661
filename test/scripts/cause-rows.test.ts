import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { CAUSE_ROWS } from "../../scripts/cause-rows.ts";
import { RULES } from "../../src/diagnostics/registry.ts";
import { describeWithShared, sharedPath } from "../support/shared.ts";

it("names only rows that exist in a rule", () => {
  const ids = new Set(CAUSE_ROWS.map((row) => row.id));
  const strangers = RULES.flatMap((rule) =>
    rule.rows.filter((id) => !ids.has(id)).map((id) => `${rule.code} ${id}`),
  );
  expect(strangers).toEqual([]);
});

it("leaves no frequent cause without a rule or a later source", () => {
  const covered = new Set(RULES.flatMap((rule) => rule.rows));
  const open = CAUSE_ROWS.filter(
    (row) => row.frequency !== "rare" && row.later === undefined && !covered.has(row.id),
  );
  expect(open.map((row) => row.id)).toEqual([]);
});

describeWithShared("the list of reported causes", () => {
  it("is the collected one, with the collected frequencies", () => {
    const text = readFileSync(sharedPath("reference", "causes.md"), "utf8");
    const rows = [...text.matchAll(/^\| ([A-Z]+-\d+) \|.*\| (very|often|rare) \|$/gm)].map(
      ([, id, frequency]) => [id, frequency],
    );
    expect(CAUSE_ROWS.map((row) => [row.id, row.frequency])).toEqual(rows);
  });
});
