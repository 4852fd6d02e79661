import rule from "../../../../src/diagnostics/rules/tls/managed-certificate-caa.ts";
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
  healthy: certificatesInOrder(domain("FailedCaaForbidden")),
  broken: [
    {
      name: "a CAA record forbids it",
      given: certified(domain("FailedCaaForbidden")),
      want: [
        {
          text: "ManagedCertificate web-cert is not issued: a CAA record of domain shop.example.com forbids Google's authorities.",
          subject: "ManagedCertificate/web-cert",
        },
      ],
    },
    {
      name: "CAA records cannot be read",
      given: certified(domain("FailedCaaChecking")),
      want: [
        {
          text: "ManagedCertificate web-cert is not issued: the CAA records of domain shop.example.com cannot be read.",
          subject: "ManagedCertificate/web-cert",
        },
      ],
    },
    {
      name: "Google's own certificate, without an object",
      given: domainByHand("FAILED_CAA_FORBIDDEN"),
      want: [
        {
          text: "SslCertificate corp is not issued: a CAA record of domain shop.example.com forbids Google's authorities.",
          subject: "Ingress/web#metadata.annotations[ingress.gcp.kubernetes.io/pre-shared-cert]",
        },
      ],
    },
  ],
  undecided: [CERTIFICATES_UNREAD, GOOGLE_UNREAD],
});
