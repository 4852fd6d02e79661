import { annotateFix } from "../../kubectl.ts";
import { readOwnBackends } from "../../own-backends.ts";
import { defineRule } from "../../rule.ts";
import { portField, portText } from "../../service-port.ts";

/** Values of the field that ask for something else than plain HTTP, and the nearest that GKE Ingress knows. */
const MEANT: ReadonlyMap<string, "HTTPS" | "HTTP2"> = new Map([
  ["https", "HTTPS"],
  ["tls", "HTTPS"],
  ["http2", "HTTP2"],
  ["h2", "HTTP2"],
  ["kubernetes.io/h2", "HTTP2"],
  ["grpc", "HTTP2"],
  ["grpcs", "HTTP2"],
]);

export default defineRule({
  code: "GID416",
  slug: "app-protocol-field-ignored",
  severity: "info",
  symptoms: ["502"],
  stage: "hygiene",
  reads: ["backends"],
  rows: ["PRT-06"],
  summary: "A Service port says its protocol in a field that GKE Ingress does not read.",
  why: "GKE Ingress takes the protocol of a backend from the annotation `cloud.google.com/app-protocols` alone. The field `appProtocol` has no effect, so the load balancer speaks plain HTTP.",
  fix: "Say the protocol in the annotation cloud.google.com/app-protocols.",
  confirm: ["kubectl get service SERVICE -n NAMESPACE -o yaml"],
  sources: ["ingress-gce pkg/controller/translator/translator.go, setAppProtocol"],
  messages: {
    ignored:
      "Port {port} of Service {service} has appProtocol {field}, which GKE Ingress does not read. The load balancer speaks HTTP to it.",
  },

  check({ backends }, report) {
    for (const { backend, resolved } of readOwnBackends(backends, report)) {
      const written = resolved?.port.appProtocol;
      if (resolved === undefined || written === undefined || resolved.protocolAnnotation !== undefined)
        continue;
      const meant = MEANT.get(written.toLowerCase());
      if (meant === undefined) continue;
      const { service, port } = resolved;
      const annotated = resolved.service.annotations["cloud.google.com/app-protocols"] !== undefined;
      report(
        "ignored",
        {
          subject: { ...service.ref, fieldPath: `${portField(service, port)}.appProtocol` },
          backend: backend.key,
          fix: annotated
            ? {}
            : annotateFix(service.ref, {
                "cloud.google.com/app-protocols": JSON.stringify({ [port.name ?? ""]: meant }),
              }),
        },
        { port: portText(port), service: service.ref.name, field: written },
      );
    }
  },
});
