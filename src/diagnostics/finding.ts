import type { ObjectRef } from "../model/refs.ts";

/** `error`: traffic fails now; `warning`: it will or may fail; `info`: a hint that never changes a verdict. */
export type Severity = "error" | "warning" | "info";

/** What a client or an operator sees. Internal load balancers answer 503 where this says 502. */
export type Symptom =
  | "404"
  | "502"
  | "tls"
  | "no-address"
  | "no-load-balancer"
  | "no-neg"
  | "wrong-backend"
  | "degraded"
  | "stale"
  | "rollout-stuck"
  | "stuck-deleting";

/**
 * Where on the way from YAML to answered request a rule looks, in causal order: a finding of an earlier
 * stage explains findings of later ones, never the other way round. `frontend-sync` is what stops the sync of
 * addresses and certificates; `frontend` is what goes wrong there without stopping anything.
 */
export const STAGES = [
  "ownership",
  "deletion",
  "translation",
  "backend-sync",
  "frontend-sync",
  "frontend",
  "endpoints",
  "network",
  "health",
  "live",
  "routing",
  "hygiene",
] as const;

/** One of {@link STAGES}. */
export type Stage = (typeof STAGES)[number];

/** What to change. */
export interface Fix {
  /** Imperative sentence that ends with a full stop. */
  readonly summary: string;
  /** Shell-quoted command that makes the change. */
  readonly command?: string;
  /** Manifest snippet or strategic merge patch, YAML. */
  readonly patch?: string;
}

/** The object blamed, and the JSON path inside it. */
export interface Subject extends ObjectRef {
  readonly fieldPath?: string;
}

/** One reported violation. Strings are cleaned of control characters and bounded. */
export interface Finding {
  readonly code: string;
  /** CamelCase, derived from the rule's slug; used in Events, conditions and metric labels. */
  readonly reason: string;
  readonly severity: Severity;
  readonly symptoms: readonly Symptom[];
  readonly stage: Stage;
  readonly subject: Subject;
  readonly message: string;
  readonly fix: Fix;
  /** Key of the backend concerned; undefined when the whole Ingress is. */
  readonly backend?: string;
  /** True for a finding that only shows an effect, so a finding with a cause is preferred over it. */
  readonly consequence: boolean;
  /** True when time alone may cure it and the propagation window is still open. */
  readonly settling: boolean;
  /** Code of the finding that explains this one. */
  readonly causedBy?: string;
}

const SEVERITY_ORDER: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

/** Total order of findings: severity, stage, code, subject, field, backend, message. */
export function compareFindings(a: Finding, b: Finding): number {
  return (
    SEVERITY_ORDER[a.severity] - SEVERITY_ORDER[b.severity] ||
    STAGES.indexOf(a.stage) - STAGES.indexOf(b.stage) ||
    compareText(a.code, b.code) ||
    compareText(sortKey(a.subject), sortKey(b.subject)) ||
    compareText(a.backend ?? "", b.backend ?? "") ||
    compareText(a.message, b.message)
  );
}

function sortKey({ kind, namespace, name, fieldPath = "" }: Subject): string {
  return `${kind}/${namespace}/${name}/${fieldPath}`;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
