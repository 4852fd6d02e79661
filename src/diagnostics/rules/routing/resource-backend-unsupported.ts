import { defineRule } from "../../rule.ts";

export default defineRule({
  code: "GID309",
  slug: "resource-backend-unsupported",
  severity: "error",
  symptoms: ["no-address", "stale"],
  stage: "translation",
  reads: ["ingress"],
  rows: ["CLS-09"],
  summary: "A backend names a resource instead of a Service.",
  why: "GKE Ingress sends traffic to Services only. One `backend.resource` makes the whole Ingress fail: no change of any host, path or certificate is applied. Buckets cannot be reached through GKE Ingress.",
  fix: "Name a Service as the backend, or remove the path.",
  confirm: ["kubectl describe ingress INGRESS -n NAMESPACE"],
  sources: ["ingress-gce pkg/utils/serviceport.go, BackendToServicePortID"],
  messages: {
    resource:
      "{field} points at {kind} {name}. GKE takes only Services as backends, so no change of this Ingress is applied.",
  },

  check({ ingress }, report) {
    const fields = [
      { field: "spec.defaultBackend", backend: ingress.defaultBackend },
      ...ingress.rules.flatMap(({ paths }, ruleIndex) =>
        (paths ?? []).map(({ backend }, pathIndex) => ({
          field: `spec.rules[${ruleIndex}].http.paths[${pathIndex}]`,
          backend,
        })),
      ),
    ];
    for (const { field, backend } of fields) {
      if (backend?.kind !== "resource") continue;
      const { resourceKind: kind, name } = backend;
      report("resource", { subject: { ...ingress.ref, fieldPath: field } }, { field, kind, name });
    }
  },
});
