import { Gauge, type Registry } from "prom-client";

/** The part of a diagnosis that is exported. */
export interface ExportedDiagnosis {
  readonly verdict: string;
  readonly findings: readonly { readonly code: string; readonly severity: string }[];
}

/** Ingresses with series of their own; a scrape of more would be felt by everybody. */
const MAX_INGRESSES = 10_000;

interface Exported {
  readonly namespace: string;
  readonly ingress: string;
  readonly verdict: string;
  /** `code\nseverity` of each finding. */
  readonly findings: readonly string[];
}

/**
 * Gauges of verdicts and findings; what one Ingress contributes is replaced and removed as one set.
 *
 * Findings are summed up per namespace, so only the verdict has a series per Ingress.
 */
export class DiagnosisMetrics {
  readonly #exported = new Map<string, Exported>();
  readonly #findingCounts = new Map<string, number>();
  readonly #verdicts: Gauge<"namespace" | "ingress" | "verdict">;
  readonly #findings: Gauge<"namespace" | "code" | "severity">;
  readonly #unexported: Gauge;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#verdicts = new Gauge({
      name: "ingress_doctor_verdict",
      help: "1 for the verdict on an Ingress.",
      labelNames: ["namespace", "ingress", "verdict"],
      registers,
    });
    this.#findings = new Gauge({
      name: "ingress_doctor_findings",
      help: "Findings, by namespace, code and severity.",
      labelNames: ["namespace", "code", "severity"],
      registers,
    });
    this.#unexported = new Gauge({
      name: "ingress_doctor_unexported_ingresses",
      help: `Ingresses without a verdict series, because ${MAX_INGRESSES} others have one.`,
      registers,
    });
  }

  /** Replaces what is exported about the Ingress `namespace/name`. */
  set(key: string, diagnosis: ExportedDiagnosis): void {
    const before = this.#exported.get(key);
    const [namespace = "", ingress = ""] = key.split("/");
    const findings = diagnosis.findings.map(({ code, severity }) => `${code}\n${severity}`);
    const after: Exported = { namespace, ingress, verdict: diagnosis.verdict, findings };
    if (before !== undefined && isSame(before, after)) return;
    this.remove(key);
    this.#exported.set(key, after);
    for (const finding of findings) this.#count(namespace, finding, 1);
    if (this.#exported.size <= MAX_INGRESSES) this.#verdicts.set(seriesOf(after), 1);
    this.#countUnexported();
  }

  /** Removes everything that is exported about the Ingress `namespace/name`. */
  remove(key: string): void {
    const exported = this.#exported.get(key);
    if (exported === undefined) return;
    this.#exported.delete(key);
    for (const finding of exported.findings) this.#count(exported.namespace, finding, -1);
    this.#verdicts.remove(seriesOf(exported));
    this.#countUnexported();
  }

  #count(namespace: string, finding: string, change: number): void {
    const key = `${namespace}\n${finding}`;
    const count = (this.#findingCounts.get(key) ?? 0) + change;
    const [code = "", severity = ""] = finding.split("\n");
    if (count > 0) {
      this.#findingCounts.set(key, count);
      this.#findings.set({ namespace, code, severity }, count);
    } else {
      this.#findingCounts.delete(key);
      this.#findings.remove({ namespace, code, severity });
    }
  }

  #countUnexported(): void {
    this.#unexported.set(Math.max(0, this.#exported.size - MAX_INGRESSES));
  }
}

function seriesOf({ namespace, ingress, verdict }: Exported) {
  return { namespace, ingress, verdict };
}

function isSame(a: Exported, b: Exported): boolean {
  return a.verdict === b.verdict && a.findings.join() === b.findings.join();
}
