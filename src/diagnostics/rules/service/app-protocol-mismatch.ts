import type { Severity } from "../../finding.ts";
import { parseAppProtocols } from "../../gke/app-protocols.ts";
import type { ResolvedBackend } from "../../gke/backend.ts";
import type { EffectiveHealthCheck } from "../../gke/health-check.ts";
import { annotateFix } from "../../kubectl.ts";
import { readOwnBackends } from "../../own-backends.ts";
import { defineRule } from "../../rule.ts";
import { portText } from "../../service-port.ts";
import { type SpokenProtocol, spokenProtocol } from "../../spoken-protocol.ts";
import { strayProtocol } from "../../stray-protocol.ts";
import type { Backend } from "../../topology.ts";

export default defineRule({
  code: "GID413",
  slug: "app-protocol-mismatch",
  severity: "error",
  symptoms: ["502"],
  stage: "health",
  reads: ["backends"],
  rows: ["HC-10", "APP-06"],
  summary: "The load balancer speaks TLS to a backend that speaks plain HTTP, or the other way round.",
  why: "The annotation `cloud.google.com/app-protocols` decides what the load balancer and its health check speak to the pods: HTTP without it, TLS for HTTPS and HTTP2. Where the pods speak the other one, every connection is reset or answered with an error, and no endpoint becomes healthy.",
  fix: "Name in the annotation cloud.google.com/app-protocols what the pods speak.",
  confirm: [
    "kubectl get service SERVICE -n NAMESPACE -o jsonpath='{.metadata.annotations}'",
    "kubectl port-forward -n NAMESPACE service/SERVICE 8080:PORT, then curl -v http://localhost:8080/ and curl -vk https://localhost:8080/",
  ],
  sources: [
    "ingress-gce pkg/controller/translator/translator.go, setAppProtocol",
    "Google Cloud documentation: HTTPS (TLS) between load balancer and your application",
  ],
  messages: {
    differs:
      "The load balancer speaks {protocol} to port {port} of Service {service}, but {evidence}. Google reports the backend {health}.",
    masked:
      "The health check of port {port} of Service {service} succeeds in {type}, and the load balancer sends requests to the same port in {protocol}. They fail although Google reports the backend HEALTHY.",
  },

  check({ backends }, report) {
    for (const { backend, resolved } of readOwnBackends(backends, report)) {
      if (resolved === undefined || !report.knows(backend.pods) || !report.knows(backend.healthCheck))
        continue;
      const { service, port, protocol } = resolved;
      const shown = { port: portText(port), service: service.ref.name, protocol };
      const subject = { ...service.ref, fieldPath: `metadata.annotations[${annotationOf(resolved)}]` };
      const place = { subject, backend: backend.key };
      const tls = protocol !== "HTTP";
      const check = backend.healthCheck.value;
      if (check !== undefined && isMasked(backend, resolved, check)) {
        const { value: type } = check.type;
        report("masked", { ...place, severity: "warning", fix: fixFor(resolved, !tls) }, { ...shown, type });
        continue;
      }
      // A healthy backend answers what it is asked.
      if (backend.reportedHealth === "HEALTHY") continue;
      const spoken = spokenProtocol(port, backend.pods.value);
      const severity = spoken && severityOf(backend, spoken);
      // An entry under a wrong key is a finding of its own.
      if (severity === undefined || spoken?.tls === tls || strayProtocol(service, port) !== undefined)
        continue;
      report(
        "differs",
        { ...place, severity, fix: fixFor(resolved, !tls) },
        { ...shown, evidence: spoken?.text ?? "", health: backend.reportedHealth ?? "nowhere yet" },
      );
    }
  },
});

/** A name alone is no reason to doubt a backend that nobody has asked. */
function severityOf({ reportedHealth }: Backend, { evidence }: SpokenProtocol): Severity {
  if (reportedHealth === "UNHEALTHY") return "error";
  return evidence === "probe" ? "warning" : "info";
}

/** Whether a BackendConfig lets the health check speak what the load balancer does not, on the same port. */
function isMasked(
  { reportedHealth }: Backend,
  { protocol, port }: ResolvedBackend,
  { type, port: checked }: EffectiveHealthCheck,
): boolean {
  if (reportedHealth !== "HEALTHY" || type.source.kind !== "backend-config") return false;
  const samePort = checked.value.kind !== "fixed" || checked.value.number === port.targetPort;
  return samePort && (type.value === "HTTP") !== (protocol === "HTTP");
}

function annotationOf({ service }: ResolvedBackend): string {
  const parsed = parseAppProtocols(service);
  return parsed.kind === "absent" ? "cloud.google.com/app-protocols" : parsed.key;
}

/** Sets the port's entry and keeps the others. */
function fixFor({ service, port }: ResolvedBackend, tls: boolean) {
  const parsed = parseAppProtocols(service);
  if (parsed.kind === "invalid") return {};
  const entries = new Map(parsed.kind === "valid" ? parsed.value : []);
  entries.set(port.name ?? "", tls ? "HTTPS" : "HTTP");
  const key = parsed.kind === "valid" ? parsed.key : "cloud.google.com/app-protocols";
  return annotateFix(service.ref, { [key]: JSON.stringify(Object.fromEntries(entries)) });
}
