import type {
  BackendDiagnosis,
  Diagnosis,
  RouteDiagnosis,
  Suppressed,
  Undecided,
} from "../diagnostics/diagnosis.ts";
import type { Finding } from "../diagnostics/finding.ts";
import { cleanText, isShownWhole } from "../diagnostics/text.ts";
import type { StoredStatus } from "./ports.ts";
import { fitStatus } from "./status-size.ts";
import {
  type IngressDiagnosisStatus,
  MAX_ITEMS,
  MAX_LENGTH,
  type StatusBackend,
  type StatusCondition,
  type StatusFinding,
  type StatusFix,
  type StatusHealthCheck,
  type StatusRoute,
  type StatusSubject,
  type StatusSuppressed,
  type StatusUndecided,
} from "./status-types.ts";

/**
 * The status to publish for a diagnosis. Pure: the same arguments give the same bytes.
 *
 * Within the limits of the schema and {@link fitStatus}; what is cut is counted. Times of transition are those
 * of `stored` wherever nothing changed.
 * @param stored the status published before; undefined for the first one
 * @param now epoch milliseconds of the snapshot
 */
export function desiredStatus(
  diagnosis: Diagnosis,
  stored: StoredStatus | undefined,
  now: number,
): IngressDiagnosisStatus {
  const routes = diagnosis.routes;
  const served = routes.filter(({ answer }) => answer === "served" || answer === "redirect").length;
  const severities = (severity: Finding["severity"]) =>
    diagnosis.findings.filter((finding) => finding.severity === severity).length;
  // Keys are in the order of the API server here and below, so that comparing needs no sorting.
  return fitStatus({
    ...optionalList("addresses", statusAddresses(diagnosis.addresses)),
    ...optionalList("backends", distinctBackends(diagnosis.backends).map(statusBackend)),
    ...(diagnosis.cause === undefined ? {} : { cause: diagnosis.cause }),
    conditions: conditions(diagnosis, stored, now),
    counts: {
      errors: severities("error"),
      hints: severities("info"),
      routes: routes.length,
      routesServed: served,
      warnings: severities("warning"),
    },
    findings: diagnosis.findings.map(statusFinding),
    lastTransitionTime: timestamp(transitionTime(diagnosis, stored) ?? now),
    observedGeneration: diagnosis.observedGeneration,
    routes: routes.map(statusRoute),
    routesServed: `${served}/${routes.length}`,
    ...(diagnosis.settlesAt === undefined ? {} : { settlesAt: timestamp(diagnosis.settlesAt) }),
    summary: text(diagnosis.summary, "summary"),
    ...optionalList("suppressed", diagnosis.suppressed.map(statusSuppressed)),
    symptom: diagnosis.symptom,
    ...optionalList("undecided", diagnosis.undecided.map(statusUndecided)),
    verdict: diagnosis.verdict,
  });
}

/** Time of the last change of verdict or cause; undefined when it changes now. */
function transitionTime(diagnosis: Diagnosis, stored: StoredStatus | undefined): number | undefined {
  const unchanged = stored?.verdict === diagnosis.verdict && stored.causeCode === diagnosis.cause?.code;
  return unchanged ? stored.lastTransitionAt : undefined;
}

function conditions(diagnosis: Diagnosis, stored: StoredStatus | undefined, now: number): StatusCondition[] {
  const changedNow = timestamp(now);
  return diagnosis.conditions.map(({ type, status, reason, message }) => {
    const before = stored?.conditions.find((condition) => condition.type === type);
    const isUnchanged = before?.status === status && before.since !== "";
    return {
      lastTransitionTime: isUnchanged ? before.since : changedNow,
      message: text(message, "conditions.message"),
      observedGeneration: diagnosis.observedGeneration,
      reason,
      status,
      type,
    };
  });
}

function statusFinding(finding: Finding): StatusFinding {
  return {
    ...(finding.causedBy === undefined ? {} : { causedBy: finding.causedBy }),
    code: finding.code,
    fix: statusFix(finding.fix),
    message: text(finding.message, "findings.message"),
    reason: finding.reason,
    severity: finding.severity,
    subject: statusSubject(finding.subject),
    symptoms: distinct(finding.symptoms),
  };
}

function statusSubject(subject: Finding["subject"]): StatusSubject {
  return {
    ...optionalText("apiVersion", subject.apiVersion, "findings.subject.apiVersion"),
    ...optionalText("fieldPath", subject.fieldPath, "findings.subject.fieldPath"),
    kind: text(subject.kind, "findings.subject.kind"),
    name: text(subject.name, "findings.subject.name"),
    ...optionalText("namespace", subject.namespace, "findings.subject.namespace"),
  };
}

function statusFix(fix: Finding["fix"]): StatusFix {
  const command = whole(fix.command, "findings.fix.command");
  const patch = whole(fix.patch, "findings.fix.patch");
  return {
    ...(command === undefined ? {} : { command }),
    ...(patch === undefined ? {} : { patch }),
    summary: text(fix.summary, "findings.fix.summary"),
  };
}

function statusRoute(route: RouteDiagnosis): StatusRoute {
  return {
    answer: route.answer,
    ...(route.finding === undefined ? {} : { finding: route.finding }),
    ...(route.frozen ? { frozen: true } : {}),
    host: text(route.host, "routes.host"),
    path: text(route.path, "routes.path"),
    ...optionalText("pathType", route.pathType, "routes.pathType"),
    ...optionalText("port", route.port, "routes.port"),
    ...optionalText("service", route.service, "routes.service"),
  };
}

function statusBackend(backend: BackendDiagnosis): StatusBackend {
  const { healthy, inNeg, notReady, ready, unhealthy } = backend.endpoints;
  return {
    endpoints: {
      ...(healthy === undefined ? {} : { healthy }),
      ...(inNeg === undefined ? {} : { inNeg }),
      notReady,
      ready,
      ...(unhealthy === undefined ? {} : { unhealthy }),
    },
    ...(backend.healthCheck === undefined ? {} : { healthCheck: statusHealthCheck(backend.healthCheck) }),
    mode: backend.mode,
    port: text(backend.port, "backends.port"),
    ...optionalText("protocol", backend.protocol, "backends.protocol"),
    service: text(backend.service, "backends.service"),
  };
}

function statusHealthCheck(check: NonNullable<BackendDiagnosis["healthCheck"]>): StatusHealthCheck {
  return {
    path: text(check.path, "backends.healthCheck.path"),
    port: text(check.port, "backends.healthCheck.port"),
    source: text(check.source, "backends.healthCheck.source"),
    type: text(check.type, "backends.healthCheck.type"),
  };
}

function statusUndecided({ needs, question, reason }: Undecided): StatusUndecided {
  return { needs: text(needs, "undecided.needs"), question: text(question, "undecided.question"), reason };
}

function statusSuppressed({ code, note, until }: Suppressed): StatusSuppressed {
  return { code, note: text(note, "suppressed.note"), ...(until === undefined ? {} : { until }) };
}

function statusAddresses(addresses: readonly string[]): readonly string[] {
  return distinct(addresses.map((address) => text(address, "addresses"))).slice(0, MAX_ITEMS.addresses);
}

/** The schema keys this list by Service and port; sorted, because the server merges it by key. */
function distinctBackends(backends: readonly BackendDiagnosis[]): BackendDiagnosis[] {
  const byKey = new Map(backends.map((backend) => [`${backend.service}\n${backend.port}`, backend]));
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, backend]) => backend);
}

function text(value: string, path: keyof typeof MAX_LENGTH): string {
  return cleanText(value, MAX_LENGTH[path]);
}

/** A list that is left out when it is empty. */
function optionalList<K extends string, T>(
  key: K,
  items: readonly T[],
): { readonly [P in K]?: readonly T[] } {
  return items.length === 0 ? {} : ({ [key]: items } as { readonly [P in K]?: typeof items });
}

/** A property that is left out when it has nothing to say. */
function optionalText<K extends string>(
  key: K,
  value: string | undefined,
  path: keyof typeof MAX_LENGTH,
): { readonly [P in K]?: string } {
  if (value === undefined || value === "") return {};
  return { [key]: text(value, path) } as { readonly [P in K]: string };
}

/** Commands and patches are shown whole or not at all: half of one is dangerous. */
function whole(value: string | undefined, path: keyof typeof MAX_LENGTH): string | undefined {
  return value !== undefined && isShownWhole(value, MAX_LENGTH[path]) ? value : undefined;
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}

/** RFC 3339 in whole seconds, as Kubernetes writes times. */
function timestamp(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}
