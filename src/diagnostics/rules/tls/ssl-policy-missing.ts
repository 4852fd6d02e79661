import { namedFrontendConfig } from "../../named-frontend-config.ts";
import { defineRule } from "../../rule.ts";
import { shellCommand } from "../../shell.ts";
import { currentErrors } from "../../sync/current-errors.ts";

export default defineRule({
  code: "GID819",
  slug: "ssl-policy-missing",
  severity: "error",
  symptoms: ["no-address", "stale"],
  stage: "frontend-sync",
  reads: ["ingress", "sync", "backends", "frontendConfigs"],
  rows: ["FC-07"],
  summary: "The SSL policy that a FrontendConfig names does not exist.",
  why: "Compute Engine refuses an HTTPS proxy whose SSL policy it does not know. The sync stops there: no HTTPS front end, and no later change either.",
  fix: "Create the SSL policy in the project, or correct its name in the FrontendConfig.",
  confirm: ["gcloud compute ssl-policies list", "kubectl -n NAMESPACE describe ingress INGRESS"],
  sources: ["ingress-gce: pkg/translator/translator.go (sslPolicyLink)"],
  messages: {
    missing:
      "SSL policy {policy}, which {source} names, does not exist in the project, so no HTTPS front end is built.",
  },

  check(topology, report) {
    const errors = currentErrors(topology, report, "ssl-policy-missing");
    if (errors.length === 0) return;
    const config = namedFrontendConfig(topology, report);
    const { ingress } = topology;
    for (const { cause } of errors) {
      const subject = config ? { ...config.ref, fieldPath: "spec.sslPolicy" } : ingress.ref;
      const command = shellCommand(
        "gcloud",
        "compute",
        "ssl-policies",
        "create",
        cause.name,
        "--profile=MODERN",
        "--min-tls-version=1.2",
      );
      const source = config ? `FrontendConfig ${config.ref.name}` : `Ingress ${ingress.ref.name}`;
      report("missing", { subject, fix: { command } }, { policy: cause.name, source });
    }
  },
});
