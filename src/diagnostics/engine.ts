import type { Unknown } from "../model/observed.ts";
import { unknown } from "../model/observed.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { backendDiagnoses } from "./backend-diagnosis.ts";
import { buildTopology } from "./build-topology.ts";
import { linkCauses, mostLikelyCause } from "./cause.ts";
import { conditionsOf } from "./conditions.ts";
import type { Diagnosis, Suppressed, Undecided } from "./diagnosis.ts";
import { compareFindings, type Finding } from "./finding.ts";
import { RULES } from "./registry.ts";
import { runRule } from "./report.ts";
import { routeDiagnoses } from "./route-diagnosis.ts";
import type { Rule } from "./rule.ts";
import { IGNORE_ANNOTATION, parseSuppressions, suppress } from "./suppression.ts";
import type { Topology } from "./topology.ts";
import { undecidedQuestions } from "./undecided.ts";
import { urlMapFreshness } from "./url-map-drift.ts";
import { summaryOf, symptomOf, verdictOf } from "./verdict.ts";

/**
 * Diagnoses one Ingress. Pure: the same snapshot gives the same value, whatever the order of its lists, and a
 * rule that throws costs only itself.
 *
 * @param rules the rules to run; tests narrow them
 */
export function diagnose(snapshot: Snapshot, rules: readonly Rule[] = RULES): Diagnosis {
  const topology = buildTopology(snapshot);
  const judged = judge(topology, rules);
  const cause = mostLikelyCause(judged.findings);
  const findings = linkCauses(judged.findings, cause);
  const routes = routeDiagnoses(topology, findings);
  const judgement = { topology, findings, cause, routes };
  const verdict = verdictOf(judgement);
  const summary = summaryOf(verdict, judgement);
  const { ingress, settling, ownership } = topology;
  const urlMap = urlMapFreshness(topology);
  const lookAgainAt = topology.now.awaited();
  return {
    ingress: ingress.ref,
    uid: ingress.uid,
    observedGeneration: ingress.generation,
    applicable: ownership.kind === "owned" || cause !== undefined,
    verdict,
    symptom: symptomOf(cause, topology),
    summary,
    ...(cause === undefined ? {} : { cause: { code: cause.code, reason: cause.reason } }),
    conditions: conditionsOf({ topology, findings, verdict, cause, summary }),
    findings,
    routes,
    backends: backendDiagnoses(topology),
    undecided: judged.undecided,
    suppressed: judged.suppressed,
    addresses: ingress.addresses,
    ...(urlMap === undefined ? {} : { urlMap }),
    ...(settling.open ? { settlesAt: settling.until } : {}),
    ...(lookAgainAt === undefined ? {} : { lookAgainAt }),
  };
}

/** What the rules found in one topology. */
export interface Judged {
  readonly findings: readonly Finding[];
  readonly undecided: readonly Undecided[];
  readonly suppressed: readonly Suppressed[];
}

/** Runs the rules that apply, and takes out what is suppressed. */
export function judge(topology: Topology, rules: readonly Rule[]): Judged {
  const found: Finding[] = [];
  const unknowns: Unknown[] = [];
  const failed: Undecided[] = [];
  for (const rule of applicableRules(topology, rules)) {
    const { findings, undecided, error } = runRule(rule, topology);
    for (const finding of findings) found.push(settle(rule, finding, topology));
    for (const missing of undecided) unknowns.push(missing);
    if (error !== undefined) failed.push(ruleFailure(rule));
  }
  const { active } = parseSuppressions(topology.ingress.annotations[IGNORE_ANNOTATION], topology.now);
  const { findings, suppressed } = suppress(deduplicate(found.sort(compareFindings)), active);
  return { findings, suppressed, undecided: [...undecidedQuestions(unknowns), ...failed] };
}

/** An Ingress that GKE does not serve is judged only on why it does not. */
function applicableRules({ ownership }: Topology, rules: readonly Rule[]): readonly Rule[] {
  if (ownership.kind === "owned") return rules;
  return rules.filter((rule) => rule.stage === "ownership" || rule.stage === "deletion");
}

function settle(rule: Rule, finding: Finding, topology: Topology): Finding {
  return rule.settles && topology.settling.open ? { ...finding, settling: true } : finding;
}

function ruleFailure(rule: Rule): Undecided {
  const { reason, needs } = unknown(
    "services",
    "failed",
    `a fix of rule ${rule.code}, which failed on this input`,
  );
  return { question: `Does ${rule.code} (${rule.slug}) hold?`, reason, needs };
}

/** Drops findings that say the same of the same place; the list is sorted, so equals are neighbours. */
function deduplicate(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter((finding, index) => {
    const previous = findings[index - 1];
    return previous === undefined || compareFindings(previous, finding) !== 0;
  });
}
