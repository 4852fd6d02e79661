import { issuedCertificates } from "../../managed-certificates.ts";
import { defineRule } from "../../rule.ts";

export default defineRule({
  code: "GID808",
  slug: "managed-certificate-not-visible",
  severity: "error",
  symptoms: ["tls"],
  stage: "frontend",
  reads: ["ingress", "managedCertificates", "loadBalancer"],
  rows: ["TLS-10", "ADR-07", "ADR-08"],
  summary: "Google cannot see the domain of a managed certificate at this load balancer.",
  why: "A managed certificate is issued only after the domain's A and AAAA records point at the load balancer's address. A missing, old or proxied record, or an AAAA record without an IPv6 front end, keeps it unissued, and HTTPS is not served.",
  fix: "Point the domain's A record at the address of the Ingress, and remove AAAA records that point elsewhere; issuing then takes up to an hour.",
  confirm: [
    "kubectl -n NAMESPACE describe managedcertificate NAME",
    "gcloud compute ssl-certificates describe SSL_CERTIFICATE --global --format='yaml(managed)'",
    "dig +short A DOMAIN; dig +short AAAA DOMAIN",
  ],
  sources: [
    "Google Cloud: Troubleshoot SSL certificates (domain status)",
    "gke-managed-certs: pkg/config/config.go",
  ],
  messages: {
    invisible:
      "{certificate} is not issued: Google does not reach domain {domain} at this load balancer, whose address is {address}.",
  },

  check(topology, report) {
    const address = topology.ingress.addresses.join(", ") || "not assigned yet";
    for (const { label, subject, domainStatus } of issuedCertificates(topology, report)) {
      for (const { domain, status } of domainStatus) {
        if (status !== "FailedNotVisible") continue;
        report("invisible", { subject }, { certificate: label, domain, address });
      }
    }
  },
});
