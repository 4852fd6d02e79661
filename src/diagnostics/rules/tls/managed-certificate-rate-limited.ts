import { issuedCertificates } from "../../managed-certificates.ts";
import { defineRule } from "../../rule.ts";

export default defineRule({
  code: "GID810",
  slug: "managed-certificate-rate-limited",
  severity: "warning",
  symptoms: ["tls"],
  stage: "frontend",
  reads: ["ingress", "managedCertificates", "loadBalancer"],
  rows: ["TLS-12"],
  summary: "The certificate authority has issued too many certificates for a domain.",
  why: "Authorities limit how many certificates a registered domain gets in a week. Google retries, and the certificate stays unissued until the limit frees up.",
  fix: "Wait until the limit frees up, and stop recreating certificates of this domain meanwhile.",
  confirm: ["kubectl -n NAMESPACE describe managedcertificate NAME"],
  sources: ["Google Cloud: Troubleshoot SSL certificates (FAILED_RATE_LIMITED)"],
  messages: {
    limited:
      "{certificate} waits: the certificate authority limits how many certificates domain {domain} gets.",
  },

  check(topology, report) {
    for (const { label, subject, domainStatus } of issuedCertificates(topology, report)) {
      for (const { domain, status } of domainStatus) {
        if (status === "FailedRateLimited") report("limited", { subject }, { certificate: label, domain });
      }
    }
  },
});
