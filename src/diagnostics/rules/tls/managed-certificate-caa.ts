import { issuedCertificates } from "../../managed-certificates.ts";
import { defineRule } from "../../rule.ts";

export default defineRule({
  code: "GID809",
  slug: "managed-certificate-caa",
  severity: "error",
  symptoms: ["tls"],
  stage: "frontend",
  reads: ["ingress", "managedCertificates", "loadBalancer"],
  rows: ["TLS-11"],
  summary: "CAA records keep Google from issuing a managed certificate.",
  why: "A CAA record names the authorities that may issue for a domain. Google issues from its own authority or Let's Encrypt; where records name neither, or cannot be read, no certificate is issued.",
  fix: "Add CAA records for pki.goog and letsencrypt.org to the domain, or remove the CAA records.",
  confirm: ["dig +short CAA DOMAIN", "kubectl -n NAMESPACE describe managedcertificate NAME"],
  sources: ["Google Cloud: Troubleshoot SSL certificates (FAILED_CAA_CHECKING, FAILED_CAA_FORBIDDEN)"],
  messages: {
    forbidden: "{certificate} is not issued: a CAA record of domain {domain} forbids Google's authorities.",
    unreadable: "{certificate} is not issued: the CAA records of domain {domain} cannot be read.",
  },

  check(topology, report) {
    for (const { label, subject, domainStatus } of issuedCertificates(topology, report)) {
      for (const { domain, status } of domainStatus) {
        const parameters = { certificate: label, domain };
        if (status === "FailedCaaForbidden") report("forbidden", { subject }, parameters);
        if (status === "FailedCaaChecking") report("unreadable", { subject }, parameters);
      }
    }
  },
});
