import { SYSTEM_DEFAULT_KEY } from "../../gke/lookup.ts";
import type { TranslationError } from "../../gke/translation-error.ts";
import { defineRule } from "../../rule.ts";

export default defineRule({
  code: "GID312",
  slug: "system-default-backend-missing",
  severity: "error",
  symptoms: ["no-address", "stale"],
  stage: "translation",
  reads: ["ingress", "systemDefaultBackend", "translation"],
  rows: ["DEF-04"],
  summary: "GKE's default backend, which every Ingress without one of its own needs, is missing or broken.",
  why: "The controller resolves `kube-system/default-http-backend` for every Ingress that names no default backend. Without it the Ingress is not translated: no change of any host, path or certificate is applied.",
  fix: "Give the Ingress a default backend of its own, or restore GKE's by enabling the HttpLoadBalancing add-on again.",
  confirm: ["kubectl get service default-http-backend -n kube-system -o yaml"],
  sources: ["ingress-gce pkg/controller/translator/translator.go, TranslateIngress"],
  messages: {
    missing:
      "The Ingress names no default backend, and Service {service} does not exist, so no change of this Ingress is applied.",
    broken:
      "The Ingress names no default backend, and GKE cannot use Service {service}: {problem}. So no change of this Ingress is applied.",
  },

  check({ ingress, systemDefaultBackend, translation }, report) {
    if (ingress.defaultBackend !== undefined || !report.knows(systemDefaultBackend)) return;
    const error = translation.errors.find(({ kind }) => kind === "default-backend");
    if (error?.kind !== "default-backend") return;
    const place = { subject: ingress.ref };
    const service = SYSTEM_DEFAULT_KEY;
    if (error.cause.kind === "service-not-found") report("missing", place, { service });
    else report("broken", place, { service, problem: problemText(error.cause) });
  },
});

function problemText(cause: TranslationError): string {
  switch (cause.kind) {
    case "service-port-not-found":
      return `it has no port named ${cause.port.name ?? cause.port.number}`;
    case "service-type":
      return `it is of type ${cause.type} and asks for no network endpoint groups`;
    case "app-protocols":
      return `its annotation ${cause.annotation} is invalid`;
    default:
      return "its BackendConfig is missing or invalid";
  }
}
