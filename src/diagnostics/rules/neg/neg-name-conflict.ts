import { negEffect } from "../../neg-state.ts";
import { defineRule } from "../../rule.ts";
import { currentErrors } from "../../sync/current-errors.ts";

export default defineRule({
  code: "GID704",
  slug: "neg-name-conflict",
  severity: "error",
  symptoms: ["no-neg", "no-address"],
  stage: "backend-sync",
  reads: ["backends", "ingress", "sync"],
  rows: ["NEG-07"],
  summary: "A NEG that a Service asks for belongs to another Service or cluster.",
  why: "The NEG controller writes into each NEG's description which cluster, Service and port it is for, and touches none that is for another. The Service that came second gets no NEG, and its pods wait for one.",
  fix: "Give the NEG another name in exposed_ports of annotation cloud.google.com/neg.",
  confirm: [
    "kubectl describe service SERVICE -n NAMESPACE",
    "kubectl get servicenetworkendpointgroups -n NAMESPACE --show-labels",
    "gcloud compute network-endpoint-groups describe NEG --zone ZONE --format='value(description)'",
  ],
  sources: ["ingress-gce pkg/neg/manager.go", "ingress-gce pkg/utils/negdescription.go"],
  messages: {
    owned:
      "Network endpoint group {neg}, which Service {service} asks for, belongs to Service {owner}, so Service {service} gets none.",
    taken:
      "The network endpoint group that Service {service} asks for is taken by another Service or cluster, so it gets none: {text}.",
  },

  check(topology, report) {
    for (const { cause, place, text } of currentErrors(topology, report, "neg-name-conflict")) {
      const backend = topology.backends.find(({ key }) => key === place.backend);
      const service = backend?.serviceName ?? place.subject.name;
      const at = { ...place, ...negEffect(backend) };
      if (cause.neg !== undefined && cause.owner !== undefined) {
        report("owned", at, { neg: cause.neg, owner: cause.owner, service });
      } else report("taken", at, { service, text: text.replace(/\.+$/, "") });
    }
  },
});
