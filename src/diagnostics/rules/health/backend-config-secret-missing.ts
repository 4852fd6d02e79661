import type { BackendConfig } from "../../../model/gke-config.ts";
import { refKey } from "../../../model/refs.ts";
import {
  type ConfiguredBackend,
  configuredBackends,
  problemPlace,
  secretField,
} from "../../configured-backends.ts";
import { defineRule, type Report } from "../../rule.ts";
import { currentErrors } from "../../sync/current-errors.ts";
import type { Topology } from "../../topology.ts";

const MESSAGES = {
  missing:
    "BackendConfig {config} takes {purpose} from Secret {secret}, which does not exist in namespace {namespace}. No change of this Ingress is applied.",
} as const;

export default defineRule({
  code: "GID611",
  slug: "backend-config-secret-missing",
  severity: "error",
  symptoms: ["no-address", "stale"],
  stage: "translation",
  reads: ["backends", "sync", "ingress"],
  rows: ["BC-11"],
  summary: "A BackendConfig names a Secret that does not exist in its namespace.",
  why: "The OAuth client of IAP and the signing keys of Cloud CDN are read from Secrets in the namespace of the BackendConfig while the Ingress is translated. A missing one makes the whole Ingress fail: no change of any host, path or certificate is applied. Secrets are not watched, so a new one counts from the next sync on, up to ten minutes later.",
  fix: "Create the Secret in the namespace of the BackendConfig, or take its name out of the BackendConfig.",
  confirm: [
    "kubectl get secrets -n NAMESPACE",
    "kubectl get backendconfig BACKENDCONFIG -n NAMESPACE -o yaml",
    "kubectl describe ingress INGRESS -n NAMESPACE",
  ],
  sources: [
    "ingress-gce pkg/backendconfig/validation.go, validateIAP and validateCDN",
    "Google Cloud documentation: Enabling IAP for GKE",
  ],
  messages: MESSAGES,

  check(topology, report) {
    for (const configured of configuredBackends(topology.backends, report)) {
      const { config, problems, decided } = configured;
      for (const problem of problems) {
        if (problem.kind !== "secret-missing") continue;
        report("missing", problemPlace(configured, problem), factsOf(config, problem.field, problem.secret));
      }
      if (!decided) reportEvents(configured, topology, report);
    }
  },
});

/** Secrets are not readable by default; the controller tells which one it missed. */
function reportEvents(
  { backend, config }: ConfiguredBackend,
  topology: Topology,
  report: Report<typeof MESSAGES>,
): void {
  for (const { cause } of currentErrors(topology, report, "secret-missing")) {
    const field = cause.backendConfig === refKey(config.ref) ? secretField(config, cause.secret) : undefined;
    if (field === undefined) continue;
    const place = { subject: { ...config.ref, fieldPath: field }, backend: backend.key };
    report("missing", place, factsOf(config, field, cause.secret));
  }
}

function factsOf({ ref }: BackendConfig, field: string, secret: string) {
  const purpose = field.startsWith("spec.iap") ? "the OAuth client of IAP" : "a signing key of Cloud CDN";
  return { config: ref.name, purpose, secret, namespace: ref.namespace };
}
