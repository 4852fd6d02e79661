import type { BackendDiagnosis, Diagnosis } from "../diagnostics/diagnosis.ts";
import type { Finding } from "../diagnostics/finding.ts";
import type { ObjectKey } from "../model/refs.ts";

/** What is exported about one Ingress: of a diagnosis made now, or of one that an earlier process stored. */
export interface ExportedDiagnosis extends Pick<Diagnosis, "urlMap"> {
  readonly verdict: string;
  readonly findings: readonly { readonly code: Finding["code"]; readonly severity: string }[];
  readonly backends: readonly Pick<BackendDiagnosis, "service" | "port" | "endpointGroups">[];
}

/** Receives what the reconciler counts. Label values come from small fixed sets, per-Ingress ones apart. */
export interface ReconcileMetrics {
  /** One finished reconcile: `done`, `requeue`, `retry`. */
  reconciled(result: string, seconds: number): void;
  /** The engine threw; its Ingress keeps the diagnosis it had. */
  engineFailed(): void;
  /** Replaces everything that is exported about one Ingress. */
  diagnosed(key: ObjectKey, diagnosis: ExportedDiagnosis): void;
  /** The diagnosis of one Ingress is stored as it is at `now`, in epoch milliseconds. */
  published(key: ObjectKey, now: number): void;
  /** Removes everything that is exported about one Ingress. */
  forgotten(key: ObjectKey): void;
  /** One write of an IngressDiagnosis: `ensure`, `status` or `remove`, and what became of it. */
  written(operation: string, outcome: string): void;
  /** One Event: `written`, `exists`, `limited`, `overflow`, or how its last attempt failed. */
  eventSent(outcome: string): void;
}
