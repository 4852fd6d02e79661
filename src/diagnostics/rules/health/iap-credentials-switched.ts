import { defineRule } from "../../rule.ts";
import { currentErrors } from "../../sync/current-errors.ts";

export default defineRule({
  code: "GID622",
  slug: "iap-credentials-switched",
  severity: "error",
  symptoms: ["stale", "no-address"],
  stage: "backend-sync",
  reads: ["sync", "backends", "ingress"],
  rows: ["SEC-04"],
  summary: "A BackendConfig no longer names the OAuth client that IAP was set up with.",
  why: "Once a backend service has an OAuth client of its own for IAP, the controller does not put Google's managed client in its place. It refuses the BackendConfig without credentials, and the sync of the whole Ingress stops.",
  fix: "Name the Secret with the OAuth client in spec.iap.oauthclientCredentials again, or let GKE make the backend service anew by taking the Service out of the Ingress for a while.",
  confirm: [
    "kubectl get backendconfig BACKENDCONFIG -n NAMESPACE -o jsonpath='{.spec.iap}'",
    "kubectl describe ingress INGRESS -n NAMESPACE",
  ],
  sources: ["ingress-gce pkg/backends/features/iap.go, EnsureIAP"],
  messages: {
    named:
      "BackendConfig {config} switches on IAP without an OAuth client, and the backend service of Ingress {ingress} has one from before, which GKE does not replace. No change of this Ingress is applied.",
    unnamed:
      "GKE does not replace the OAuth client of IAP on a backend service of Ingress {ingress}: {text}. No change of this Ingress is applied.",
  },

  check(topology, report) {
    const ingress = topology.ingress.ref.name;
    for (const { place, text } of currentErrors(topology, report, "iap-credentials-switched")) {
      const bare = topology.backends.flatMap(({ backendConfig, key }) => {
        const config = backendConfig.known ? backendConfig.value : undefined;
        return config?.iap?.enabled === true && config.iap.secretName === undefined ? [{ config, key }] : [];
      });
      for (const { config, key } of bare) {
        const subject = { ...config.ref, fieldPath: "spec.iap.oauthclientCredentials" };
        report("named", { subject, backend: key }, { config: config.ref.name, ingress });
      }
      if (bare.length === 0) report("unnamed", place, { ingress, text });
    }
  },
});
