import { type Finding, STAGES, type Stage } from "./finding.ts";

/** Stages whose failure stops the whole Ingress, so that everything missing behind them is their consequence. */
export const BLOCKING_STAGES: ReadonlySet<Stage> = new Set([
  "ownership",
  "deletion",
  "translation",
  "backend-sync",
  "frontend-sync",
]);

/**
 * Picks the finding that explains the others: the worst severity first, a cause before a mere effect, then the
 * earliest stage; ties go to the total order of findings. Where only an effect is that severe, a milder finding
 * that explains it takes its place.
 *
 * @param findings in their total order
 * @returns undefined when nothing above `info` was found
 */
export function mostLikelyCause(findings: readonly Finding[]): Finding | undefined {
  const candidates = findings.filter((finding) => finding.severity !== "info" && !finding.settling);
  const worst = first(candidates, (finding) => (finding.severity === "error" ? 0 : 1));
  if (worst === undefined || !worst.consequence) return worst;
  const reasons = candidates.filter((finding) => !finding.consequence && explains(finding, worst));
  return first(reasons, () => 0) ?? worst;
}

/** The first finding by rank, then cause before effect, then stage; stable. */
function first(findings: readonly Finding[], rank: (finding: Finding) => number): Finding | undefined {
  const order = (finding: Finding) =>
    rank(finding) * 100 + (finding.consequence ? 50 : 0) + STAGES.indexOf(finding.stage);
  return findings.reduce<Finding | undefined>(
    (best, finding) => (best === undefined || order(finding) < order(best) ? finding : best),
    undefined,
  );
}

/** True when `cause` accounts for `effect`: it stops the whole Ingress, or comes first on the same backend. */
export function explains(cause: Finding, effect: Finding): boolean {
  if (cause.consequence && !effect.consequence) return false;
  if (effect.consequence && BLOCKING_STAGES.has(cause.stage)) return true;
  if (cause.backend === undefined || cause.backend !== effect.backend) return false;
  return effect.consequence || STAGES.indexOf(cause.stage) < STAGES.indexOf(effect.stage);
}

/** Marks each finding with the code of the most likely cause where that explains it. */
export function linkCauses(findings: readonly Finding[], cause: Finding | undefined): readonly Finding[] {
  if (cause === undefined) return findings;
  return findings.map((finding) => {
    if (finding.code === cause.code || finding.severity === "info" || !explains(cause, finding))
      return finding;
    return { ...finding, causedBy: cause.code };
  });
}
