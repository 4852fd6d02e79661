import { refKey } from "../../../model/refs.ts";
import {
  type ConfiguredBackend,
  configuredBackends,
  problemPlace,
  secretField,
} from "../../configured-backends.ts";
import type { BackendConfigProblem } from "../../gke/backend-config-problems.ts";
import { defineRule, type Report } from "../../rule.ts";
import { currentErrors } from "../../sync/current-errors.ts";
import type { Topology } from "../../topology.ts";

const MESSAGES = {
  incomplete:
    "Secret {secret}, which BackendConfig {config} names in {field}, has no {keys}. No change of this Ingress is applied.",
} as const;

export default defineRule({
  code: "GID612",
  slug: "backend-config-secret-keys-missing",
  severity: "error",
  symptoms: ["no-address", "stale"],
  stage: "translation",
  reads: ["backends", "sync", "ingress"],
  rows: ["BC-11"],
  summary: "A Secret that a BackendConfig names lacks a key that GKE reads.",
  why: "GKE reads the OAuth client of IAP from the keys client_id and client_secret, and a signing key of Cloud CDN from key_value. A Secret with other keys makes the whole Ingress fail: no change of any host, path or certificate is applied.",
  fix: "Store the values under client_id and client_secret for IAP, or key_value for Cloud CDN.",
  confirm: ["kubectl describe secret SECRET -n NAMESPACE", "kubectl describe ingress INGRESS -n NAMESPACE"],
  sources: [
    "ingress-gce pkg/backendconfig/validation.go, validateIAP and validateCDN",
    "Google Cloud documentation: Enabling IAP for GKE",
  ],
  messages: MESSAGES,

  check(topology, report) {
    for (const configured of configuredBackends(topology.backends, report)) {
      if (configured.decided) reportProblems(configured, report);
      else reportEvents(configured, topology, report);
    }
  },
});

type MissingKey = Extract<BackendConfigProblem, { readonly kind: "secret-key-missing" }>;

/** One finding for each place that names an incomplete Secret. */
function reportProblems(configured: ConfiguredBackend, report: Report<typeof MESSAGES>): void {
  const missing = configured.problems.filter((one): one is MissingKey => one.kind === "secret-key-missing");
  for (const field of new Set(missing.map((problem) => problem.field))) {
    const here = missing.filter((problem) => problem.field === field);
    const [first] = here;
    if (first === undefined) continue;
    report("incomplete", problemPlace(configured, first), {
      secret: first.secret,
      config: configured.config.ref.name,
      field,
      keys: here.map(({ key }) => key).join(" and no "),
    });
  }
}

/** Secrets are not readable by default; the controller tells the first key it missed. */
function reportEvents(
  { backend, config }: ConfiguredBackend,
  topology: Topology,
  report: Report<typeof MESSAGES>,
): void {
  for (const { cause } of currentErrors(topology, report, "secret-key-missing")) {
    if (cause.backendConfig !== refKey(config.ref)) continue;
    const field = secretField(config, cause.secret);
    if (field === undefined) continue;
    report(
      "incomplete",
      { subject: { ...config.ref, fieldPath: field }, backend: backend.key },
      { secret: cause.secret, config: config.ref.name, field, keys: cause.key },
    );
  }
}
