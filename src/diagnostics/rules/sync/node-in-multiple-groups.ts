import { defineRule } from "../../rule.ts";
import { currentErrors } from "../../sync/current-errors.ts";

export default defineRule({
  code: "GID110",
  slug: "node-in-multiple-groups",
  severity: "error",
  symptoms: ["no-address", "stale"],
  stage: "backend-sync",
  reads: ["sync", "backends", "ingress"],
  rows: ["SYN-08"],
  summary: "A node already belongs to another load-balanced instance group.",
  why: "Compute Engine lets a virtual machine be in one load-balanced instance group only. A load balancer made by hand, by Terraform or by an old internal Service holds the nodes in its own group, so the controller cannot add them to its group. Even an Ingress with NEGs only needs that group for GKE's default backend.",
  fix: "Let the other load balancer use the instance group k8s-ig--CLUSTER_UID, or use NEGs and give the Ingress a default backend of its own.",
  confirm: [
    "kubectl describe ingress INGRESS -n NAMESPACE",
    "gcloud compute instance-groups list --format='table(name,zone,network,isManaged)'",
  ],
  sources: ["ingress-gce: docs/faq", "ingress-gce issues 1074, 1177, 2215"],
  messages: {
    named:
      "Node {instance} already belongs to another load-balanced instance group, and Compute Engine allows one, so {effect}.",
    unnamed:
      "A node already belongs to another load-balanced instance group, and Compute Engine allows one, so {effect}.",
  },

  check(topology, report) {
    const errors = currentErrors(topology, report, "node-in-multiple-groups");
    for (const { cause, place, effect } of errors) {
      const { instance } = cause;
      if (instance === undefined) report("unnamed", place, { effect });
      else report("named", place, { instance, effect });
    }
  },
});
