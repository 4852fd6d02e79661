import { defineRule } from "../../rule.ts";
import { currentErrors } from "../../sync/current-errors.ts";

export default defineRule({
  code: "GID115",
  slug: "node-port-missing",
  severity: "error",
  symptoms: ["no-address", "stale"],
  stage: "backend-sync",
  reads: ["sync", "backends", "ingress"],
  rows: ["PRT-08"],
  summary: "A Service port that instance groups need has no node port.",
  why: "Without NEGs the load balancer sends traffic to the node port of the Service. A Service of type LoadBalancer with allocateLoadBalancerNodePorts set to false has none, so no health check can be made and the sync stops.",
  fix: 'Add the annotation cloud.google.com/neg with {"ingress": true} to the Service, or let it allocate node ports.',
  confirm: [
    "kubectl get service SERVICE -n NAMESPACE --output jsonpath='{.spec.ports[*].nodePort}'",
    "kubectl describe ingress INGRESS -n NAMESPACE",
  ],
  sources: ["ingress-gce: pkg/controller/translator/translator.go, GetProbe"],
  messages: {
    service:
      "Port {port} of Service {service} has no node port and no NEG, so no change of Ingress {ingress} is applied.",
    event: "A Service port has no node port, so {effect}: {text}.",
  },

  check(topology, report) {
    const { ingress, backends } = topology;
    const portless = backends.filter(
      ({ resolution, origin, service }) =>
        origin !== "system-default" &&
        // The API server gives out node ports; a manifest that was never applied need not name them.
        service.known &&
        service.value?.uid !== "" &&
        resolution.known &&
        resolution.value.backend?.mode === "instance-group" &&
        (resolution.value.backend.port.nodePort ?? 0) === 0,
    );
    for (const { key, serviceName: service, port, service: observed } of portless) {
      const subject = observed.known && observed.value ? observed.value.ref : ingress.ref;
      report(
        "service",
        { subject, backend: key },
        { service, port: port?.port ?? 0, ingress: ingress.ref.name },
      );
    }
    for (const { place, effect, text } of currentErrors(topology, report, "node-port-missing")) {
      if (portless.length === 0) report("event", place, { effect, text });
    }
  },
});
