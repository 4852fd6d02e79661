import { servedCertificates } from "../../certificates.ts";
import { defineRule } from "../../rule.ts";
import { timeText } from "../../time-text.ts";

export default defineRule({
  code: "GID821",
  slug: "certificate-expired",
  severity: "error",
  symptoms: ["tls"],
  stage: "frontend",
  reads: ["ingress", "secrets", "loadBalancer", "now"],
  rows: ["TLS-05"],
  summary: "A certificate of the Ingress has expired.",
  why: "The load balancer serves an expired certificate as it is. Browsers and most clients refuse the connection, and GKE says nothing about it.",
  fix: "Renew the certificate in the Secret; GKE picks it up at the next sync, within ten minutes.",
  confirm: [
    "echo | openssl s_client -connect ADDRESS:443 -servername HOST 2>/dev/null | openssl x509 -noout -dates",
  ],
  sources: ["ingress-gce: pkg/loadbalancers/certificates.go"],
  messages: {
    expired: "{certificate} for {names} expired at {time}, so clients refuse HTTPS.",
  },

  check(topology, report) {
    const { ingress, now } = topology;
    for (const { label, expiresAt, dnsNames } of servedCertificates(topology, report) ?? []) {
      if (expiresAt === undefined || !now.hasCome(expiresAt)) continue;
      const names = [...dnsNames].sort().join(", ") || "no name";
      report("expired", { subject: ingress.ref }, { certificate: label, names, time: timeText(expiresAt) });
    }
  },
});
