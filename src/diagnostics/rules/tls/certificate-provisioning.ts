import { issuedCertificates } from "../../managed-certificates.ts";
import { defineRule } from "../../rule.ts";
import { timeText } from "../../time-text.ts";

export default defineRule({
  code: "GID824",
  slug: "certificate-provisioning",
  severity: "info",
  symptoms: ["tls"],
  stage: "frontend",
  reads: ["ingress", "managedCertificates", "loadBalancer"],
  rows: ["PRP-03"],
  summary: "A managed certificate is still being issued.",
  why: "Issuing starts once DNS and the load balancer have spread, and takes up to an hour, sometimes a day. Until then HTTPS is not served for its domains.",
  fix: "Wait, and check meanwhile that the domain's A record is the address of the Ingress.",
  confirm: ["kubectl -n NAMESPACE describe managedcertificate NAME"],
  sources: ["Google Cloud: Troubleshoot SSL certificates (PROVISIONING)"],
  messages: {
    issuing: "{certificate} for {domains} is still being issued since {time}.",
  },

  check(topology, report) {
    for (const { label, subject, status, domains, createdAt } of issuedCertificates(topology, report)) {
      if (status !== "" && status !== "Provisioning") continue;
      const parameters = {
        certificate: label,
        domains: [...domains].sort().join(", ") || "no domain",
        time: timeText(createdAt),
      };
      report("issuing", { subject }, parameters);
    }
  },
});
