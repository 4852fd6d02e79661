import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { buildTopology } from "../src/diagnostics/build-topology.ts";
import { compareFindings, type Finding } from "../src/diagnostics/finding.ts";
import { HOPS, hopOf } from "../src/diagnostics/hops.ts";
import { RULES } from "../src/diagnostics/registry.ts";
import { runRule } from "../src/diagnostics/report.ts";
import { type Rule, reasonOf } from "../src/diagnostics/rule.ts";
import type { RuleCases } from "../test/support/rule-cases.ts";
import { type Generator, ROOT } from "./generator.ts";

const CASES = new URL("test/diagnostics/rules/", ROOT);

/** Cases of every rule, by code. */
export const ruleCasesByCode: ReadonlyMap<string, RuleCases> = new Map(
  await Promise.all(
    readdirSync(CASES, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".cases.ts"))
      .map(async (file): Promise<[string, RuleCases]> => {
        const cases: RuleCases = (await import(fileURLToPath(new URL(file, CASES)))).default;
        return [cases.rule.code, cases];
      }),
  ),
);

/** One page for each rule and the index; the examples are what the rule says of its own tested cases. */
export const ruleDocs: Generator = {
  name: "rule pages",
  outputs() {
    const pages = RULES.map((rule): [string, string] => [`docs/rules/${rule.code}.md`, page(rule)]);
    return new Map([...pages, ["docs/rules/README.md", index()]]);
  },
};

function page(rule: Rule): string {
  const cases = ruleCasesByCode.get(rule.code);
  return [
    `# ${rule.code} ${reasonOf(rule.slug)}`,
    rule.summary,
    [
      `- Severity: **${rule.severity}**`,
      `- Seen as: ${rule.symptoms.join(", ") || "nothing a client notices"}`,
      `- Hop: ${hopOf(rule.code)?.title ?? ""}`,
      ...(rule.settles ? ["- Time may cure it: inside the propagation window it is held back."] : []),
      ...(rule.consequence ? ["- It shows an effect: a finding that names a cause is preferred."] : []),
    ].join("\n"),
    `## Why it matters\n\n${rule.why}`,
    `## What to do\n\n${rule.fix}`,
    `## How to see it by hand\n\n${fence("sh", rule.confirm.join("\n"))}`,
    ...(cases ? [examples(cases)] : []),
    `## Sources\n\n${rule.sources.map((source) => `- ${source}`).join("\n")}`,
    `<!-- Generated from src/diagnostics/rules and its tested cases by \`npm run gen\`. -->`,
  ]
    .join("\n\n")
    .concat("\n");
}

function examples({ rule, healthy, broken }: RuleCases): string {
  const shown = broken.slice(0, 3).map(({ name, given }) => {
    const [finding] = [...runRule(rule, buildTopology(given)).findings].sort(compareFindings);
    return `**Reported:** ${name}.\n\n${finding ? example(finding) : ""}`;
  });
  const silent = healthy.slice(0, 3).map(({ name }) => `- ${name}`);
  return ["## Examples", ...shown, `**Silent on:**\n\n${silent.join("\n")}`].join("\n\n");
}

function example({ message, fix }: Finding): string {
  return [
    fence("text", message),
    ...(fix.command ? [`The change it offers:\n\n${fence("sh", fix.command)}`] : []),
    ...(fix.patch ? [`The manifest it offers:\n\n${fence("yaml", fix.patch)}`] : []),
  ].join("\n\n");
}

function fence(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

function index(): string {
  const sections = HOPS.map(({ digit, title }) => {
    const rules = RULES.filter((rule) => rule.code[3] === digit);
    const rows = rules.map(
      (rule) =>
        `| [${rule.code}](${rule.code}.md) | ${reasonOf(rule.slug)} | ${rule.severity} | ${rule.symptoms.join(", ")} | ${rule.summary} |`,
    );
    return `## ${title}\n\n| code | reason | severity | seen as | what is wrong |\n| --- | --- | --- | --- | --- |\n${rows.join("\n")}`;
  });
  return `# Rules\n\n${RULES.length} rules along the path of a request. Each page is generated from the rule and its tests.\n\n${sections.join("\n\n")}\n`;
}
