import rule from "../../../../src/diagnostics/rules/tls/managed-certificate-rate-limited.ts";
import {
  CERTIFICATES_UNREAD,
  certificatesInOrder,
  certified,
  domainByHand,
  GOOGLE_UNREAD,
} from "../../../support/certificates.ts";
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
    {
      name: "Google's own certificate, without an object",
      given: domainByHand("FAILED_RATE_LIMITED"),
      want: [
        {
          text: "SslCertificate corp waits: the certificate authority limits how many certificates domain shop.example.com gets.",
          subject: "Ingress/web#metadata.annotations[ingress.gcp.kubernetes.io/pre-shared-cert]",
        },
      ],
    },
  ],
  undecided: [CERTIFICATES_UNREAD, GOOGLE_UNREAD],
});
