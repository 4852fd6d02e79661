import { Gauge, type Registry } from "prom-client";
import type { OmittedSeries, OwnedSeries } from "./owned-series.ts";

/** One finding as it is counted. */
export interface CountedFinding {
  readonly code: string;
  readonly severity: string;
}

/** The findings of all Ingresses, summed up by namespace, code and severity. */
export class FindingCounts {
  readonly #series: OwnedSeries<"namespace" | "code" | "severity">;
  /** `namespace\ncode\nseverity` of each finding of an Ingress. */
  readonly #found = new Map<string, readonly string[]>();
  readonly #counts = new Map<string, number>();

  constructor(registry: Registry, omitted: OmittedSeries) {
    const name = "ingress_doctor_findings";
    const gauge = new Gauge({
      name,
      help: "Findings, summed up by namespace, code (GIDnnn) and severity: error, warning or info.",
      labelNames: ["namespace", "code", "severity"],
      registers: [registry],
    });
    this.#series = omitted.bound(name, gauge);
  }

  /** Replaces what the Ingress `key` of a namespace contributes. */
  replace(key: string, namespace: string, findings: readonly CountedFinding[]): void {
    const after = findings.map(({ code, severity }) => `${namespace}\n${code}\n${severity}`);
    if (this.#found.get(key)?.join() === after.join()) return;
    this.remove(key);
    this.#found.set(key, after);
    for (const finding of after) this.#count(finding, 1);
  }

  /** Takes back what the Ingress `key` contributes. */
  remove(key: string): void {
    for (const finding of this.#found.get(key) ?? []) this.#count(finding, -1);
    this.#found.delete(key);
  }

  #count(finding: string, change: number): void {
    const value = (this.#counts.get(finding) ?? 0) + change;
    if (value === 0) {
      this.#counts.delete(finding);
      this.#series.remove(finding);
      return;
    }
    const [namespace = "", code = "", severity = ""] = finding.split("\n");
    this.#counts.set(finding, value);
    this.#series.replace(finding, [{ labels: { namespace, code, severity }, value }]);
  }
}
