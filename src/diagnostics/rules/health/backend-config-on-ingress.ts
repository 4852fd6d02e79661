import { BACKEND_CONFIG_ANNOTATIONS } from "../../gke/backend-config-annotation.ts";
import { annotateFix } from "../../kubectl.ts";
import { readOwnBackends } from "../../own-backends.ts";
import { defineRule } from "../../rule.ts";
import { listed } from "../../text.ts";

export default defineRule({
  code: "GID605",
  slug: "backend-config-on-ingress",
  severity: "warning",
  symptoms: ["degraded"],
  stage: "health",
  reads: ["ingress", "backends"],
  rows: ["BC-01"],
  summary: "The annotation that names a BackendConfig stands on the Ingress, where GKE does not look for it.",
  why: "GKE reads cloud.google.com/backend-config on Services only. On an Ingress it is passed over in silence, and the health check, timeout, CDN, IAP or Cloud Armor settings of the BackendConfig apply nowhere.",
  fix: "Move the annotation to the Services behind the Ingress.",
  confirm: [
    "kubectl get ingress INGRESS -n NAMESPACE -o jsonpath='{.metadata.annotations}'",
    "kubectl get services -n NAMESPACE -o custom-columns='NAME:.metadata.name,CONFIG:.metadata.annotations.cloud\\.google\\.com/backend-config'",
  ],
  sources: ["ingress-gce pkg/annotations/service.go, GetBackendConfigs", "ingress-gce issues 1744 and 1803"],
  messages: {
    ignored:
      "Annotation {annotation} {value} stands on Ingress {ingress}, and GKE reads it on Services only; {services} behind it without one.",
  },

  check({ ingress, backends }, report) {
    const annotation = BACKEND_CONFIG_ANNOTATIONS.find((key) => ingress.annotations[key] !== undefined);
    const value = annotation === undefined ? undefined : ingress.annotations[annotation];
    if (annotation === undefined || value === undefined) return;
    const resolved = readOwnBackends(backends, report).flatMap((read) => read.resolved ?? []);
    const bare = new Map(
      resolved.flatMap(({ service, backendConfig }) =>
        backendConfig.kind === "none" ? [[service.ref.name, service] as const] : [],
      ),
    );
    const [first] = bare.values();
    if (first === undefined) return;
    const names = [...bare.keys()].sort();
    // Some Services with and some without a BackendConfig may well be meant so.
    const severity = resolved.every(({ service }) => bare.has(service.ref.name)) ? "warning" : "info";
    const place = {
      subject: { ...ingress.ref, fieldPath: `metadata.annotations[${annotation}]` },
      severity,
      ...(bare.size === 1 ? { fix: annotateFix(first.ref, { [annotation]: value }) } : {}),
    } as const;
    const services = `${names.length === 1 ? "Service" : "Services"} ${listed(names)} ${names.length === 1 ? "is" : "are"}`;
    report("ignored", place, { annotation, value, ingress: ingress.ref.name, services });
  },
});
