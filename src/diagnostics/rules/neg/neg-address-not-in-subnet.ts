import { negEffect } from "../../neg-state.ts";
import { defineRule } from "../../rule.ts";
import { currentErrors } from "../../sync/current-errors.ts";

export default defineRule({
  code: "GID706",
  slug: "neg-address-not-in-subnet",
  severity: "error",
  symptoms: ["502"],
  stage: "endpoints",
  reads: ["backends", "ingress", "sync"],
  rows: ["NEG-01"],
  summary: "Compute Engine refuses pod addresses as endpoints of a NEG.",
  why: "A network endpoint is an address from a node's alias ranges. Pods of a routes-based cluster, or of a range that the node's network interface does not have, have none such, so the NEG stays empty and the load balancer answers 502.",
  fix: "Use a VPC-native cluster, or remove annotation cloud.google.com/neg and use a NodePort Service.",
  confirm: [
    "kubectl describe service SERVICE -n NAMESPACE",
    "gcloud container clusters describe CLUSTER --format='value(ipAllocationPolicy.useIpAliases)'",
  ],
  sources: ["kubernetes/ingress-gce issue 1463", "gcpdiag gke/BP/2023_004"],
  messages: {
    address:
      "Compute Engine refuses address {address} as an endpoint of Service {service}: it does not belong to the subnetwork of its node.",
    unnamed:
      "Compute Engine refuses endpoints of Service {service}: their addresses do not belong to the subnetwork of their nodes.",
  },

  check(topology, report) {
    for (const { cause, place } of currentErrors(topology, report, "neg-address-outside-subnet")) {
      const backend = topology.backends.find(({ key }) => key === place.backend);
      const service = backend?.serviceName ?? place.subject.name;
      const at = { ...place, ...negEffect(backend) };
      if (cause.address === undefined) report("unnamed", at, { service });
      else report("address", at, { service, address: cause.address });
    }
  },
});
