import type { EndpointHealth } from "../../../model/load-balancer.ts";
import { type LiveBackend, liveBackends } from "../../live-backends.ts";
import { defineRule, type Report } from "../../rule.ts";
import { counted } from "../../text.ts";
import type { Backend, Topology } from "../../topology.ts";

/** A new endpoint is unhealthy until a prober has had its answers. */
const FIRST_PROBES_MS = 2 * 60_000;

const MESSAGES = {
  partly:
    "Google calls {unhealthy} of {all} of Service {service} unhealthy ({zones}), though Kubernetes calls their pods ready.",
  nodes:
    "Google calls {unhealthy} of {all} behind Service {service} unhealthy ({zones}), though Kubernetes calls them ready and {expected}.",
} as const;

export default defineRule({
  code: "GID902",
  slug: "backend-partly-unhealthy",
  severity: "warning",
  symptoms: ["degraded"],
  stage: "live",
  reads: ["backends", "loadBalancer", "now", "nodes"],
  rows: ["HC-14", "HC-16", "SVC-10", "FW-04"],
  summary: "Google calls some endpoints of a backend unhealthy while Kubernetes calls them ready.",
  why: "The backends annotation says HEALTHY as soon as one endpoint is. The others get no traffic, so the healthy ones carry all of it, and a zone without a healthy endpoint is served from another one.",
  fix: "Compare the unhealthy pods with the healthy ones: version, configuration, node and network.",
  confirm: ["gcloud compute backend-services get-health BACKEND_SERVICE --global"],
  sources: ["ingress-gce: pkg/backends/backends.go (Health)"],
  messages: MESSAGES,

  check(topology, report) {
    for (const found of liveBackends(topology, report)) {
      const { backend, live, place } = found;
      if (!report.knows(live.health) || !report.knows(backend.pods)) continue;
      const all = live.health.value;
      if (!all.some(({ state }) => state === "HEALTHY")) continue;
      const unhealthy = all.filter(({ state }) => state === "UNHEALTHY");
      if (live.groups.some(({ kind }) => kind === "instance-group")) {
        reportNodes(found, unhealthy, topology, report);
        continue;
      }
      const ready = readyAddresses(backend, topology);
      const endpoints = unhealthy.filter(({ address }) => ready.has(address));
      if (endpoints.length === 0) continue;
      report("partly", place, {
        unhealthy: endpoints.length,
        all: counted(all.length, "endpoint"),
        service: backend.serviceName,
        zones: zonesOf(endpoints),
      });
    }
  },
});

function reportNodes(
  { backend, live, place }: LiveBackend,
  unhealthy: readonly EndpointHealth[],
  topology: Topology,
  report: Report<typeof MESSAGES>,
): void {
  if (!report.knows(topology.nodes) || !report.knows(backend.endpoints)) return;
  const { names, expected } = servingNodes(backend, topology);
  const found = unhealthy.filter(({ instance }) => names.has(instance ?? ""));
  if (found.length === 0) return;
  report("nodes", place, {
    unhealthy: found.length,
    all: counted(live.health.known ? live.health.value.length : 0, "node"),
    service: backend.serviceName,
    zones: zonesOf(found),
    expected,
  });
}

/** Names of the nodes whose node port answers, and why it does. Instances have the names of their nodes. */
function servingNodes({ resolution, endpoints }: Backend, { nodes }: Topology) {
  const ready = new Set(
    (nodes.known ? nodes.value : []).filter((node) => node.ready).map(({ ref }) => ref.name),
  );
  const service = resolution.known ? resolution.value.backend?.service : undefined;
  if (service?.externalTrafficPolicy !== "Local") {
    return { names: ready, expected: "every node passes requests on" };
  }
  const running = (endpoints.known ? endpoints.value.ready : []).map(({ nodeName }) => nodeName ?? "");
  return {
    names: new Set(running.filter((name) => ready.has(name))),
    expected: "pods of it are ready there",
  };
}

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
