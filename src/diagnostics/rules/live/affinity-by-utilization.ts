import { liveBackends } from "../../live-backends.ts";
import { defineRule } from "../../rule.ts";

export default defineRule({
  code: "GID917",
  slug: "affinity-by-utilization",
  severity: "info",
  symptoms: ["degraded"],
  stage: "hygiene",
  reads: ["backends", "loadBalancer"],
  rows: ["BC-12"],
  summary: "Session affinity is lost where requests are balanced by utilization.",
  why: "With balancing mode UTILIZATION the shares of the groups follow the load of their machines, and with the shares clients move to other endpoints; some endpoints become hot meanwhile. GKE itself balances by rate.",
  fix: "Set balancing mode RATE on the backend service, or switch session affinity off.",
  confirm: [
    "gcloud compute backend-services describe BACKEND_SERVICE --global --format='yaml(sessionAffinity,backends[].balancingMode)'",
  ],
  sources: ["gcpdiag lb/BP/2022_001, lb/BP/2024_001 and lb/BP/2026_001"],
  messages: {
    moving:
      "Backend service {name} of Service {service} has session affinity {affinity} and balances {group} by UTILIZATION, so clients move between endpoints as load changes.",
  },

  check(topology, report) {
    for (const { backend, live, place } of liveBackends(topology, report)) {
      const { name, sessionAffinity: affinity, groups } = live;
      const [group] = groups
        .filter(({ balancingMode }) => balancingMode === "UTILIZATION")
        .map(groupText)
        .sort();
      if (group === undefined || affinity === "NONE") continue;
      report("moving", place, { name, service: backend.serviceName, affinity, group });
    }
  },
});

function groupText({ name, zone }: { readonly name: string; readonly zone: string }): string {
  return `${name} in zone ${zone}`;
}
