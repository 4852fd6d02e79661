import rule from "../../../../src/diagnostics/rules/tls/managed-certificate-rate-limited.ts";
import { known } from "../../../../src/model/observed.ts";
import { notRead, snapshot } from "../../../support/builders.ts";
import { managedCertificate } from "../../../support/certificates.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { annotated } from "../../../support/tls-ingress.ts";

const ingress = annotated({ "networking.gke.io/managed-certificates": "web-cert" });
const certificate = (changes: Parameters<typeof managedCertificate>[0]) =>
  snapshot({ ingress, managedCertificates: known([managedCertificate(changes)]) });

const domain = (status: string) => ({ domainStatus: [{ domain: "shop.example.com", status }] });

export default ruleCases(rule, {
  healthy: [
    { name: "none is asked for", given: snapshot() },
    { name: "issued", given: certificate({}) },
    {
      name: "one that this Ingress does not name",
      given: certificate({ name: "other", ...domain("FailedRateLimited") }),
    },
  ],
  broken: [
    {
      name: "too many certificates for the domain",
      given: certificate(domain("FailedRateLimited")),
      want: [
        {
          text: "ManagedCertificate web-cert waits: the certificate authority limits how many certificates domain shop.example.com gets.",
          subject: "ManagedCertificate/web-cert",
          severity: "warning",
        },
      ],
    },
  ],
  undecided: [
    {
      name: "managed certificates cannot be read",
      given: snapshot({ ingress, managedCertificates: notRead("managedCertificates") }),
      source: "managedCertificates",
    },
  ],
});
