import rule from "../../../../src/diagnostics/rules/tls/managed-certificate-failed.ts";
import {
  CERTIFICATES_UNREAD,
  certificatesInOrder,
  certified,
  GOOGLE_UNREAD,
  managedByHand,
} from "../../../support/certificates.ts";
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
    {
      name: "Google's own certificate, without an object",
      given: managedByHand({ status: "PROVISIONING_FAILED_PERMANENTLY" }),
      want: [
        {
          text: "SslCertificate corp for shop.example.com has status ProvisioningFailedPermanently, which is not retried, so HTTPS is not served.",
          subject: "Ingress/web#metadata.annotations[ingress.gcp.kubernetes.io/pre-shared-cert]",
        },
      ],
    },
  ],
  undecided: [CERTIFICATES_UNREAD, GOOGLE_UNREAD],
});
