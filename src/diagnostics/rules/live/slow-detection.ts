import { configurablePlace } from "../../backend-config-fix.ts";
import { liveBackends } from "../../live-backends.ts";
import { defineRule } from "../../rule.ts";
import { duration } from "../../text.ts";
import type { Backend } from "../../topology.ts";

/** Longer than any default of NEGs, in seconds: 15 s between two checks, two of which fail. */
const SLOW_SEC = 120;

const SUGGESTED = {
  checkIntervalSec: 15,
  timeoutSec: 15,
  healthyThreshold: 1,
  unhealthyThreshold: 2,
} as const;

export default defineRule({
  code: "GID916",
  slug: "slow-detection",
  severity: "info",
  symptoms: [],
  stage: "hygiene",
  reads: ["backends", "loadBalancer"],
  rows: ["HC-15"],
  summary: "The health check notices a failing endpoint only after minutes.",
  why: "An endpoint gets requests until as many checks in a row have failed as the unhealthy threshold says. Instance groups start with one check a minute and ten failures, so a node that fails is served for ten minutes.",
  fix: "Set checkIntervalSec and unhealthyThreshold in spec.healthCheck of a BackendConfig.",
  confirm: [
    "gcloud compute health-checks describe HEALTH_CHECK --global --format='value(checkIntervalSec,unhealthyThreshold)'",
  ],
  sources: ["ingress-gce: pkg/translator/healthchecks.go"],
  messages: {
    slow: "Health check {name} of Service {service} asks every {interval} s and gives up after {threshold} failures, so an endpoint that fails gets requests for {time}.",
  },

  check(topology, report) {
    for (const { backend, live, loadBalancer } of liveBackends(topology, report)) {
      if (!report.knows(loadBalancer.healthChecks)) continue;
      const check = loadBalancer.healthChecks.value.find(({ name }) => live.healthChecks.includes(name));
      const resolved = backend.resolution.known ? backend.resolution.value.backend : undefined;
      if (check === undefined || resolved === undefined) continue;
      const { checkIntervalSec: interval, unhealthyThreshold: threshold } = check;
      if (interval * threshold <= SLOW_SEC || isBeingChanged(backend)) continue;
      const change = { healthCheck: SUGGESTED };
      const place = { ...configurablePlace(resolved, "spec.healthCheck", change), backend: backend.key };
      const time = duration(interval * threshold * 1000);
      report("slow", place, { name: check.name, service: backend.serviceName, interval, threshold, time });
    }
  },
});

/** Whether a BackendConfig sets times that are short enough, which the next sync writes. */
function isBeingChanged({ backendConfig }: Backend): boolean {
  const check = backendConfig.known ? backendConfig.value?.healthCheck : undefined;
  const { checkIntervalSec, unhealthyThreshold } = check ?? {};
  if (checkIntervalSec === undefined || unhealthyThreshold === undefined) return false;
  return checkIntervalSec * unhealthyThreshold <= SLOW_SEC;
}
