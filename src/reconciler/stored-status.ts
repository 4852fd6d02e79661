import { createHash } from "node:crypto";
import type { StoredFinding, StoredStatus } from "./ports.ts";
import type { IngressDiagnosisStatus } from "./status-types.ts";

/** Reduces a status, ours or whatever is stored, to what the next publication needs. */
export function reduceStatus(status: IngressDiagnosisStatus): StoredStatus;
export function reduceStatus(status: unknown): StoredStatus | undefined;
export function reduceStatus(status: unknown): StoredStatus | undefined {
  if (!isRecord(status)) return undefined;
  const partial = status as Partial<IngressDiagnosisStatus>;
  const lastTransitionAt = time(partial.lastTransitionTime);
  const causeCode = isRecord(partial.cause) ? textOf(partial.cause.code) : "";
  return Object.freeze({
    digest: digestOf(status),
    verdict: textOf(partial.verdict),
    ...(causeCode === "" ? {} : { causeCode }),
    ...(typeof partial.observedGeneration === "number"
      ? { observedGeneration: partial.observedGeneration }
      : {}),
    ...(lastTransitionAt === undefined ? {} : { lastTransitionAt }),
    conditions: records(partial.conditions).map(reduceCondition),
    findings: records(partial.findings).map(reduceFinding),
  });
}

/** `Kind/namespace/name` of a finding's subject, whatever is left out. */
export function subjectKey(subject: { readonly [key: string]: unknown } | undefined): string {
  return [subject?.kind, subject?.namespace, subject?.name].map(textOf).join("/");
}

function reduceCondition(condition: Record<string, unknown>): StoredStatus["conditions"][number] {
  return Object.freeze({
    type: textOf(condition.type),
    status: textOf(condition.status),
    since: textOf(condition.lastTransitionTime),
  });
}

function reduceFinding(finding: Record<string, unknown>): StoredFinding {
  const subject = finding.subject;
  return Object.freeze({
    code: textOf(finding.code),
    severity: textOf(finding.severity),
    subject: subjectKey(isRecord(subject) ? subject : undefined),
  });
}

function digestOf(status: unknown): string {
  const canonical = JSON.stringify(isSorted(status) ? status : sorted(status));
  return createHash("sha256").update(canonical).digest("base64url").slice(0, 22);
}

/** Whether all keys are in the order in which the API server writes them; that spares most statuses a copy. */
function isSorted(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isSorted);
  if (!isRecord(value)) return true;
  let previous = "";
  for (const key in value) {
    if (key < previous || !isSorted(value[key])) return false;
    previous = key;
  }
  return true;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isRecord(value)) return value;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key])]));
}

function records(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function time(value: unknown): number | undefined {
  const parsed = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(parsed) ? undefined : parsed;
}
