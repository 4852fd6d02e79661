import { buildTopology } from "../../src/diagnostics/build-topology.ts";
import { compareFindings, type Finding } from "../../src/diagnostics/finding.ts";
import { type RuleResult, runRule } from "../../src/diagnostics/report.ts";
import type { Rule } from "../../src/diagnostics/rule.ts";
import type { Topology } from "../../src/diagnostics/topology.ts";
import type { Observed, SourceName } from "../../src/model/observed.ts";
import { unknown } from "../../src/model/observed.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import type { WantedFinding } from "./rule-cases.ts";

/** Runs one rule on one snapshot, sorted, with whatever it threw thrown again. */
export function judge(rule: Rule, snapshot: Snapshot): RuleResult {
  const result = runRule(rule, buildTopology(snapshot));
  if (result.error !== undefined) throw result.error;
  return { ...result, findings: [...result.findings].sort(compareFindings) };
}

/** The members of a finding that a case asked to compare. */
export function shown(finding: Finding, want: WantedFinding | undefined): WantedFinding {
  const { subject, fix } = finding;
  const place = subject.fieldPath === undefined ? "" : `#${subject.fieldPath}`;
  return {
    text: finding.message,
    ...(want?.subject === undefined
      ? {}
      : { subject: `${subject.kind}/${subject.name}${want.subject.includes("#") ? place : ""}` }),
    ...(want?.severity === undefined ? {} : { severity: finding.severity }),
    ...(want?.command === undefined ? {} : { command: fix.command ?? "(none)" }),
    ...(want?.patch === undefined
      ? {}
      : { patch: fix.patch?.includes(want.patch) ? want.patch : (fix.patch ?? "(none)") }),
  };
}

/** Freezes a value all the way down; a rule that writes to its input then throws. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const member of Object.values(value)) deepFreeze(member);
  return value;
}

/** The same snapshot with every list that a source holds in reverse order. */
export function reversed(snapshot: Snapshot): Snapshot {
  const entries = Object.entries(snapshot).map(([key, member]) => [key, reverseSource(member)]);
  return Object.fromEntries(entries) as Snapshot;
}

function reverseSource(member: unknown): unknown {
  if (!isObserved(member) || !member.known || !Array.isArray(member.value)) return member;
  return { known: true, value: [...member.value].reverse() };
}

/** The same snapshot with every source but the Ingress itself unreadable. */
export function blinded(snapshot: Snapshot): Snapshot {
  const entries = Object.entries(snapshot).map(([key, member]) => [
    key,
    isObserved(member) ? unknown(key as SourceName, "forbidden", `permission to list ${key}`) : member,
  ]);
  return Object.fromEntries(entries) as Snapshot;
}

function isObserved(member: unknown): member is Observed<unknown> {
  return typeof member === "object" && member !== null && "known" in member;
}

/** Top-level members of the topology that a rule reads on one snapshot. */
export function readsOf(rule: Rule, snapshot: Snapshot): ReadonlySet<string> {
  const seen = new Set<string>();
  const recorder = new Proxy(buildTopology(snapshot), {
    get(target, key) {
      if (typeof key === "string") seen.add(key);
      return target[key as keyof Topology];
    },
  });
  runRule(rule, recorder);
  return seen;
}
