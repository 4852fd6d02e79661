import type { ManagedCertificate } from "../../../model/gke-config.ts";
import { namedCertificates } from "../../managed-certificates.ts";
import { defineRule } from "../../rule.ts";

export default defineRule({
  code: "GID811",
  slug: "managed-certificate-failed",
  severity: "error",
  symptoms: ["tls"],
  stage: "frontend",
  reads: ["ingress", "managedCertificates"],
  rows: ["TLS-19", "TLS-20"],
  summary: "A managed certificate failed and is not retried, or cannot be renewed.",
  why: "ProvisioningFailedPermanently is terminal. RenewalFailed keeps serving the old certificate until it runs out. Neither heals by itself.",
  fix: "Check that DNS points at the load balancer, then delete the ManagedCertificate and create it anew.",
  confirm: ["kubectl -n NAMESPACE describe managedcertificate NAME"],
  sources: [
    "Google Cloud: Compute API, managed SSL certificate status",
    "gke-managed-certs: pkg/config/config.go",
  ],
  messages: {
    permanent:
      "ManagedCertificate {name} for {domains} has status {status}, which is not retried, so HTTPS is not served.",
    renewal:
      "ManagedCertificate {name} for {domains} has status {status}: the old certificate is served until it runs out.",
  },

  check(topology, report) {
    for (const certificate of namedCertificates(topology, report)) {
      const { ref, status } = certificate;
      const parameters = { name: ref.name, domains: domainsOf(certificate), status };
      if (status === "ProvisioningFailedPermanently") report("permanent", { subject: ref }, parameters);
      if (status === "RenewalFailed") report("renewal", { subject: ref, severity: "warning" }, parameters);
    }
  },
});

function domainsOf({ domains }: ManagedCertificate): string {
  return [...domains].sort().join(", ") || "no domain";
}
