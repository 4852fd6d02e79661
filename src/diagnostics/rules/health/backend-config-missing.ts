import { annotationText } from "../../backend-config-fix.ts";
import type { Fix } from "../../finding.ts";
import type { ResolvedBackend } from "../../gke/backend.ts";
import { parseBackendConfigNames } from "../../gke/backend-config-annotation.ts";
import { annotateFix } from "../../kubectl.ts";
import { nearest } from "../../nearest.ts";
import { readOwnBackends } from "../../own-backends.ts";
import { defineRule } from "../../rule.ts";
import type { Topology } from "../../topology.ts";

export default defineRule({
  code: "GID603",
  slug: "backend-config-missing",
  severity: "error",
  symptoms: ["no-address", "stale"],
  stage: "translation",
  reads: ["backends", "backendConfigs"],
  rows: ["BC-02"],
  summary: "A Service names a BackendConfig that does not exist in its namespace.",
  why: "GKE looks for the BackendConfig in the namespace of the Service. One that is missing makes the whole Ingress fail: no change of any host, path or certificate is applied. An object that the API server refused, for example for a text where a number belongs, is missing, too.",
  fix: "Create the BackendConfig in the namespace of the Service, or correct its name in the annotation.",
  confirm: [
    "kubectl get backendconfigs -n NAMESPACE",
    "kubectl get service SERVICE -n NAMESPACE -o jsonpath='{.metadata.annotations}'",
    "kubectl describe ingress INGRESS -n NAMESPACE",
  ],
  sources: [
    "ingress-gce pkg/backendconfig/backendconfig.go, GetBackendConfigForServicePort",
    "Google Cloud documentation: Troubleshoot load balancing in GKE",
  ],
  messages: {
    missing:
      "Service {service} names BackendConfig {config} for {entry}, and namespace {namespace} has none of that name. No change of this Ingress is applied.",
    misspelt:
      "Service {service} names BackendConfig {config} for {entry}, and namespace {namespace} has {near} instead. No change of this Ingress is applied.",
  },

  check({ backends, backendConfigs }, report) {
    for (const { backend, resolved } of readOwnBackends(backends, report)) {
      const choice = resolved?.backendConfig;
      if (choice?.kind === "unread") report.knows(choice.missing);
      if (resolved === undefined || choice?.kind !== "missing") continue;
      const { ref } = resolved.service;
      const { annotation, entry } = choice;
      const [near] = nearest(namesIn(backendConfigs, ref.namespace), entry.name);
      const place = {
        subject: { ...ref, fieldPath: `metadata.annotations[${annotation}]` },
        backend: backend.key,
        ...(near === undefined ? {} : { fix: renameFix(resolved, annotation, entry.name, near) }),
      };
      const facts = {
        service: ref.name,
        config: entry.name,
        entry: entry.by === "default" ? "every port" : `port ${entry.key}`,
        namespace: ref.namespace,
      };
      if (near === undefined) report("missing", place, facts);
      else report("misspelt", place, { ...facts, near });
    }
  },
});

function namesIn(configs: Topology["backendConfigs"], namespace: string): readonly string[] {
  if (!configs.known) return [];
  return configs.value.flatMap(({ ref }) => (ref.namespace === namespace ? [ref.name] : []));
}

/** Puts the name that exists wherever the annotation has the one that does not. */
function renameFix(
  { service }: ResolvedBackend,
  annotation: string,
  wrong: string,
  right: string,
): Partial<Fix> {
  const parsed = parseBackendConfigNames(service);
  if (parsed.kind !== "valid") return {};
  const corrected = (name: string) => (name === wrong ? right : name);
  const ports = new Map([...parsed.value.ports].map(([key, name]) => [key, corrected(name)]));
  const fix = annotateFix(service.ref, {
    [annotation]: annotationText(corrected(parsed.value.default), ports),
  });
  return { summary: `Name BackendConfig ${right} in the annotation of Service ${service.ref.name}.`, ...fix };
}
