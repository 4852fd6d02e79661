import type { Severity } from "../../diagnostics/finding.ts";
import { type Hop, hopOf } from "../../diagnostics/hops.ts";
import { RULES } from "../../diagnostics/registry.ts";
import { type Rule, reasonOf } from "../../diagnostics/rule.ts";
import { CliError, EXIT, type ExitCode } from "../failure.ts";
import type { RULE_FORMATS } from "../formats.ts";
import { renderJson } from "../render/data.ts";
import { columns, labelled, wrapped } from "../render/layout.ts";
import type { Terminal } from "../terminal.ts";

/** Options of `rules`. */
export interface RulesOptions {
  readonly hop?: Hop["name"];
  readonly severity?: Severity;
  readonly search?: string;
  readonly output: (typeof RULE_FORMATS)[number];
}

/** Lists the rules that match every filter, in the order of their codes. */
export function runRules({ hop, severity, search, output }: RulesOptions, terminal: Terminal): ExitCode {
  const found = [...RULES]
    .filter((rule) => hop === undefined || hopOf(rule.code)?.name === hop)
    .filter((rule) => severity === undefined || rule.severity === severity)
    .filter((rule) => search === undefined || mentions(rule, search.toLowerCase()))
    .sort((a, b) => (a.code < b.code ? -1 : 1));
  if (output === "json") {
    terminal.out(renderJson(found.map(described)));
    return EXIT.ok;
  }
  if (found.length === 0)
    throw new CliError("no rule matches: leave out a filter, or search for another word");
  const rows = found.map(({ code, slug, severity: level, summary }) => [
    code,
    level,
    reasonOf(slug),
    summary,
  ]);
  terminal.out(`${columns(rows, terminal.width).join("\n")}\n`);
  return EXIT.ok;
}

/** Shows the page of one rule. */
export function runExplain(code: string, output: RulesOptions["output"], terminal: Terminal): ExitCode {
  const wanted = code.toUpperCase();
  const rule = RULES.find((one) => one.code === wanted || reasonOf(one.slug).toUpperCase() === wanted);
  if (rule === undefined) {
    throw new CliError(`there is no rule ${code}: ingress-doctor rules lists all ${RULES.length}`);
  }
  terminal.out(output === "json" ? renderJson(described(rule)) : `${page(rule, terminal).join("\n")}\n`);
  return EXIT.ok;
}

function mentions({ code, slug, summary, why, fix }: Rule, word: string): boolean {
  return [code, slug, reasonOf(slug), summary, why, fix].some((text) => text.toLowerCase().includes(word));
}

function described({ code, slug, severity, symptoms, summary, why, fix, confirm, sources }: Rule) {
  const identity = { code, reason: reasonOf(slug), hop: hopOf(code)?.name, severity, symptoms };
  return { ...identity, summary, why, fix, confirm, sources };
}

function page(rule: Rule, { width, paint }: Terminal): readonly string[] {
  const text = (title: string, body: string) => [
    "",
    paint("strong", title),
    ...wrapped(body, width - 2).map((line) => `  ${line}`),
  ];
  const tone = { error: "bad", warning: "warning", info: "quiet" } as const;
  return [
    `${paint("strong", `${rule.code} ${reasonOf(rule.slug)}`)}  ${paint(tone[rule.severity], rule.severity)}`,
    ...wrapped(rule.summary, width),
    "",
    ...labelled("Seen as:  ", rule.symptoms.join(", ") || "nothing a client notices", width),
    ...labelled("Hop:      ", hopOf(rule.code)?.title ?? "", width),
    ...(rule.settles
      ? labelled("Note:     ", "Time may cure it: shortly after a change it is held back.", width)
      : []),
    ...text("Why it matters", rule.why),
    ...text("What to do", rule.fix),
    "",
    paint("strong", "How to see it by hand"),
    ...rule.confirm.map((command) => `  $ ${command}`),
    "",
    paint("strong", "Sources"),
    ...rule.sources.flatMap((source) => labelled("  - ", source, width)),
  ];
}
