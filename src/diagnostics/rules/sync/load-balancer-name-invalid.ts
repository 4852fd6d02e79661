import { defineRule } from "../../rule.ts";
import { currentErrors } from "../../sync/current-errors.ts";

export default defineRule({
  code: "GID112",
  slug: "load-balancer-name-invalid",
  severity: "error",
  symptoms: ["no-address", "stale"],
  stage: "backend-sync",
  reads: ["sync", "backends", "ingress"],
  rows: ["SYN-12"],
  summary: "The name of the Ingress does not make a valid load balancer name.",
  why: "GKE builds the load balancer's name from namespace and name of the Ingress. Compute Engine allows small letters, digits and hyphens only, while Kubernetes also allows dots; an Ingress with a dot in its name never gets a load balancer.",
  fix: "Create the Ingress under a name of small letters, digits and hyphens, and delete this one.",
  confirm: ["kubectl describe ingress INGRESS -n NAMESPACE"],
  sources: ["ingress-gce: pkg/loadbalancers/l7s.go", "ingress-gce: pkg/utils/namer/utils.go"],
  messages: {
    dot: "The name of Ingress {ingress} contains a dot, which no load balancer name may, so nothing is built for it.",
    refused:
      "The load balancer name {name} made from Ingress {ingress} is not valid, so nothing is built for it.",
  },

  check(topology, report) {
    const { ref } = topology.ingress;
    const place = { subject: { ...ref, fieldPath: "metadata.name" } };
    if (ref.name.includes(".")) {
      report("dot", place, { ingress: ref.name });
      return;
    }
    for (const { cause } of currentErrors(topology, report, "name-invalid")) {
      report("refused", place, { name: cause.name, ingress: ref.name });
    }
  },
});
