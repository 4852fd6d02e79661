import type { HealthCheck } from "../../../model/load-balancer.ts";
import type { EffectiveHealthCheck, Sourced } from "../../gke/health-check.ts";
import { describeSource } from "../../health-check-text.ts";
import { liveBackends } from "../../live-backends.ts";
import { defineRule } from "../../rule.ts";

export default defineRule({
  code: "GID904",
  slug: "health-check-drift",
  severity: "warning",
  symptoms: ["502"],
  stage: "health",
  reads: ["backends", "loadBalancer", "settling"],
  rows: ["HC-07", "HC-09", "BC-05", "BC-07", "DRF-02"],
  summary: "The live health check asks something else than the objects say.",
  why: "GKE reads the readiness probe only when it creates a health check. Later changes of the probe, and edits in the console, are neither followed nor reverted; only BackendConfig fields are written back.",
  fix: "Set type, port and requestPath in a BackendConfig, which GKE always follows.",
  confirm: ["gcloud compute health-checks describe HEALTH_CHECK --global"],
  sources: ["ingress-gce: pkg/healthchecks/healthchecks.go (mergeUserSettings)"],
  messages: {
    differs:
      "Health check {name} of Service {service} has {field} {live}, while {source} says {wanted}; Google goes by {live}.",
  },

  check(topology, report) {
    if (topology.settling.open) return;
    for (const { backend, live, loadBalancer, place } of liveBackends(topology, report)) {
      if (!report.knows(backend.healthCheck) || !report.knows(loadBalancer.healthChecks)) continue;
      const wanted = backend.healthCheck.value;
      const actual = loadBalancer.healthChecks.value.find(({ name }) => live.healthChecks.includes(name));
      if (wanted === undefined || actual === undefined) continue;
      // A check that passes with other settings is somebody's choice; one that fails explains the outage.
      const severity = backend.reportedHealth === "UNHEALTHY" ? "warning" : "info";
      for (const difference of differences(wanted, actual)) {
        report(
          "differs",
          { ...place, severity },
          { name: actual.name, service: backend.serviceName, ...difference },
        );
      }
    }
  },
});

interface Difference {
  readonly field: string;
  readonly live: string;
  readonly wanted: string;
  readonly source: string;
}

function differences(wanted: EffectiveHealthCheck, live: HealthCheck): readonly Difference[] {
  const fixed = wanted.port.value.kind === "fixed" ? wanted.port.value.number : undefined;
  return [
    compared("path", wanted.path, live.requestPath),
    compared("type", wanted.type, live.type),
    ...(fixed === undefined
      ? []
      : [compared("port", { ...wanted.port, value: fixed }, live.port ?? "of each endpoint")]),
    ...followed(wanted, live),
  ].filter((difference) => difference !== undefined);
}

/** Times and thresholds keep what they were created with; only those of a BackendConfig are written back. */
function followed(wanted: EffectiveHealthCheck, live: HealthCheck): readonly (Difference | undefined)[] {
  const fields = [
    ["interval", wanted.intervalSec, live.checkIntervalSec],
    ["timeout", wanted.timeoutSec, live.timeoutSec],
    ["healthy threshold", wanted.healthyThreshold, live.healthyThreshold],
    ["unhealthy threshold", wanted.unhealthyThreshold, live.unhealthyThreshold],
  ] as const;
  return fields.flatMap(([field, value, actual]) =>
    value.source.kind === "backend-config" ? [compared(field, value, actual)] : [],
  );
}

function compared(
  field: string,
  { value, source }: Sourced<string | number>,
  live: string | number,
): Difference | undefined {
  if (String(value) === String(live)) return undefined;
  return { field, live: String(live), wanted: String(value), source: describeSource(source) };
}
