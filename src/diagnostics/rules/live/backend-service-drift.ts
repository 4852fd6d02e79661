import type { BackendConfig } from "../../../model/gke-config.ts";
import type { BackendService } from "../../../model/load-balancer.ts";
import { liveBackends } from "../../live-backends.ts";
import { defineRule } from "../../rule.ts";

export default defineRule({
  code: "GID914",
  slug: "backend-service-drift",
  severity: "warning",
  symptoms: ["stale"],
  stage: "live",
  reads: ["backends", "loadBalancer", "settling"],
  rows: ["BC-05", "BC-09", "DRF-02"],
  summary: "The live backend service differs from its BackendConfig.",
  why: "GKE writes the fields of a BackendConfig into the backend service at every sync. A difference that stays says that no sync gets that far, or that something else changes the backend service; a security policy that is not attached leaves the backend unprotected.",
  fix: "Read the Events of the Ingress for what keeps its sync back, then touch the Ingress.",
  confirm: [
    "gcloud compute backend-services describe BACKEND_SERVICE --global",
    "kubectl describe ingress INGRESS -n NAMESPACE",
  ],
  sources: ["ingress-gce: pkg/backends/features", "ingress-gce issues 1503 and 1508"],
  messages: {
    differs:
      "Backend service {name} of Service {service} has {field} {live}, while BackendConfig {config} says {wanted}.",
  },

  check(topology, report) {
    if (topology.settling.open) return;
    for (const { backend, live, place } of liveBackends(topology, report)) {
      if (!report.knows(backend.backendConfig)) continue;
      const config = backend.backendConfig.value;
      if (config === undefined) continue;
      const shared = { name: live.name, service: backend.serviceName, config: config.ref.name };
      for (const [field, wanted, actual] of comparisons(config, live)) {
        if (wanted === undefined || String(wanted) === actual) continue;
        report("differs", place, { ...shared, field, wanted: String(wanted), live: actual });
      }
    }
  },
});

type Comparison = readonly [field: string, wanted: string | number | boolean | undefined, live: string];

/** What a BackendConfig says and what is there, in order of name; undefined for what it leaves as it is. */
function comparisons(config: BackendConfig, live: BackendService): readonly Comparison[] {
  return [
    ["CDN", onOrOff(config.cdn?.enabled), onOrOff(live.cdnEnabled) ?? ""],
    ["draining timeout", config.drainingTimeoutSec, String(live.drainingTimeoutSec)],
    ["IAP", onOrOff(config.iap?.enabled), onOrOff(live.iapEnabled) ?? ""],
    ["security policy", config.securityPolicy || undefined, live.securityPolicy ?? "(none)"],
    ["session affinity", config.sessionAffinity?.type || undefined, live.sessionAffinity],
    ["timeout", config.timeoutSec, String(live.timeoutSec)],
  ];
}

function onOrOff(enabled: boolean | undefined): "on" | "off" | undefined {
  if (enabled === undefined) return undefined;
  return enabled ? "on" : "off";
}
