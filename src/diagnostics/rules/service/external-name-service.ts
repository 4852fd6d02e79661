import { readOwnBackends } from "../../own-backends.ts";
import { defineRule } from "../../rule.ts";
import { referenceText } from "../../service-port.ts";

export default defineRule({
  code: "GID406",
  slug: "external-name-service",
  severity: "error",
  symptoms: ["502"],
  stage: "endpoints",
  reads: ["backends"],
  rows: ["SVC-09"],
  summary: "A backend is an ExternalName Service, which never has endpoints.",
  why: "An ExternalName Service is an alias in the cluster's DNS. It selects no pods, so its network endpoint group stays empty and every request fails.",
  fix: "Put a proxy Deployment with a Service of its own in front of the external host, and name that Service.",
  confirm: ["kubectl get service SERVICE -n NAMESPACE -o yaml", "kubectl get endpointslices -n NAMESPACE"],
  sources: ["ingress-gce pkg/neg/types/types.go, EndpointsDataFromEndpointSlices"],
  messages: {
    empty:
      "Port {port} of Service {service} leads to the external name {name}. An ExternalName Service has no endpoints, so the load balancer has nowhere to send requests.",
  },

  check({ backends }, report) {
    for (const { backend, resolved } of readOwnBackends(backends, report)) {
      if (resolved?.service.type !== "ExternalName") continue;
      const { ref, externalName } = resolved.service;
      report(
        "empty",
        { subject: { ...ref, fieldPath: "spec.type" }, backend: backend.key },
        { port: referenceText(backend.portReference), service: ref.name, name: externalName || "(none)" },
      );
    }
  },
});
