import rule from "../../../../src/diagnostics/rules/tls/managed-certificate-failed.ts";
import { CERTIFICATES_UNREAD, certificatesInOrder, certified } from "../../../support/certificates.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

export default ruleCases(rule, {
  healthy: certificatesInOrder({ status: "RenewalFailed" }),
  broken: [
    {
      name: "terminal failure",
      given: certified({ status: "ProvisioningFailedPermanently" }),
      want: [
        {
          text: "ManagedCertificate web-cert for shop.example.com has status ProvisioningFailedPermanently, which is not retried, so HTTPS is not served.",
          subject: "ManagedCertificate/web-cert",
          severity: "error",
        },
      ],
    },
    {
      name: "renewal fails",
      given: certified({ status: "RenewalFailed" }),
      want: [
        {
          text: "ManagedCertificate web-cert for shop.example.com has status RenewalFailed: the old certificate is served until it runs out.",
          subject: "ManagedCertificate/web-cert",
          severity: "warning",
        },
      ],
    },
  ],
  undecided: [CERTIFICATES_UNREAD],
});
