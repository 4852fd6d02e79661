import type { BackendConfigHealthCheck } from "../../../model/gke-config.ts";
import { type ConfiguredBackend, configuredBackends, problemPlace } from "../../configured-backends.ts";
import type { Fix } from "../../finding.ts";
import { APP_PROTOCOLS } from "../../gke/app-protocols.ts";
import {
  AFFINITY_TYPES,
  type BackendConfigProblem,
  MAX_COOKIE_TTL_SEC,
} from "../../gke/backend-config-problems.ts";
import { exceedsInterval } from "../../health-check-faults.ts";
import { jsonPointer, patchFix } from "../../kubectl.ts";
import { defineRule, type Report } from "../../rule.ts";
import { currentErrors } from "../../sync/current-errors.ts";
import type { Backend, Topology } from "../../topology.ts";

const MESSAGES = {
  iapWithCdn:
    "BackendConfig {config} switches on both IAP and Cloud CDN, which exclude each other. No change of this Ingress is applied.",
  value:
    "BackendConfig {config} has {value} in {field}, and GKE takes {allowed}. No change of this Ingress is applied.",
  refused:
    "Compute Engine refuses {field} of BackendConfig {config}: {text}. No change of this Ingress is applied.",
} as const;

export default defineRule({
  code: "GID607",
  slug: "backend-config-invalid",
  severity: "error",
  symptoms: ["no-address", "stale"],
  stage: "translation",
  reads: ["backends", "sync", "ingress"],
  rows: ["BC-10"],
  summary: "A BackendConfig holds a value that GKE refuses.",
  why: "The API server checks only the types of a BackendConfig's fields. What they mean is checked by the Ingress controller, and some of it only by Compute Engine; a value that is refused stops the whole Ingress, and no change of any host, path or certificate is applied.",
  fix: "Correct the value in the BackendConfig.",
  confirm: [
    "kubectl get backendconfig BACKENDCONFIG -n NAMESPACE -o yaml",
    "kubectl describe ingress INGRESS -n NAMESPACE",
  ],
  sources: [
    "ingress-gce pkg/backendconfig/validation.go",
    "ingress-gce pkg/translator/healthchecks.go, merge",
  ],
  messages: MESSAGES,

  check(topology, report) {
    const configured = configuredBackends(topology.backends, report);
    for (const one of configured) {
      for (const problem of one.problems) reportProblem(one, problem, report);
      reportType(one, report);
    }
    reportRefused(configured, topology, report);
  },
});

function reportProblem(
  configured: ConfiguredBackend,
  problem: BackendConfigProblem,
  report: Report<typeof MESSAGES>,
): void {
  const { config } = configured;
  const place = problemPlace(configured, problem);
  if (problem.kind === "iap-with-cdn") {
    const fix = { summary: "Switch off Cloud CDN or IAP, or give them to different Services." };
    report("iapWithCdn", { ...place, fix }, { config: config.ref.name });
    return;
  }
  const allowed = allowedValues(problem);
  if (allowed === undefined || !("value" in problem)) return;
  report("value", place, { config: config.ref.name, value: problem.value, field: problem.field, allowed });
}

function allowedValues({ kind }: BackendConfigProblem): string | undefined {
  switch (kind) {
    case "affinity-type":
      return AFFINITY_TYPES.join(", ");
    case "affinity-ttl":
      return `0 to ${MAX_COOKIE_TTL_SEC}`;
    case "sample-rate":
      return "0 to 1";
    default:
      return undefined;
  }
}

/** The type of a health check is not looked at while translating, and stops the sync that follows. */
function reportType({ backend, config }: ConfiguredBackend, report: Report<typeof MESSAGES>): void {
  const type = config.healthCheck?.type;
  if (type === undefined || APP_PROTOCOLS.some((one) => one === type)) return;
  const field = "spec.healthCheck.type";
  const meant = APP_PROTOCOLS.find((one) => one === type.trim().toUpperCase());
  const path = jsonPointer(field);
  const fix: Partial<Fix> =
    meant === undefined
      ? {}
      : patchFix(config.ref, [
          { op: "test", path, value: type },
          { op: "add", path, value: meant },
        ]);
  report(
    "value",
    { subject: { ...config.ref, fieldPath: field }, backend: backend.key, fix },
    { config: config.ref.name, value: JSON.stringify(type), field, allowed: APP_PROTOCOLS.join(", ") },
  );
}

/** Ranges are known to Compute Engine only; its error mostly names the field and the value. */
function reportRefused(
  configured: readonly ConfiguredBackend[],
  topology: Topology,
  report: Report<typeof MESSAGES>,
): void {
  const asking = configured.filter(({ config }) => config.healthCheck !== undefined);
  // A timeout above the interval is a finding of its own, and refused in many words.
  if (asking.length === 0 || asking.some(({ backend }) => hasExceedingTimeout(backend))) return;
  for (const { cause, text } of currentErrors(topology, report, "health-check-refused")) {
    const field = cause.field?.split(".").at(-1) ?? "";
    const named = asking.filter(({ config }) => {
      const value = settingOf(config.healthCheck, field);
      return value !== undefined && (cause.value === undefined || String(value) === cause.value);
    });
    for (const { backend, config } of named.length > 0 ? named : asking) {
      const fieldPath = named.length > 0 ? `spec.healthCheck.${field}` : "spec.healthCheck";
      const place = { subject: { ...config.ref, fieldPath }, backend: backend.key };
      report("refused", place, { config: config.ref.name, field: fieldPath, text });
    }
  }
}

function hasExceedingTimeout({ healthCheck }: Backend): boolean {
  return healthCheck.known && healthCheck.value !== undefined && exceedsInterval(healthCheck.value);
}

function settingOf(check: BackendConfigHealthCheck | undefined, field: string) {
  return Object.entries(check ?? {}).find(([name]) => name === field)?.[1];
}
