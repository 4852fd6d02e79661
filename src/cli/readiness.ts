import { buildTopology } from "../diagnostics/build-topology.ts";
import { mostLikelyCause } from "../diagnostics/cause.ts";
import type { ConditionType, Diagnosis, Verdict } from "../diagnostics/diagnosis.ts";
import { verdictOf } from "../diagnostics/verdict.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { FailOn } from "./report.ts";

/** What is waited for. */
export interface Wanted {
  readonly conditions: readonly ConditionType[];
  /** With `error`, warnings keep nothing from being ready. */
  readonly failOn: FailOn;
}

/**
 * - `reached`: every condition that is waited for is true;
 * - `waiting`: not yet, and time may bring it;
 * - `broken`: not, for a reason that time does not cure;
 * - `undecided`: what could be read does not tell.
 */
export type Progress = "reached" | "waiting" | "broken" | "undecided";

/** How far an Ingress is from what is waited for. */
export function progressOf(
  { snapshot, diagnosis }: { readonly snapshot: Snapshot; readonly diagnosis: Diagnosis },
  { conditions, failOn }: Wanted,
): Progress {
  const verdict = failOn === "warning" ? diagnosis.verdict : verdictOnErrors(snapshot, diagnosis);
  const isTrue = (type: ConditionType) =>
    type === "Ready"
      ? verdict === "Healthy"
      : diagnosis.conditions.some((condition) => condition.type === type && condition.status === "True");
  if (conditions.every(isTrue)) return "reached";
  if (verdict === "Broken" || verdict === "Degraded") return "broken";
  return verdict === "Unknown" ? "undecided" : "waiting";
}

/** The verdict as it were without warnings: one that stands for months must not keep a deployment from being ready. */
function verdictOnErrors(snapshot: Snapshot, { findings, routes, verdict }: Diagnosis): Verdict {
  const errors = findings.filter(({ severity }) => severity !== "warning");
  if (errors.length === findings.length) return verdict;
  return verdictOf({
    topology: buildTopology(snapshot),
    findings: errors,
    cause: mostLikelyCause(errors),
    routes,
  });
}
