import type { InstanceGroup } from "../../../model/load-balancer.ts";
import type { Node } from "../../../model/pod.ts";
import { attachedInstanceGroups, liveBackends } from "../../live-backends.ts";
import { defineRule } from "../../rule.ts";
import { counted, listed } from "../../text.ts";

export default defineRule({
  code: "GID912",
  slug: "instance-group-empty",
  severity: "error",
  symptoms: ["502"],
  stage: "network",
  reads: ["backends", "loadBalancer", "nodes", "settling"],
  rows: ["ROL-08"],
  summary: "The instance groups of a backend hold none of the nodes that could serve.",
  why: "GKE keeps one unmanaged instance group per zone and puts every candidate node into it. A group that somebody emptied, or that a failing sync leaves behind, gives the load balancer nothing to send requests to.",
  fix: "Touch the Ingress to start a sync, and read its Events for what keeps the nodes out.",
  confirm: [
    "gcloud compute instance-groups list-instances INSTANCE_GROUP --zone=ZONE",
    "kubectl get nodes -L topology.kubernetes.io/zone",
  ],
  sources: ["ingress-gce: pkg/instancegroups/manager.go (Sync)"],
  messages: {
    all: "Every instance group behind Service {service} is empty ({zones}), though {nodes} could serve, so no request reaches it.",
    zone: "The instance group behind Service {service} in zone {zone} is empty, though {nodes} there could serve.",
  },

  check(topology, report) {
    if (topology.settling.open) return;
    for (const { backend, live, loadBalancer, place } of liveBackends(topology, report)) {
      if (!live.groups.some(({ kind }) => kind === "instance-group")) continue;
      if (!report.knows(loadBalancer.instanceGroups) || !report.knows(topology.nodes)) continue;
      const attached = attachedInstanceGroups(live, loadBalancer.instanceGroups.value);
      const candidates = topology.nodes.value.filter(isCandidate);
      const faulty = emptyZones(attached, candidates);
      const service = backend.serviceName;
      if (faulty.length > 0 && attached.every(({ size }) => size === 0)) {
        const zones = listed(attached.map(({ zone }) => zone));
        report("all", place, { service, zones, nodes: counted(candidates.length, "ready node") });
        continue;
      }
      for (const { zone, nodes } of faulty) {
        const at = { ...place, severity: "warning", symptoms: ["degraded"] } as const;
        report("zone", at, { service, zone, nodes: counted(nodes, "ready node") });
      }
    }
  },
});

/** Zones whose group holds no node although the zone has some that could serve. */
function emptyZones(attached: readonly InstanceGroup[], candidates: readonly Node[]) {
  return attached
    .filter(({ size }) => size === 0)
    .map(({ zone }) => ({ zone, nodes: candidates.filter((node) => node.zone === zone).length }))
    .filter(({ nodes }) => nodes > 0);
}

function isCandidate({ ready, excluded, beingDeleted, subnet }: Node): boolean {
  return ready && !excluded && !beingDeleted && subnet === undefined;
}
