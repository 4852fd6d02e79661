import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { RETIRED, RULES } from "../../../src/diagnostics/registry.ts";
import type { RuleCases } from "../../support/rule-cases.ts";
import { blinded, deepFreeze, judge, readsOf, reversed, shown } from "../../support/rule-harness.ts";

const RULE_FOLDER = join(import.meta.dirname, "../../../src/diagnostics/rules");
const INGRESS_ONLY: ReadonlySet<string> = new Set(["ingress", "ownership", "routes", "now", "settling"]);

const allCases: readonly RuleCases[] = await Promise.all(
  filesBelow(import.meta.dirname, ".cases.ts").map(async (file) => (await import(file)).default),
);

describe.each(allCases.map((cases) => [`${cases.rule.code} ${cases.rule.slug}`, cases] as const))(
  "%s",
  (_, cases) => {
    const { rule, healthy, broken, undecided } = cases;
    const readsIngressOnly = rule.reads.every((name) => INGRESS_ONLY.has(name));

    it.each(healthy.map((one) => [one.name, one.given] as const))("is silent: %s", (_name, given) => {
      const result = judge(rule, given);
      expect(result.findings.map((finding) => finding.message)).toEqual([]);
      expect(result.undecided).toEqual([]);
    });

    it.each(broken.map((one) => [one.name, one] as const))("reports: %s", (_name, { given, want }) => {
      const { findings } = judge(rule, given);
      const byText = [...want].sort((a, b) => (a.text < b.text ? -1 : 1));
      const found = [...findings].sort((a, b) => (a.message < b.message ? -1 : 1));
      expect(found.map((finding, index) => shown(finding, byText[index]))).toEqual(byText);
    });

    it.each(undecided.map((one) => [one.name, one] as const))(
      "is undecided: %s",
      (_name, { given, source }) => {
        const result = judge(rule, given);
        expect(result.findings.map((finding) => finding.message)).toEqual([]);
        expect(result.undecided.map((entry) => entry.source)).toContain(source);
      },
    );

    it("has a case of every kind", () => {
      expect(healthy.length, "healthy").toBeGreaterThan(0);
      expect(broken.length, "broken").toBeGreaterThan(0);
      if (!readsIngressOnly) expect(undecided.length, "undecided").toBeGreaterThan(0);
    });

    it("reports every message it declares", () => {
      const texts = broken.flatMap(({ given }) =>
        judge(rule, given).findings.map((finding) => finding.message),
      );
      for (const [id, template] of Object.entries(rule.messages)) {
        const pattern = template
          .split(/\{\w+\}/)
          .map(escapeRegExp)
          .join("[\\s\\S]*");
        expect(
          texts.some((text) => new RegExp(`^${pattern}$`).test(text)),
          `message ${id}`,
        ).toBe(true);
      }
    });

    it("reads what it declares", () => {
      const seen = new Set<string>();
      for (const { given } of [...healthy, ...broken, ...undecided]) {
        for (const name of readsOf(rule, given)) seen.add(name);
      }
      expect([...rule.reads].sort()).toEqual([...seen].sort());
    });

    it("survives frozen input and does not depend on order", () => {
      for (const { given } of broken) {
        const straight = judge(rule, deepFreeze(given)).findings;
        expect(judge(rule, reversed(given)).findings).toEqual(straight);
      }
    });

    it("reports nothing false, and does not throw, when nothing else can be read", () => {
      for (const { given } of broken) {
        const blind = judge(rule, blinded(given)).findings.map((finding) => finding.message);
        if (readsIngressOnly)
          expect(blind).toEqual(judge(rule, given).findings.map((finding) => finding.message));
      }
    });
  },
);

describe("the registry", () => {
  it("lists exactly the rule files, sorted by code", async () => {
    const files = filesBelow(RULE_FOLDER, ".ts");
    const rules = await Promise.all(files.map(async (file) => (await import(file)).default));
    expect(RULES.map((rule) => rule.slug).sort()).toEqual(files.map((file) => basename(file, ".ts")).sort());
    expect(new Set(RULES)).toEqual(new Set(rules));
    expect(RULES.map((rule) => rule.code)).toEqual(RULES.map((rule) => rule.code).sort());
  });

  it("has a file of cases for every rule", () => {
    expect(allCases.map((cases) => cases.rule.code).sort()).toEqual(RULES.map((rule) => rule.code));
  });

  it.each(RULES.map((rule) => [rule.code, rule] as const))("%s is well formed", (code, rule) => {
    expect(code).toMatch(/^GID\d{3}$/);
    expect(RETIRED).not.toContain(code);
    expect(RULES.filter((other) => other.code === code)).toHaveLength(1);
    expect(rule.slug).toMatch(/^[a-z]+(-[a-z0-9]+)*$/);
    for (const sentence of [rule.summary, rule.why, rule.fix]) expect(sentence).toMatch(/^[A-Z`].*\.$/s);
    expect(rule.confirm.length).toBeGreaterThan(0);
    expect(rule.sources.length).toBeGreaterThan(0);
    for (const message of Object.values(rule.messages)) {
      expect(message, "a message states facts; advice is the fix").not.toMatch(
        /\b(please|should|must|try|you)\b/i,
      );
      expect(message).toMatch(/\.$/);
    }
  });
});

function filesBelow(folder: string, suffix: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(suffix))
    .map((file) => join(folder, file))
    .sort();
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
