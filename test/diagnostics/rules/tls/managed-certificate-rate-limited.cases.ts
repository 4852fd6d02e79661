import rule from "../../../../src/diagnostics/rules/tls/managed-certificate-rate-limited.ts";
import { CERTIFICATES_UNREAD, certificatesInOrder, certified } from "../../../support/certificates.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

const domain = (status: string) => ({ domainStatus: [{ domain: "shop.example.com", status }] });

export default ruleCases(rule, {
  healthy: certificatesInOrder(domain("FailedRateLimited")),
  broken: [
    {
      name: "too many certificates for the domain",
      given: certified(domain("FailedRateLimited")),
      want: [
        {
          text: "ManagedCertificate web-cert waits: the certificate authority limits how many certificates domain shop.example.com gets.",
          subject: "ManagedCertificate/web-cert",
          severity: "warning",
        },
      ],
    },
  ],
  undecided: [CERTIFICATES_UNREAD],
});
