import type { Node } from "../../../model/pod.ts";
import { defineRule } from "../../rule.ts";

/** ingress-gce flag `max-ig-size`, its default. */
const MAX_INSTANCES = 1000;

export default defineRule({
  code: "GID519",
  slug: "instance-group-too-large",
  severity: "warning",
  symptoms: ["degraded"],
  stage: "endpoints",
  reads: ["backends", "nodes"],
  rows: ["ROL-09"],
  summary: "A zone has more nodes than an instance group takes.",
  why: "GKE puts at most 1000 nodes of a zone into its instance group, in alphabetical order, and leaves out the others without a word. A Service with externalTrafficPolicy Local loses the pods that run there.",
  fix: 'Use NEGs for the Service: set annotation cloud.google.com/neg to {"ingress":true}.',
  confirm: [
    "kubectl get nodes -L topology.kubernetes.io/zone --no-headers | awk '{print $NF}' | sort | uniq -c",
    "gcloud compute instance-groups list",
  ],
  sources: ["ingress-gce LIMITATIONS.md", "ingress-gce pkg/instancegroups/manager.go"],
  messages: {
    cut: "Zone {zone} has {nodes} candidate nodes, and the instance group behind Service {service} takes {max} of them.",
  },

  check(topology, report) {
    const grouped = topology.backends.flatMap(({ key, origin, resolution }) => {
      const resolved = resolution.known ? resolution.value.backend : undefined;
      if (origin === "system-default" || resolved?.mode !== "instance-group") return [];
      return [{ key, service: resolved.service }];
    });
    if (grouped.length === 0 || !report.knows(topology.nodes)) return;
    for (const [zone, nodes] of largeZones(topology.nodes.value)) {
      for (const { key, service } of grouped) {
        // With policy Cluster every node passes requests on, so the first 1000 reach all pods.
        const severity = service.externalTrafficPolicy === "Local" ? "warning" : "info";
        const place = { subject: service.ref, backend: key, severity } as const;
        report("cut", place, { zone, nodes, service: service.ref.name, max: MAX_INSTANCES });
      }
    }
  },
});

/** Zones with more candidates than fit, with their number, in order of name. */
function largeZones(nodes: readonly Node[]): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const { zone, ready, excluded, beingDeleted } of nodes) {
    if (zone !== undefined && ready && !excluded && !beingDeleted)
      counts.set(zone, (counts.get(zone) ?? 0) + 1);
  }
  return [...counts].filter(([, count]) => count > MAX_INSTANCES).sort(([a], [b]) => (a < b ? -1 : 1));
}
