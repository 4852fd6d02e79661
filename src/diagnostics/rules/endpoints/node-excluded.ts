import type { Node, Pod } from "../../../model/pod.ts";
import type { Service } from "../../../model/service.ts";
import { isLive } from "../../pods/pod-census.ts";
import { defineRule } from "../../rule.ts";
import { counted } from "../../text.ts";
import type { Backend } from "../../topology.ts";

export default defineRule({
  code: "GID518",
  slug: "node-excluded",
  severity: "info",
  symptoms: ["502", "degraded"],
  stage: "endpoints",
  reads: ["backends", "nodes"],
  rows: ["ROL-05", "ROL-08"],
  summary: "Nodes that the load balancer leaves out carry pods of a backend.",
  why: "GKE keeps nodes that are not ready, that the autoscaler is about to delete or that carry an excluding label out of its instance groups, and makes no NEG in a zone where only such nodes are. What runs there gets no request, or loses its connections with the node.",
  fix: "Remove the label node.kubernetes.io/exclude-from-external-load-balancers from nodes that are to serve, or move the pods.",
  confirm: [
    "kubectl get nodes --show-labels",
    "kubectl get pods -n NAMESPACE -o wide",
    "gcloud compute instance-groups list-instances INSTANCE_GROUP --zone ZONE",
  ],
  sources: ["ingress-gce pkg/utils/zonegetter/zone_getter.go"],
  messages: {
    none: "None of the {nodes} is a candidate for the load balancer's instance groups, so no request reaches Service {service}.",
    local:
      "Service {service} has externalTrafficPolicy Local, so its pods on nodes that the instance groups leave out get no request: {pods}, e.g. {pod} on node {node}.",
    zone: "Every node of zone {zone} is kept out of load balancers, so the zone gets no NEG for the pods of Service {service} there: {pods}, e.g. {pod}.",
    leaving:
      "The cluster autoscaler is about to delete node {node}, and with it {pods} of Service {service}, e.g. {pod}.",
  },

  check(topology, report) {
    if (!report.knows(topology.nodes)) return;
    const nodes = topology.nodes.value;
    if (nodes.every(isCandidate)) return;
    for (const backend of topology.backends) {
      const use = useOf(backend);
      if (use === undefined || !report.knows(backend.pods)) continue;
      const service = backend.serviceName;
      if (use.nodes !== "zones" && !nodes.some(isCandidate)) {
        const place = { subject: use.service.ref, backend: backend.key, severity: "error" } as const;
        report("none", place, { nodes: counted(nodes.length, "node"), service });
        continue;
      }
      for (const [message, placed] of leftOut(use.nodes, backend.pods.value, nodes)) {
        const [{ pod, node }] = placed;
        const severity = message === "leaving" ? "info" : "warning";
        report(
          message,
          { subject: node.ref, backend: backend.key, severity },
          {
            service,
            pods: counted(placed.length, "pod"),
            pod: pod.ref.name,
            node: node.ref.name,
            zone: node.zone ?? "",
          },
        );
      }
    }
  },
});

/** Which nodes matter to a backend: those of its pods' zones, every one, or those that run its pods. */
interface Use {
  readonly nodes: "zones" | "any" | "own";
  readonly service: Service;
}

function useOf({ origin, resolution }: Backend): Use | undefined {
  const resolved = resolution.known ? resolution.value.backend : undefined;
  if (resolved === undefined || origin === "system-default") return undefined;
  const { mode, service } = resolved;
  if (mode === "neg") return { nodes: "zones", service };
  return { nodes: service.externalTrafficPolicy === "Local" ? "own" : "any", service };
}

function isCandidate({ ready, excluded, beingDeleted }: Node): boolean {
  return ready && !excluded && !beingDeleted;
}

/** A pod with the node it runs on. */
interface PlacedPod {
  readonly pod: Pod;
  readonly node: Node;
}

type Placed = readonly [PlacedPod, ...PlacedPod[]];

/** The pods that nodes keep from being reached, by the message that tells it; each in order of name. */
function leftOut(
  use: Use["nodes"],
  pods: readonly Pod[],
  nodes: readonly Node[],
): readonly (readonly ["local" | "zone" | "leaving", Placed])[] {
  const byName = new Map(nodes.map((node) => [node.ref.name, node]));
  const placed = pods
    .filter((pod) => pod.ready && isLive(pod))
    .sort((a, b) => (a.ref.name < b.ref.name ? -1 : 1))
    .flatMap((pod) => {
      const node = byName.get(pod.nodeName ?? "");
      return node === undefined ? [] : [{ pod, node }];
    });
  const served = new Set(nodes.filter(({ excluded }) => !excluded).map(({ zone }) => zone));
  const found = {
    local: use === "own" ? placed.filter(({ node }) => node.excluded) : [],
    zone: use === "zones" ? placed.filter(({ node }) => node.excluded && !served.has(node.zone)) : [],
    leaving: placed.filter(({ node }) => node.beingDeleted && !node.excluded),
  };
  return (["local", "zone", "leaving"] as const).flatMap((message) => {
    const [first, ...rest] = found[message];
    return first === undefined ? [] : [[message, [first, ...rest]] as const];
  });
}
