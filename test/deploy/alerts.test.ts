import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { locateTool } from "../tools/tools.ts";

const ROOT = join(import.meta.dirname, "../..");
const RULES = readFileSync(join(ROOT, "charts/ingress-doctor/files/alerts.yaml"), "utf8");
const TESTS = join(import.meta.dirname, "alerts.promtool.yaml");

interface AlertingRule {
  readonly alert?: string;
  readonly expr: string;
  readonly labels?: { readonly severity?: string };
  readonly annotations?: {
    readonly summary: string;
    readonly description: string;
    readonly runbook_url: string;
  };
}

interface PromtoolCase {
  readonly alertname: string;
  readonly exp_alerts: readonly unknown[];
}

const { groups } = parse(RULES) as { groups: readonly { rules: readonly AlertingRule[] }[] };
const alerts = groups.flatMap(({ rules }) => rules).filter(({ alert }) => alert !== undefined);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ingress-doctor-alerts-"));
  // As the chart renders them without a base URL.
  writeFileSync(join(folder, "alerts.yaml"), RULES.replaceAll("RUNBOOKS", "docs"));
  copyFileSync(TESTS, join(folder, "tests.yaml"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function promtool(...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(locateTool("promtool"), args, {
    cwd: folder,
    encoding: "utf8",
  });
  return status === 0 ? "" : `${stdout}${stderr}`;
}

describe("the alerts", () => {
  it("are rules that Prometheus takes", () => {
    expect(promtool("check", "rules", "alerts.yaml")).toBe("");
  });

  it("fire at their times and are silent otherwise", () => {
    expect(promtool("test", "rules", "tests.yaml")).toBe("");
  });

  it.each(alerts.map((rule) => [rule.alert, rule] as const))("%s has a test for both", (alert) => {
    const cases = (
      parse(readFileSync(TESTS, "utf8")) as { tests: { alert_rule_test: PromtoolCase[] }[] }
    ).tests
      .flatMap(({ alert_rule_test }) => alert_rule_test)
      .filter(({ alertname }) => alertname === alert);
    expect(cases.some(({ exp_alerts }) => exp_alerts.length > 0)).toBe(true);
    expect(cases.some(({ exp_alerts }) => exp_alerts.length === 0)).toBe(true);
  });

  it.each(alerts.map((rule) => [rule.alert, rule] as const))("%s says what to do", (alert, rule) => {
    const headings = readFileSync(join(ROOT, "docs/alerts.md"), "utf8").match(/^## .*$/gm) ?? [];
    expect(["critical", "warning", "info"]).toContain(rule.labels?.severity);
    expect(headings).toContain(`## ${alert}`);
    expect(rule.annotations?.runbook_url).toBe(`RUNBOOKS/alerts.md#${alert?.toLowerCase()}`);
  });
});
