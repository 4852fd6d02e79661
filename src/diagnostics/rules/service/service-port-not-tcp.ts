import type { Severity } from "../../finding.ts";
import { patchFix } from "../../kubectl.ts";
import { type ReadBackend, readOwnBackends } from "../../own-backends.ts";
import { defineRule } from "../../rule.ts";
import { portField, portText } from "../../service-port.ts";

export default defineRule({
  code: "GID407",
  slug: "service-port-not-tcp",
  severity: "error",
  symptoms: ["502"],
  stage: "endpoints",
  reads: ["backends"],
  rows: [],
  summary: "A backend is a Service port of a protocol other than TCP.",
  why: "The load balancer speaks HTTP over TCP. Kubernetes resolves a named target port only among container ports of the same protocol, so a UDP port named like a TCP container port has no endpoints; a node port of that protocol takes no TCP connection. No Event says so.",
  fix: "Set the protocol of the Service port to TCP.",
  confirm: [
    "kubectl get service SERVICE -n NAMESPACE -o jsonpath='{.spec.ports}'",
    "kubectl get endpointslices -n NAMESPACE -l kubernetes.io/service-name=SERVICE",
  ],
  sources: ["ingress-gce pkg/neg/syncers/utils.go, toZoneNetworkEndpointMap"],
  messages: {
    unreachable:
      "Port {port} of Service {service} has protocol {protocol}. The load balancer connects by TCP, so it reaches no endpoint of this port.",
  },

  check({ backends }, report) {
    for (const { backend, resolved } of readOwnBackends(backends, report)) {
      if (resolved === undefined || resolved.port.protocol === "TCP") continue;
      if (!report.knows(backend.endpoints)) continue;
      const { service, port } = resolved;
      const field = portField(service, port);
      report(
        "unreachable",
        {
          subject: { ...service.ref, fieldPath: `${field}.protocol` },
          backend: backend.key,
          severity: severityOf({ backend, resolved }),
          fix: patchFix(service.ref, [
            { op: "test", path: `/spec/ports/${service.ports.indexOf(port)}/port`, value: port.port },
            { op: "add", path: `/spec/ports/${service.ports.indexOf(port)}/protocol`, value: "TCP" },
          ]),
        },
        { port: portText(port), service: service.ref.name, protocol: port.protocol },
      );
    }
  },
});

/** A NEG with endpoints is reached by TCP whatever the Service says, if something listens there. */
function severityOf({ backend, resolved }: Pick<ReadBackend, "backend" | "resolved">): Severity {
  const carried = backend.endpoints.known && backend.endpoints.value.ports.length > 0;
  if (resolved?.mode === "instance-group" || !carried) return "error";
  if (backend.reportedHealth === "HEALTHY") return "info";
  return backend.reportedHealth === "UNHEALTHY" ? "error" : "warning";
}
