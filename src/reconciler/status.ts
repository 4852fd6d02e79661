import type {
  BackendDiagnosis,
  Diagnosis,
  RouteDiagnosis,
  Suppressed,
  Undecided,
} from "../diagnostics/diagnosis.ts";
import type { Finding } from "../diagnostics/finding.ts";
import { cleanText } from "../diagnostics/text.ts";
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
  return fitStatus({
    verdict: diagnosis.verdict,
    symptom: diagnosis.symptom,
    summary: text(diagnosis.summary, "summary"),
    ...(diagnosis.cause === undefined ? {} : { cause: diagnosis.cause }),
    conditions: conditions(diagnosis, stored, now),
    findings: diagnosis.findings.map(statusFinding),
    routes: routes.map(statusRoute),
    routesServed: `${served}/${routes.length}`,
    ...optionalList("backends", distinctBackends(diagnosis.backends).map(statusBackend)),
    ...optionalList("undecided", diagnosis.undecided.map(statusUndecided)),
    ...optionalList("suppressed", diagnosis.suppressed.map(statusSuppressed)),
    ...optionalList("addresses", statusAddresses(diagnosis.addresses)),
    counts: {
      errors: severities("error"),
      warnings: severities("warning"),
      hints: severities("info"),
      routes: routes.length,
      routesServed: served,
    },
    observedGeneration: diagnosis.observedGeneration,
    ...(diagnosis.settlesAt === undefined ? {} : { settlesAt: timestamp(diagnosis.settlesAt) }),
    lastTransitionTime: timestamp(transitionTime(diagnosis, stored) ?? now),
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
      type,
      status,
      reason,
      message: text(message, "conditions.message"),
      lastTransitionTime: isUnchanged ? before.since : changedNow,
      observedGeneration: diagnosis.observedGeneration,
    };
  });
}

function statusFinding(finding: Finding): StatusFinding {
  return {
    code: finding.code,
    reason: finding.reason,
    severity: finding.severity,
    symptoms: distinct(finding.symptoms),
    subject: statusSubject(finding.subject),
    message: text(finding.message, "findings.message"),
    fix: statusFix(finding.fix),
    ...(finding.causedBy === undefined ? {} : { causedBy: finding.causedBy }),
  };
}

function statusSubject(subject: Finding["subject"]): StatusSubject {
  return {
    ...optionalText("apiVersion", subject.apiVersion, "findings.subject.apiVersion"),
    kind: text(subject.kind, "findings.subject.kind"),
    ...optionalText("namespace", subject.namespace, "findings.subject.namespace"),
    name: text(subject.name, "findings.subject.name"),
    ...optionalText("fieldPath", subject.fieldPath, "findings.subject.fieldPath"),
  };
}

function statusFix(fix: Finding["fix"]): StatusFix {
  const command = whole(fix.command, "findings.fix.command");
  const patch = whole(fix.patch, "findings.fix.patch");
  return {
    summary: text(fix.summary, "findings.fix.summary"),
    ...(command === undefined ? {} : { command }),
    ...(patch === undefined ? {} : { patch }),
  };
}

function statusRoute(route: RouteDiagnosis): StatusRoute {
  return {
    host: text(route.host, "routes.host"),
    path: text(route.path, "routes.path"),
    ...optionalText("pathType", route.pathType, "routes.pathType"),
    ...optionalText("service", route.service, "routes.service"),
    ...optionalText("port", route.port, "routes.port"),
    answer: route.answer,
    ...(route.frozen ? { frozen: true } : {}),
    ...(route.finding === undefined ? {} : { finding: route.finding }),
  };
}

function statusBackend(backend: BackendDiagnosis): StatusBackend {
  const { healthCheck } = backend;
  return {
    service: text(backend.service, "backends.service"),
    port: text(backend.port, "backends.port"),
    mode: backend.mode,
    ...optionalText("protocol", backend.protocol, "backends.protocol"),
    endpoints: backend.endpoints,
    ...(healthCheck === undefined
      ? {}
      : {
          healthCheck: {
            type: text(healthCheck.type, "backends.healthCheck.type"),
            path: text(healthCheck.path, "backends.healthCheck.path"),
            port: text(healthCheck.port, "backends.healthCheck.port"),
            source: text(healthCheck.source, "backends.healthCheck.source"),
          },
        }),
  };
}

function statusUndecided({ question, reason, needs }: Undecided): StatusUndecided {
  return { question: text(question, "undecided.question"), reason, needs: text(needs, "undecided.needs") };
}

function statusSuppressed(entry: Suppressed): StatusSuppressed {
  return { ...entry, note: text(entry.note, "suppressed.note") };
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
  const isSafe = (line: string) => cleanText(line, MAX_LENGTH[path]) === line;
  return value !== undefined && value.length <= MAX_LENGTH[path] && value.split("\n").every(isSafe)
    ? value
    : undefined;
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}

/** RFC 3339 in whole seconds, as Kubernetes writes times. */
function timestamp(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}
