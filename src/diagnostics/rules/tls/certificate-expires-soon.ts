import { servedCertificates } from "../../certificates.ts";
import { defineRule } from "../../rule.ts";
import { duration } from "../../text.ts";
import { timeText } from "../../time-text.ts";

const DAY_MS = 24 * 60 * 60_000;

/** Certificates that are renewed by themselves are renewed before this, except for those made for a few days. */
const NOTED_MS = 14 * DAY_MS;

/** Even those that are made for six days are renewed before this. */
const URGENT_MS = 1.5 * DAY_MS;

export default defineRule({
  code: "GID825",
  slug: "certificate-expires-soon",
  severity: "info",
  symptoms: ["tls"],
  stage: "hygiene",
  reads: ["ingress", "secrets", "loadBalancer", "now"],
  rows: ["TLS-05", "TLS-20"],
  summary: "A certificate of the Ingress runs out soon.",
  why: "The load balancer serves a certificate until and after it runs out. Renewal that works replaces it weeks before; one that is still there days before its end is often renewed by nobody.",
  fix: "Renew the certificate, and check what renews it: cert-manager, the Secret's owner or whoever uploaded it.",
  confirm: [
    "gcloud compute ssl-certificates list --format='table(name,type,expireTime)'",
    "echo | openssl s_client -connect ADDRESS:443 -servername HOST 2>/dev/null | openssl x509 -noout -dates",
  ],
  sources: [
    "ingress-gce: pkg/loadbalancers/certificates.go",
    "Google Cloud: SSL certificates overview (managed ones are renewed about a month before they run out)",
  ],
  messages: {
    soon: "{certificate} for {names} runs out at {time}, less than {within} from now.",
  },

  check(topology, report) {
    const { ingress, now } = topology;
    for (const { label, expiresAt, dnsNames } of servedCertificates(topology, report) ?? []) {
      if (expiresAt === undefined || now.hasCome(expiresAt) || !now.hasCome(expiresAt - NOTED_MS)) continue;
      const parameters = {
        certificate: label,
        names: [...new Set(dnsNames)].sort().join(", ") || "no name",
        time: timeText(expiresAt),
      };
      const isUrgent = now.hasCome(expiresAt - URGENT_MS);
      const place = { subject: ingress.ref, severity: isUrgent ? "warning" : "info" } as const;
      report("soon", place, { ...parameters, within: duration(isUrgent ? URGENT_MS : NOTED_MS) });
    }
  },
});
