import rule from "../../../../src/diagnostics/rules/tls/certificate-host-mismatch.ts";
import { known } from "../../../../src/model/observed.ts";
import { rule as hostRule, NOW, path, snapshot } from "../../../support/builders.ts";
import { liveCertificates, secret } from "../../../support/certificates.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { tlsIngress } from "../../../support/tls-ingress.ts";

const later = NOW + 3_600_000;
const named = (...dnsNames: string[]) => known([secret({ certificate: { expiresAt: later, dnsNames } })]);
const hosts = (...names: string[]) =>
  tlsIngress(["web-tls"], { rules: names.map((name) => hostRule(name, path("/"))) });

export default ruleCases(rule, {
  healthy: [
    { name: "no TLS", given: snapshot() },
    {
      name: "the exact name",
      given: snapshot({ ingress: tlsIngress(), secrets: named("Shop.Example.com") }),
    },
    {
      name: "a wildcard for one label",
      given: snapshot({ ingress: tlsIngress(), secrets: named("*.example.com") }),
    },
    {
      name: "only a catch-all and a wildcard host",
      given: snapshot({ ingress: hosts("", "*.example.com"), secrets: named("x") }),
    },
  ],
  broken: [
    {
      name: "a certificate for another host",
      given: snapshot({ ingress: tlsIngress(), secrets: named("old.example.com") }),
      want: [
        {
          text: "Host shop.example.com of Ingress web is covered by no certificate: the Ingress serves Secret web-tls for old.example.com.",
          subject: "Ingress/web#spec.rules[0].host",
          severity: "error",
        },
      ],
    },
    {
      name: "one of two hosts, and a wildcard does not span labels",
      given: snapshot({
        ingress: hosts("a.example.com", "a.b.example.com"),
        loadBalancer: known(liveCertificates({ dnsNames: ["*.example.com"] })),
      }),
      want: [
        {
          text: "Host a.b.example.com of Ingress web is covered by no certificate: the Ingress serves SslCertificate cert-1 for *.example.com.",
          subject: "Ingress/web#spec.rules[1].host",
          severity: "warning",
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
  ],
});
