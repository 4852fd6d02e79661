import type { Diagnosis } from "../diagnostics/diagnosis.ts";
import type { ObjectKey } from "../model/refs.ts";

/** Receives what the reconciler counts. Label values come from small fixed sets, per-Ingress ones apart. */
export interface ReconcileMetrics {
  /** One finished reconcile: `done`, `requeue`, `retry`. */
  reconciled(result: string, seconds: number): void;
  /** The engine threw; its Ingress keeps the diagnosis it had. */
  engineFailed(): void;
  /** Replaces everything that is exported about one Ingress. */
  diagnosed(key: ObjectKey, diagnosis: Diagnosis): void;
  /** Removes everything that is exported about one Ingress. */
  forgotten(key: ObjectKey): void;
  /** One write of an IngressDiagnosis: `ensure`, `status` or `remove`, and what became of it. */
  written(operation: string, outcome: string): void;
  /** One Event: `written`, `exists`, `limited`, `overflow`, or how its last attempt failed. */
  eventSent(outcome: string): void;
}
