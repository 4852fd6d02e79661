import type { EndpointHealth } from "../../../model/load-balancer.ts";
import { liveBackends } from "../../live-backends.ts";
import { defineRule } from "../../rule.ts";
import { counted } from "../../text.ts";
import type { Backend, Topology } from "../../topology.ts";

/** A new endpoint is unhealthy until a prober has had its answers. */
const FIRST_PROBES_MS = 2 * 60_000;

export default defineRule({
  code: "GID902",
  slug: "backend-partly-unhealthy",
  severity: "warning",
  symptoms: ["degraded"],
  stage: "live",
  reads: ["backends", "loadBalancer", "now"],
  rows: ["HC-14", "HC-16"],
  summary: "Google calls some endpoints of a backend unhealthy while Kubernetes calls them ready.",
  why: "The backends annotation says HEALTHY as soon as one endpoint is. The others get no traffic, so the healthy ones carry all of it, and a zone without a healthy endpoint is served from another one.",
  fix: "Compare the unhealthy pods with the healthy ones: version, configuration, node and network.",
  confirm: ["gcloud compute backend-services get-health BACKEND_SERVICE --global"],
  sources: ["ingress-gce: pkg/backends/backends.go (Health)"],
  messages: {
    partly:
      "Google calls {unhealthy} of {all} of Service {service} unhealthy ({zones}), though Kubernetes calls their pods ready.",
  },

  check(topology, report) {
    for (const { backend, live, place } of liveBackends(topology, report)) {
      if (!report.knows(live.health) || !report.knows(backend.pods)) continue;
      const all = live.health.value;
      const ready = readyAddresses(backend, topology);
      const unhealthy = all.filter(({ state, address }) => state === "UNHEALTHY" && ready.has(address));
      if (unhealthy.length === 0 || !all.some(({ state }) => state === "HEALTHY")) continue;
      report("partly", place, {
        unhealthy: unhealthy.length,
        all: counted(all.length, "endpoint"),
        service: backend.serviceName,
        zones: zonesOf(unhealthy),
      });
    }
  },
});

function readyAddresses({ pods }: Backend, { now }: Topology): ReadonlySet<string> {
  const all = pods.known ? pods.value : [];
  const ready = all.filter(
    (pod) => pod.ready && pod.deletedAt === undefined && now.hasCome(pod.createdAt + FIRST_PROBES_MS),
  );
  return new Set(ready.flatMap(({ ip }) => (ip === undefined ? [] : [ip])));
}

function zonesOf(endpoints: readonly EndpointHealth[]): string {
  const counts = new Map<string, number>();
  for (const { zone } of endpoints) counts.set(zone, (counts.get(zone) ?? 0) + 1);
  return [...counts]
    .sort()
    .map(([zone, count]) => `${zone}: ${count}`)
    .join(", ");
}
