import { stringMap } from "../../../model/refs.ts";
import type { Service } from "../../../model/service.ts";
import { APP_PROTOCOLS_ANNOTATIONS, annotatedProtocol, parseAppProtocols } from "../../gke/app-protocols.ts";
import { annotateFix } from "../../kubectl.ts";
import { readOwnBackends } from "../../own-backends.ts";
import { defineRule } from "../../rule.ts";
import { portText } from "../../service-port.ts";

const [ALPHA, CURRENT] = APP_PROTOCOLS_ANNOTATIONS;

export default defineRule({
  code: "GID412",
  slug: "app-protocols-conflict",
  severity: "warning",
  symptoms: ["502"],
  stage: "health",
  reads: ["backends"],
  rows: ["PRT-06"],
  summary: "Two annotations give a Service port different protocols, and the old one wins.",
  why: "GKE reads `service.alpha.kubernetes.io/app-protocols` first and looks at `cloud.google.com/app-protocols` only where that is absent, whatever either says about the port.",
  fix: "Remove the old annotation service.alpha.kubernetes.io/app-protocols.",
  confirm: ["kubectl get service SERVICE -n NAMESPACE -o jsonpath='{.metadata.annotations}'"],
  sources: ["ingress-gce pkg/annotations/service.go, ApplicationProtocols"],
  messages: {
    overruled:
      "Service {service} gives port {port} the protocol {wanted} in cloud.google.com/app-protocols and {used} in service.alpha.kubernetes.io/app-protocols. The load balancer speaks {used}.",
  },

  check({ backends }, report) {
    for (const { backend, service, resolved } of readOwnBackends(backends, report)) {
      if (service === undefined || resolved === undefined) continue;
      const { port } = resolved;
      const used = protocolOf(service, ALPHA, port);
      const wanted = protocolOf(service, CURRENT, port);
      if (used === undefined || wanted === undefined || used === wanted) continue;
      report(
        "overruled",
        {
          subject: { ...service.ref, fieldPath: `metadata.annotations[${ALPHA}]` },
          backend: backend.key,
          severity: backend.reportedHealth === "HEALTHY" ? "info" : "warning",
          fix: annotateFix(service.ref, { [ALPHA]: undefined }),
        },
        { service: service.ref.name, port: portText(port), wanted, used },
      );
    }
  },
});

/** The protocol that one of the annotations, taken alone, gives a port; undefined when it is absent or invalid. */
function protocolOf(service: Service, key: string, port: Service["ports"][number]) {
  const value = service.annotations[key];
  if (value === undefined) return undefined;
  const parsed = parseAppProtocols({ ...service, annotations: stringMap({ [key]: value }) });
  return parsed.kind === "valid" ? (annotatedProtocol(parsed, port) ?? "HTTP") : undefined;
}
