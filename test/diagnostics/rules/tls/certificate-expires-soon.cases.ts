import rule from "../../../../src/diagnostics/rules/tls/certificate-expires-soon.ts";
import { known } from "../../../../src/model/observed.ts";
import { LONG_AGO, NOW, notRead, snapshot } from "../../../support/builders.ts";
import { liveCertificates, secret } from "../../../support/certificates.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { tlsIngress } from "../../../support/tls-ingress.ts";

const HOUR = 3_600_000;
const stored = (expiresAt: number) =>
  snapshot({
    ingress: tlsIngress(),
    secrets: known([secret({ certificate: { expiresAt, dnsNames: ["shop.example.com"] } })]),
  });
const live = (expiresAt: number, name = "cert-1") =>
  snapshot({ ingress: tlsIngress(), loadBalancer: known(liveCertificates({ name, expiresAt })) });

export default ruleCases(rule, {
  healthy: [
    { name: "no TLS", given: snapshot() },
    { name: "three weeks left, as renewal begins", given: live(NOW + 21 * 24 * HOUR) },
    { name: "one that has run out, which another rule says", given: stored(LONG_AGO) },
    { name: "one that this Ingress does not serve", given: live(NOW + HOUR, "other") },
  ],
  broken: [
    {
      name: "days left",
      given: live(NOW + 5 * 24 * HOUR),
      want: [
        {
          text: "SslCertificate cert-1 for shop.example.com runs out at 2026-11-28T12:00:00Z, less than 14 d from now.",
          subject: "Ingress/web",
          severity: "info",
        },
      ],
    },
    {
      name: "hours left, in a Secret",
      given: stored(NOW + 5 * HOUR),
      want: [
        {
          text: "Secret web-tls for shop.example.com runs out at 2026-11-23T17:00:00Z, less than 36 h from now.",
          severity: "warning",
        },
      ],
    },
  ],
  undecided: [
    {
      name: "neither Secrets nor Google are read",
      given: snapshot({ ingress: tlsIngress(), secrets: notRead("secrets") }),
      source: "secrets",
    },
  ],
});
