import { defineRule } from "../../rule.ts";
import { currentErrors } from "../../sync/current-errors.ts";

export default defineRule({
  code: "GID613",
  slug: "security-policy-missing",
  severity: "error",
  symptoms: ["no-address", "stale"],
  stage: "backend-sync",
  reads: ["sync", "backends", "ingress"],
  rows: ["SEC-02"],
  summary: "The Cloud Armor policy that a BackendConfig names cannot be attached.",
  why: "The controller attaches the policy while it syncs the backend service. A name that no global policy of the project has, mostly a misspelt one or one of another project, makes the sync stop there: no change of the Ingress is applied.",
  fix: "Name a Cloud Armor policy that exists in the project of the cluster, or create it.",
  confirm: [
    "gcloud compute security-policies list",
    "kubectl get backendconfig BACKENDCONFIG -n NAMESPACE -o jsonpath='{.spec.securityPolicy}'",
    "kubectl describe ingress INGRESS -n NAMESPACE",
  ],
  sources: [
    "ingress-gce pkg/backends/features/securitypolicy.go",
    "Google Cloud documentation: Troubleshoot load balancing in GKE",
  ],
  messages: {
    named:
      "BackendConfig {config} names Cloud Armor policy {policy}, and Compute Engine cannot attach it: {text}. No change of this Ingress is applied.",
    unnamed:
      "Compute Engine cannot attach Cloud Armor policy {policy} to a backend of Ingress {ingress}: {text}. No change of this Ingress is applied.",
  },

  check(topology, report) {
    for (const { cause, place, text } of currentErrors(topology, report, "security-policy-missing")) {
      const policy = cause.name;
      const naming = topology.backends.filter(
        ({ backendConfig }) => backendConfig.known && backendConfig.value?.securityPolicy === policy,
      );
      for (const { backendConfig, key } of naming) {
        if (!backendConfig.known || backendConfig.value === undefined) continue;
        const { ref } = backendConfig.value;
        const subject = { ...ref, fieldPath: "spec.securityPolicy.name" };
        report("named", { subject, backend: key }, { config: ref.name, policy, text });
      }
      if (naming.length === 0) {
        const shown = policy === "" ? "(not named)" : policy;
        report("unnamed", place, { policy: shown, ingress: topology.ingress.ref.name, text });
      }
    }
  },
});
