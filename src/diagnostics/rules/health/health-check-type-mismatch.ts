import { patchFix } from "../../kubectl.ts";
import { defineRule } from "../../rule.ts";
import { portText } from "../../service-port.ts";
import { type UnhealthyBackend, unhealthyBackends } from "../../unhealthy-backend.ts";

export default defineRule({
  code: "GID610",
  slug: "health-check-type-mismatch",
  severity: "error",
  symptoms: ["502"],
  stage: "health",
  settles: true,
  reads: ["backends", "ingress", "now", "backendConfigs", "loadBalancer"],
  rows: ["HC-10"],
  summary: "The health check type of a BackendConfig is not what the port speaks.",
  why: "The field spec.healthCheck.type decides whether Google's prober speaks plain HTTP or TLS, apart from what the load balancer speaks with requests. A port that speaks the other one resets the connection or answers with an error, and no endpoint becomes healthy.",
  fix: "Set spec.healthCheck.type to what the port speaks.",
  confirm: [
    "kubectl get backendconfig BACKENDCONFIG -n NAMESPACE -o jsonpath='{.spec.healthCheck}'",
    "kubectl get service SERVICE -n NAMESPACE -o jsonpath='{.metadata.annotations}'",
    "gcloud compute health-checks describe BACKEND_SERVICE --global",
  ],
  sources: [
    "ingress-gce pkg/translator/healthchecks.go, UpdateFromBackendConfig",
    "gcpdiag lb/unhealthy-backends, ValidateBackendServiceProtocolConfiguration",
  ],
  messages: {
    differs:
      "BackendConfig {config} makes Google's health check of Service {service}, port {port}, speak {type}, but {evidence}; no endpoint passes it, while {ready}.",
  },

  check(topology, report) {
    for (const unhealthy of unhealthyBackends(topology, report)) {
      const { backend, resolved, reason, ready, check } = unhealthy;
      const { source } = check.type;
      if (reason.kind !== "type" || source.kind !== "backend-config") continue;
      report(
        "differs",
        {
          subject: { ...source.object, fieldPath: source.field },
          backend: backend.key,
          fix: fixFor(unhealthy, reason.wanted),
        },
        {
          config: source.object.name,
          service: resolved.service.ref.name,
          port: portText(resolved.port),
          type: reason.type,
          evidence: reason.evidence,
          ready,
        },
      );
    }
  },
});

function fixFor({ resolved, check }: UnhealthyBackend, wanted: string) {
  const choice = resolved.backendConfig;
  if (choice.kind !== "chosen") return {};
  const path = "/spec/healthCheck/type";
  return {
    summary: `Set spec.healthCheck.type of BackendConfig ${choice.config.ref.name} to ${wanted}.`,
    ...patchFix(choice.config.ref, [
      { op: "test", path, value: check.type.value },
      { op: "add", path, value: wanted },
    ]),
  };
}
