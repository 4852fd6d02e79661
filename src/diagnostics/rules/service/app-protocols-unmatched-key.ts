import type { Severity } from "../../finding.ts";
import { annotateFix } from "../../kubectl.ts";
import { readOwnBackends } from "../../own-backends.ts";
import { defineRule } from "../../rule.ts";
import { portText } from "../../service-port.ts";
import { strayProtocol } from "../../stray-protocol.ts";

export default defineRule({
  code: "GID411",
  slug: "app-protocols-unmatched-key",
  severity: "warning",
  symptoms: ["502"],
  stage: "health",
  reads: ["backends"],
  rows: ["PRT-06"],
  summary: "The annotation that names protocols has a key that is no port name, so it is not used.",
  why: "Keys of the annotation are names of Service ports. A number, a misspelt name or a container port is accepted and silently without effect, so the load balancer speaks plain HTTP to the backend.",
  fix: "Use the name of the Service port as the key; an unnamed port has the empty name.",
  confirm: ["kubectl get service SERVICE -n NAMESPACE -o yaml"],
  sources: ["ingress-gce pkg/controller/translator/translator.go, setAppProtocol"],
  messages: {
    unused:
      "The annotation {annotation} of Service {service} gives {key} the protocol {protocol}, and no port has that name. The load balancer speaks HTTP to port {port}.",
  },

  check({ backends }, report) {
    for (const { backend, service, resolved } of readOwnBackends(backends, report)) {
      if (service === undefined || resolved === undefined) continue;
      const { port } = resolved;
      const stray = strayProtocol(service, port);
      if (stray === undefined) continue;
      const { annotation, key, protocol, corrected } = stray;
      report(
        "unused",
        {
          subject: { ...service.ref, fieldPath: `metadata.annotations[${annotation}]` },
          backend: backend.key,
          severity: severityOf(backend.reportedHealth),
          fix: annotateFix(service.ref, { [annotation]: corrected }),
        },
        { annotation, service: service.ref.name, key, protocol, port: portText(port) },
      );
    }
  },
});

/** A backend that is healthy over HTTP does not miss what the annotation asks for. */
function severityOf(reportedHealth: string | undefined): Severity {
  if (reportedHealth === "HEALTHY") return "info";
  return reportedHealth === "UNHEALTHY" ? "error" : "warning";
}
