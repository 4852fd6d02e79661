import type { Severity } from "../../finding.ts";
import type { EffectiveHealthCheck } from "../../gke/health-check.ts";
import { exceedsInterval } from "../../health-check-faults.ts";
import { describeSource } from "../../health-check-text.ts";
import { patchFix } from "../../kubectl.ts";
import { type ReadBackend, readOwnBackends } from "../../own-backends.ts";
import { defineRule } from "../../rule.ts";
import { currentErrors } from "../../sync/current-errors.ts";

export default defineRule({
  code: "GID608",
  slug: "health-check-timeout-exceeds-interval",
  severity: "error",
  symptoms: ["no-address", "stale"],
  stage: "backend-sync",
  reads: ["backends", "sync", "ingress"],
  rows: ["HC-13"],
  summary: "A health check waits longer for an answer than until its next question.",
  why: "Compute Engine refuses a health check whose timeout is above its interval. What a BackendConfig leaves out comes from the readiness probe or from GKE's defaults (15 s and 15 s, with instance groups 60 s and 60 s), so one field alone can do it. The sync stops there, and no change of the Ingress is applied.",
  fix: "Set spec.healthCheck.timeoutSec to at most spec.healthCheck.checkIntervalSec.",
  confirm: [
    "kubectl get backendconfig BACKENDCONFIG -n NAMESPACE -o jsonpath='{.spec.healthCheck}'",
    "kubectl describe ingress INGRESS -n NAMESPACE",
  ],
  sources: [
    "ingress-gce cmd/check-gke-ingress, HealthCheckTimeoutCheck",
    "Compute Engine API reference: healthChecks.timeoutSec",
  ],
  messages: {
    exceeds:
      "The health check of Service {service} has a timeout of {timeout} s ({timeoutSource}) and an interval of {interval} s ({intervalSource}), and Compute Engine takes no timeout above the interval. No change of this Ingress is applied.",
    would:
      "A health check of Service {service} made now has a timeout of {timeout} s ({timeoutSource}) and an interval of {interval} s ({intervalSource}), and Compute Engine takes no timeout above the interval.",
  },

  check(topology, report) {
    for (const read of readOwnBackends(topology.backends, report)) {
      const { backend, resolved } = read;
      if (resolved === undefined || !report.knows(backend.healthCheck)) continue;
      const check = backend.healthCheck.value;
      if (check === undefined || !exceedsInterval(check)) continue;
      const refused = () => currentErrors(topology, report, "health-check-refused").length > 0;
      const severity = isWritten(check) || refused() ? "error" : unmadeSeverity(read);
      if (severity === undefined) continue;
      const place = { ...placeOf(read, check), severity };
      const facts = {
        service: resolved.service.ref.name,
        timeout: check.timeoutSec.value,
        timeoutSource: describeSource(check.timeoutSec.source),
        interval: check.intervalSec.value,
        intervalSource: describeSource(check.intervalSec.source),
      };
      report(severity === "error" ? "exceeds" : "would", place, facts);
    }
  },
});

/** Both values stand in the BackendConfig, so whatever the health check had before is overwritten. */
function isWritten({ timeoutSec, intervalSec }: EffectiveHealthCheck): boolean {
  return timeoutSec.source.kind === "backend-config" && intervalSec.source.kind === "backend-config";
}

/** A health check that exists keeps the values it was made with, and those were accepted. */
function unmadeSeverity({ backend }: ReadBackend): Severity | undefined {
  return backend.reportedHealth === undefined ? "warning" : undefined;
}

function placeOf({ backend, resolved, service }: ReadBackend, check: EffectiveHealthCheck) {
  const choice = resolved?.backendConfig;
  const ref = service?.ref ?? { apiVersion: "v1", kind: "Service", namespace: "", name: "" };
  const { source } = check.timeoutSec;
  if (choice?.kind !== "chosen") return { subject: ref, backend: backend.key };
  const subject = { ...choice.config.ref, fieldPath: "spec.healthCheck.timeoutSec" };
  if (source.kind !== "backend-config") return { subject, backend: backend.key };
  const path = "/spec/healthCheck/timeoutSec";
  const fix = patchFix(choice.config.ref, [
    { op: "test", path, value: check.timeoutSec.value },
    { op: "add", path, value: check.intervalSec.value },
  ]);
  return { subject, backend: backend.key, fix };
}
