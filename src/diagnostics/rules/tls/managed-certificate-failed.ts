import { issuedCertificates } from "../../managed-certificates.ts";
import { defineRule } from "../../rule.ts";

export default defineRule({
  code: "GID811",
  slug: "managed-certificate-failed",
  severity: "error",
  symptoms: ["tls"],
  stage: "frontend",
  reads: ["ingress", "managedCertificates", "loadBalancer"],
  rows: ["TLS-19", "TLS-20"],
  summary: "A managed certificate failed and is not retried, or cannot be renewed.",
  why: "ProvisioningFailedPermanently is terminal. RenewalFailed keeps serving the old certificate until it runs out. Neither heals by itself.",
  fix: "Check that DNS points at the load balancer, then delete the certificate and create it anew.",
  confirm: ["kubectl -n NAMESPACE describe managedcertificate NAME"],
  sources: [
    "Google Cloud: Compute API, managed SSL certificate status",
    "gke-managed-certs: pkg/config/config.go",
  ],
  messages: {
    permanent:
      "{certificate} for {domains} has status {status}, which is not retried, so HTTPS is not served.",
    renewal:
      "{certificate} for {domains} has status {status}: the old certificate is served until it runs out.",
  },

  check(topology, report) {
    for (const { label, subject, domains, status } of issuedCertificates(topology, report)) {
      const names = [...domains].sort().join(", ") || "no domain";
      const parameters = { certificate: label, domains: names, status };
      if (status === "ProvisioningFailedPermanently") report("permanent", { subject }, parameters);
      if (status === "RenewalFailed") report("renewal", { subject, severity: "warning" }, parameters);
    }
  },
});
