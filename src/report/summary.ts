import type { Diagnosis } from "../diagnostics/diagnosis.ts";

/** Where a report's objects come from. */
export type Origin = "cluster" | "manifests";

/** The one sentence on an Ingress; manifests alone never tell whether requests are served. */
export function summaryFor(
  origin: Origin,
  { verdict, summary }: Pick<Diagnosis, "verdict" | "summary">,
): string {
  return origin === "manifests" && verdict === "Unknown"
    ? "No fault in the manifests; whether requests are served only a cluster can tell."
    : summary;
}
