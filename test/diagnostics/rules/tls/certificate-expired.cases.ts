import rule from "../../../../src/diagnostics/rules/tls/certificate-expired.ts";
import { known } from "../../../../src/model/observed.ts";
import { LONG_AGO, NOW, notRead, snapshot } from "../../../support/builders.ts";
import { liveCertificates, secret } from "../../../support/certificates.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { tlsIngress } from "../../../support/tls-ingress.ts";

const stored = (expiresAt: number) =>
  known([secret({ certificate: { expiresAt, dnsNames: ["shop.example.com"] } })]);
const live = (expiresAt: number, name = "cert-1") => known(liveCertificates({ name, expiresAt }));

export default ruleCases(rule, {
  healthy: [
    { name: "no TLS", given: snapshot() },
    { name: "valid for a minute", given: snapshot({ ingress: tlsIngress(), secrets: stored(NOW + 60_000) }) },
    { name: "live and valid", given: snapshot({ ingress: tlsIngress(), loadBalancer: live(NOW + 60_000) }) },
    {
      name: "an expired one that this Ingress does not serve",
      given: snapshot({ ingress: tlsIngress(), loadBalancer: live(LONG_AGO, "other") }),
    },
  ],
  broken: [
    {
      name: "the Secret's certificate has expired",
      given: snapshot({ ingress: tlsIngress(), secrets: stored(LONG_AGO) }),
      want: [
        {
          text: "Secret web-tls for shop.example.com expired at 2026-11-23T11:00:00Z, so clients refuse HTTPS.",
        },
      ],
    },
    {
      name: "the live certificate has expired",
      given: snapshot({ ingress: tlsIngress(), loadBalancer: live(LONG_AGO) }),
      want: [
        {
          text: "SslCertificate cert-1 for shop.example.com expired at 2026-11-23T11:00:00Z, so clients refuse HTTPS.",
        },
      ],
    },
  ],
  undecided: [
    {
      name: "neither Secrets nor Google are read",
      given: snapshot({ ingress: tlsIngress() }),
      source: "secrets",
    },
    {
      name: "a pre-shared certificate needs Google",
      given: snapshot({
        ingress: tlsIngress([], { annotations: tlsIngress(["a"]).annotations }),
        loadBalancer: notRead("loadBalancer"),
      }),
      source: "loadBalancer",
    },
  ],
});
