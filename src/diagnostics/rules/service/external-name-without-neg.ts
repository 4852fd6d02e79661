import { readOwnBackends } from "../../own-backends.ts";
import { defineRule } from "../../rule.ts";

export default defineRule({
  code: "GID419",
  slug: "external-name-without-neg",
  severity: "error",
  symptoms: ["no-address", "stale"],
  stage: "translation",
  reads: ["backends"],
  rows: ["SVC-03", "SVC-09"],
  summary: "A backend is an ExternalName Service, which GKE refuses.",
  why: "GKE sends traffic to pods or to node ports, and an ExternalName Service has neither. One such Service makes the whole Ingress fail: no change of any host, path or certificate is applied. With the NEG annotation it would pass, and every request would fail.",
  fix: "Put a proxy Deployment with a Service of its own in front of the external host, and name that Service.",
  confirm: [
    "kubectl get service SERVICE -n NAMESPACE -o yaml",
    "kubectl describe ingress INGRESS -n NAMESPACE",
  ],
  sources: ["ingress-gce pkg/controller/translator/translator.go, maybeEnableNEG"],
  messages: {
    refused:
      "Service {service} is of type ExternalName and leads to {name}. GKE takes no such Service as a backend, so no change of this Ingress is applied.",
  },

  check({ backends }, report) {
    for (const { backend, service, error } of readOwnBackends(backends, report)) {
      if (error?.kind !== "service-type" || service?.type !== "ExternalName") continue;
      report(
        "refused",
        { subject: { ...service.ref, fieldPath: "spec.type" }, backend: backend.key },
        { service: service.ref.name, name: service.externalName || "(none)" },
      );
    }
  },
});
