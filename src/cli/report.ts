import type { Diagnosis } from "../diagnostics/diagnosis.ts";
import { diagnose } from "../diagnostics/engine.ts";
import type { Severity } from "../diagnostics/finding.ts";
import { cleanText } from "../diagnostics/text.ts";
import type { Ingress } from "../model/ingress.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { desiredStatus } from "../reconciler/status.ts";
import type { IngressDiagnosisStatus } from "../reconciler/status-types.ts";
import { EXIT, type ExitCode } from "./failure.ts";
import { type Inventory, snapshotsOf } from "./inventory.ts";

/** One diagnosed Ingress. */
export interface ReportItem {
  /** Of the Ingress, cleaned of control characters. */
  readonly namespace: string;
  readonly name: string;
  readonly diagnosis: Diagnosis;
  /** What was diagnosed. */
  readonly snapshot: Snapshot;
  /** What the controller would publish: cleaned of control characters and bounded, so safe to print. */
  readonly status: IngressDiagnosisStatus;
}

/** A Service that asks for network endpoint groups of its own, is named by no Ingress, and has something wrong. */
export interface ServiceItem extends Pick<ReportItem, "namespace" | "name" | "status"> {
  readonly diagnosis: Pick<Diagnosis, "findings">;
}

/** What `diagnose` found. */
export interface Report {
  readonly origin: Inventory["origin"];
  /** Epoch milliseconds. */
  readonly takenAt: number;
  readonly items: readonly ReportItem[];
  /** Services with something wrong about network endpoint groups that no Ingress uses. */
  readonly services: readonly ServiceItem[];
  /** Ingresses that other controllers serve. */
  readonly leftOut: number;
  readonly placeOf: Inventory["placeOf"];
}

/** Diagnoses Ingresses of an inventory; with `keepForeign`, also those that other controllers serve. */
export function reportOn(inventory: Inventory, ingresses: readonly Ingress[], keepForeign: boolean): Report {
  const diagnoses = snapshotsOf(inventory, ingresses).map((snapshot) => ({
    snapshot,
    diagnosis: diagnose(snapshot),
  }));
  const shown = diagnoses.filter(({ diagnosis }) => diagnosis.applicable || keepForeign);
  return {
    origin: inventory.origin,
    takenAt: inventory.takenAt,
    items: shown.map(({ snapshot, diagnosis }) => ({
      namespace: cleanText(diagnosis.ingress.namespace),
      name: cleanText(diagnosis.ingress.name),
      diagnosis,
      snapshot,
      status: desiredStatus(diagnosis, undefined, inventory.takenAt),
    })),
    services: [],
    leftOut: diagnoses.length - shown.length,
    placeOf: inventory.placeOf,
  };
}

/** Severities that make the command fail. */
export type FailOn = Exclude<Severity, "info">;

/**
 * The exit code of a report.
 *
 * Manifests never tell whether requests are served, so that this stays open there is no reason to fail.
 */
export function exitCodeOf({ items, services, origin }: Report, failOn: FailOn): ExitCode {
  const isFailing = (severity: Severity) =>
    severity === "error" || (severity === "warning" && failOn === "warning");
  const findings = [...items, ...services].flatMap(({ diagnosis }) => diagnosis.findings);
  if (findings.some(({ severity, settling }) => isFailing(severity) && !settling)) return EXIT.findings;
  const isOpen = items.some(({ diagnosis }) => diagnosis.applicable && diagnosis.verdict === "Unknown");
  return isOpen && origin === "cluster" ? EXIT.undecided : EXIT.ok;
}
