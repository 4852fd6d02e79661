import type { Known, Observed, Unknown } from "../model/observed.ts";
import type { Finding } from "./finding.ts";
import { type Place, type Report, type Rule, reasonOf } from "./rule.ts";
import { cleanText, isShownWhole } from "./text.ts";
import type { Topology } from "./topology.ts";

/** What running one rule produced. */
export interface RuleResult {
  readonly findings: readonly Finding[];
  /** Reads the rule needed and could not get. */
  readonly undecided: readonly Unknown[];
  /** What the rule threw, if it threw; its findings are then dropped. */
  readonly error?: unknown;
}

/** Longest value a message quotes from the cluster, in characters. */
const MAX_QUOTED = 256;

/** Longest command or patch, in characters. */
const MAX_CHANGE = 4096;

/** Runs one rule in isolation: whatever it throws costs only itself. */
export function runRule(rule: Rule, topology: Topology): RuleResult {
  const findings: Finding[] = [];
  const undecided: Unknown[] = [];
  const report = ((message: string, place: Place, parameters: Readonly<Record<string, string | number>>) => {
    findings.push(stamp(rule, place, fill(rule.messages[message] ?? "", parameters)));
  }) as Report<Readonly<Record<string, string>>>;
  report.knows = <T>(observed: Observed<T>): observed is Known<T> => {
    if (!observed.known) undecided.push(observed);
    return observed.known;
  };
  try {
    rule.check(topology, report);
  } catch (error) {
    return { findings: [], undecided, error };
  }
  return { findings, undecided };
}

function stamp(rule: Rule, place: Place, message: string): Finding {
  const { subject, fix } = place;
  return {
    code: rule.code,
    reason: reasonOf(rule.slug),
    severity: place.severity ?? rule.severity,
    symptoms: place.symptoms ?? rule.symptoms,
    stage: rule.stage,
    subject: {
      apiVersion: subject.apiVersion,
      kind: subject.kind,
      namespace: subject.namespace,
      name: cleanText(subject.name, MAX_QUOTED),
      ...(subject.fieldPath === undefined ? {} : { fieldPath: cleanText(subject.fieldPath, MAX_QUOTED) }),
    },
    message: cleanText(message),
    fix: {
      summary: cleanText(fix?.summary ?? rule.fix),
      ...whole("command", fix?.command),
      ...whole("patch", fix?.patch),
    },
    consequence: rule.consequence ?? false,
    settling: false,
    ...(place.backend === undefined ? {} : { backend: place.backend }),
  };
}

/** Fills `{name}` placeholders in one pass, so a value that contains braces is never expanded again. */
function fill(template: string, parameters: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    return value === undefined ? whole : cleanText(String(value), MAX_QUOTED);
  });
}

/** A command or patch as it is, or nothing: half of one, or one whose characters were replaced, is another change. */
function whole<K extends "command" | "patch">(
  key: K,
  change: string | undefined,
): { readonly [P in K]?: string } {
  if (change === undefined || !isShownWhole(change, MAX_CHANGE)) return {};
  return { [key]: change } as { readonly [P in K]?: string };
}
