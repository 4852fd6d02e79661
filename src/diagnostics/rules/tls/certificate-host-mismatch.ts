import { coversHost, servedCertificates } from "../../certificates.ts";
import { defineRule } from "../../rule.ts";

export default defineRule({
  code: "GID822",
  slug: "certificate-host-mismatch",
  severity: "error",
  symptoms: ["tls"],
  stage: "frontend",
  reads: ["ingress", "secrets", "loadBalancer"],
  rows: ["TLS-16"],
  summary: "No certificate of the Ingress covers a host that it serves.",
  why: "The load balancer picks the certificate by the host name, and falls back to the first one. A client that asks for a host no certificate covers gets the wrong one and refuses the connection. GKE does not compare names.",
  fix: "Add the host to a certificate of the Ingress.",
  confirm: [
    "echo | openssl s_client -connect ADDRESS:443 -servername HOST 2>/dev/null | openssl x509 -noout -ext subjectAltName",
  ],
  sources: ["Google Cloud: SSL certificates overview (certificate selection)"],
  messages: {
    uncovered:
      "Host {host} of Ingress {name} is covered by no certificate: the Ingress serves {certificates}.",
  },

  check(topology, report) {
    const { ingress } = topology;
    const certificates = servedCertificates(topology, report);
    if (certificates === undefined || certificates.length === 0) return;
    const hosts = [...new Set(ingress.rules.map(({ host }) => host))].filter(
      (host) => host !== "" && !host.startsWith("*"),
    );
    const uncovered = hosts.filter(
      (host) => !certificates.some((certificate) => coversHost(certificate, host)),
    );
    // Hosts that are meant for plain HTTP only look the same, so a partial gap is less certain.
    const severity = uncovered.length === hosts.length ? "error" : "warning";
    const served = certificates.map(
      ({ label, dnsNames }) => `${label} for ${[...dnsNames].sort().join(", ") || "no name"}`,
    );
    for (const host of uncovered) {
      const field = `spec.rules[${ingress.rules.findIndex((rule) => rule.host === host)}].host`;
      report(
        "uncovered",
        { subject: { ...ingress.ref, fieldPath: field }, severity },
        { host, name: ingress.ref.name, certificates: served.sort().join("; ") },
      );
    }
  },
});
