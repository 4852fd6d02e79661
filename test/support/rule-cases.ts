import type { Rule } from "../../src/diagnostics/rule.ts";
import type { SourceName } from "../../src/model/observed.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";

/** A snapshot on which the rule must stay silent and decided. */
export interface HealthyCase {
  readonly name: string;
  readonly given: Snapshot;
}

/** A snapshot on which the rule must report exactly `want`, in any order. */
export interface BrokenCase {
  readonly name: string;
  readonly given: Snapshot;
  readonly want: readonly WantedFinding[];
}

/** What one finding must look like; absent members are not compared. */
export interface WantedFinding {
  /** The whole message. */
  readonly text: string;
  /** `Kind/name`, or `Kind/name#fieldPath`. */
  readonly subject?: string;
  readonly severity?: string;
  readonly command?: string;
  /** Text the patch must contain. */
  readonly patch?: string;
}

/** A snapshot on which the rule must report nothing and name the source it lacks. */
export interface UndecidedCase {
  readonly name: string;
  readonly given: Snapshot;
  readonly source: SourceName;
}

/**
 * The cases of one rule: a file `test/diagnostics/rules/<hop>/<slug>.cases.ts` exports them as default.
 *
 * `test/diagnostics/rules/rules.test.ts` runs every such file, and the rule's page shows the first broken case.
 * No list may be empty, except that a rule which reads nothing but the Ingress has no undecided case: it is run
 * instead with every other source unreadable, and must report the same.
 */
export interface RuleCases {
  readonly rule: Rule;
  readonly healthy: readonly HealthyCase[];
  readonly broken: readonly BrokenCase[];
  readonly undecided: readonly UndecidedCase[];
}

/** Declares the cases of a rule. */
export function ruleCases(rule: Rule, cases: Omit<RuleCases, "rule">): RuleCases {
  return { rule, ...cases };
}
