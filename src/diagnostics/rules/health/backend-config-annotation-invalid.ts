import type { Fix } from "../../finding.ts";
import type { ResolvedBackend } from "../../gke/backend.ts";
import type { BackendConfigChoice } from "../../gke/backend-config-choice.ts";
import { annotateFix } from "../../kubectl.ts";
import { readOwnBackends } from "../../own-backends.ts";
import { defineRule } from "../../rule.ts";

export default defineRule({
  code: "GID604",
  slug: "backend-config-annotation-invalid",
  severity: "error",
  symptoms: ["no-address", "stale"],
  stage: "translation",
  reads: ["backends"],
  rows: ["BC-03"],
  summary: "The backend-config annotation of a Service cannot be read, or names nothing.",
  why: 'The annotation holds JSON: {"default": "NAME"} for every port, {"ports": {"PORT": "NAME"}} for one of them. A bare name, a missing quote or an empty object makes the whole Ingress fail: no change of any host, path or certificate is applied.',
  fix: 'Write the annotation as {"default": "NAME"} or {"ports": {"PORT": "NAME"}}, or remove it.',
  confirm: [
    "kubectl get service SERVICE -n NAMESPACE -o jsonpath='{.metadata.annotations}'",
    "kubectl describe ingress INGRESS -n NAMESPACE",
  ],
  sources: ["ingress-gce pkg/annotations/service.go, GetBackendConfigs"],
  messages: {
    unreadable:
      "The annotation {annotation} {raw} of Service {service} cannot be read: {reason}. No change of this Ingress is applied.",
    empty:
      "The annotation {annotation} of Service {service} names no BackendConfig, neither as default nor for a port. No change of this Ingress is applied.",
  },

  check({ backends }, report) {
    for (const { backend, resolved } of readOwnBackends(backends, report)) {
      const choice = resolved?.backendConfig;
      if (resolved === undefined || (choice?.kind !== "invalid" && choice?.kind !== "empty")) continue;
      const { ref } = resolved.service;
      const { annotation } = choice;
      const place = {
        subject: { ...ref, fieldPath: `metadata.annotations[${annotation}]` },
        backend: backend.key,
        fix: fixFor(resolved, choice),
      };
      if (choice.kind === "empty") report("empty", place, { annotation, service: ref.name });
      else {
        const { raw, reason } = choice.error;
        report("unreadable", place, { annotation, raw, service: ref.name, reason });
      }
    }
  },
});

type Unusable = Extract<BackendConfigChoice, { readonly kind: "invalid" | "empty" }>;

/** An annotation that names nothing is lost without loss; a bare name was meant for every port. */
function fixFor({ service }: ResolvedBackend, choice: Unusable): Partial<Fix> {
  const { annotation } = choice;
  if (choice.kind === "empty") {
    return {
      summary: `Remove the annotation ${annotation}, or name a BackendConfig in it.`,
      ...annotateFix(service.ref, { [annotation]: undefined }),
    };
  }
  const { raw, repaired } = choice.error;
  const bare = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(raw.trim());
  const text = bare ? JSON.stringify({ default: raw.trim() }) : repaired;
  return text === undefined ? {} : annotateFix(service.ref, { [annotation]: text });
}
