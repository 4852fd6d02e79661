import type { Node } from "../../../model/pod.ts";
import type { Severity } from "../../finding.ts";
import { negEffect, negSyncState } from "../../neg-state.ts";
import { defineRule } from "../../rule.ts";
import { currentErrors } from "../../sync/current-errors.ts";
import { counted } from "../../text.ts";
import type { Backend } from "../../topology.ts";

export default defineRule({
  code: "GID708",
  slug: "node-without-zone",
  severity: "warning",
  symptoms: ["502", "stale", "degraded"],
  stage: "endpoints",
  reads: ["backends", "ingress", "nodes", "sync"],
  rows: ["NEG-08", "NEG-09"],
  summary: "A node behind a NEG lacks the data that place its pods.",
  why: "There is one NEG for each zone and subnetwork. The NEG controller reads a node's zone from spec.providerID and its subnetwork from spec.podCIDR; a node without them fails the sync of every Service with an endpoint on it, and pods outside the default subnetwork may be left out.",
  fix: "Remove such nodes from the cluster, or keep the pods of load balanced Services away from them.",
  confirm: [
    "kubectl get nodes -o custom-columns=NAME:.metadata.name,PROVIDER:.spec.providerID,CIDR:.spec.podCIDR",
    "kubectl describe service SERVICE -n NAMESPACE",
  ],
  sources: ["ingress-gce pkg/utils/zonegetter/zone_getter.go", "kubernetes/ingress-gce issue 2508"],
  messages: {
    zone: "Node {node}, which carries {endpoints} of Service {service}, has no zone in spec.providerID.",
    cidr: "Node {node}, which carries {endpoints} of Service {service}, has no spec.podCIDR.",
    subnet:
      "Node {node}, which carries {endpoints} of Service {service}, is in subnetwork {subnet}; where the cluster's NEGs cover the default subnetwork only, these get no request.",
    reported: "The NEG controller finds no zone for a node, so {effect}: {text}.",
  },

  check(topology, report) {
    const seen = new Set<string>();
    const negs = topology.backends.filter(isOwnNeg);
    const nodes = negs.length > 0 && report.knows(topology.nodes) ? topology.nodes.value : [];
    const faulty = nodes.filter((node) => faultOf(node) !== undefined);
    for (const backend of negs) {
      if (!report.knows(backend.endpoints)) continue;
      for (const { node, fault, endpoints } of faultyNodes(backend, faulty)) {
        if (fault !== "subnet") seen.add(backend.key);
        const place = { subject: node.ref, backend: backend.key, ...effectOf(fault, backend) };
        const facts = { node: node.ref.name, subnet: node.subnet ?? "", service: backend.serviceName };
        report(fault, place, { ...facts, endpoints: counted(endpoints, "endpoint") });
      }
    }
    const reported = currentErrors(topology, report, "neg-node-without-zone");
    for (const { place, effect, text } of reported.filter(({ place }) => !seen.has(place.backend ?? ""))) {
      report("reported", place, { effect, text: text.replace(/\.+$/, "") });
    }
  },
});

function isOwnNeg({ origin, resolution }: Backend): boolean {
  return origin !== "system-default" && resolution.known && resolution.value.backend?.mode === "neg";
}

interface FaultyNode {
  readonly node: Node;
  readonly fault: "zone" | "cidr" | "subnet";
  /** How many endpoints of the backend are on it. */
  readonly endpoints: number;
}

function faultyNodes({ endpoints }: Backend, nodes: readonly Node[]): readonly FaultyNode[] {
  if (!endpoints.known || nodes.length === 0) return [];
  const counts = new Map<string, number>();
  for (const { nodeName = "" } of [...endpoints.value.ready, ...endpoints.value.notReady]) {
    counts.set(nodeName, (counts.get(nodeName) ?? 0) + 1);
  }
  return nodes.flatMap((node) => {
    const count = counts.get(node.ref.name) ?? 0;
    const fault = faultOf(node);
    return count === 0 || fault === undefined ? [] : [{ node, fault, endpoints: count }];
  });
}

function faultOf({ zone, hasPodCidr, subnet }: Node): FaultyNode["fault"] | undefined {
  if (zone === undefined) return "zone";
  if (!hasPodCidr) return "cidr";
  return subnet === undefined ? undefined : "subnet";
}

/** Only the controller's own word makes it certain: it may know such nodes better. */
function effectOf(fault: FaultyNode["fault"], backend: Backend) {
  const info: { readonly severity: Severity } = { severity: "info" };
  if (fault === "subnet" || negSyncState(backend) === "synced") return info;
  return negSyncState(backend) === "failed" ? negEffect(backend) : { severity: "warning" as const };
}
