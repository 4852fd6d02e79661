import { liveBackends } from "../../live-backends.ts";
import { defineRule } from "../../rule.ts";
import { counted } from "../../text.ts";
import type { Backend, Topology } from "../../topology.ts";

/** NEGs are made in a zone and attached with the next sync, which may be the next resync. */
const ATTACH_MS = 15 * 60_000;

export default defineRule({
  code: "GID915",
  slug: "zone-not-attached",
  severity: "warning",
  symptoms: ["degraded"],
  stage: "network",
  reads: ["backends", "loadBalancer", "now", "settling"],
  rows: ["NEG-13"],
  summary: "A zone with ready pods has no network endpoint group in the backend service.",
  why: "The load balancer sends requests to the groups that are attached to its backend service. Pods of a zone whose group is not attached get none, and the other zones carry their share.",
  fix: "Touch the Ingress to start a sync, and read its Events for what keeps the zone out.",
  confirm: [
    "gcloud compute backend-services describe BACKEND_SERVICE --global --format='value(backends[].group)'",
    "kubectl get servicenetworkendpointgroups -n NAMESPACE -o yaml",
  ],
  sources: ["ingress-gce: pkg/backends/neg_linker.go", "ingress-gce issues 1589 and 2222"],
  messages: {
    zone: "Backend service {name} has no network endpoint group in zone {zone}, where {pods} of Service {service} could serve.",
  },

  check(topology, report) {
    if (topology.settling.open) return;
    for (const { backend, live, place } of liveBackends(topology, report)) {
      const attached = live.groups.filter(({ kind }) => kind === "neg");
      if (attached.length === 0 || !report.knows(backend.endpoints) || !report.knows(backend.pods)) continue;
      const zones = new Set(attached.map(({ zone }) => zone));
      for (const [zone, pods] of settledZones(backend, topology)) {
        if (zones.has(zone)) continue;
        const parameters = { name: live.name, service: backend.serviceName, zone };
        report("zone", place, { ...parameters, pods: counted(pods, "ready pod") });
      }
    }
  },
});

/** Zones with ready endpoints whose pods are old enough to be attached, with their number, in order of name. */
function settledZones(
  { endpoints, pods }: Backend,
  { now }: Topology,
): readonly (readonly [string, number])[] {
  const created = new Map((pods.known ? pods.value : []).map((pod) => [pod.ref.name, pod.createdAt]));
  const zones = new Map<string, number>();
  for (const { pod = "", zone } of endpoints.known ? endpoints.value.ready : []) {
    const createdAt = created.get(pod);
    if (zone === undefined || createdAt === undefined || !now.hasCome(createdAt + ATTACH_MS)) continue;
    zones.set(zone, (zones.get(zone) ?? 0) + 1);
  }
  return [...zones].sort(([a], [b]) => (a < b ? -1 : 1));
}
