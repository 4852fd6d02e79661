import rule from "../../../../src/diagnostics/rules/tls/certificate-provisioning.ts";
import {
  CERTIFICATES_UNREAD,
  certificatesInOrder,
  certified,
  GOOGLE_UNREAD,
  managedByHand,
} from "../../../support/certificates.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

export default ruleCases(rule, {
  healthy: certificatesInOrder({ status: "Provisioning" }),
  broken: [
    {
      name: "still provisioning",
      given: certified({ status: "Provisioning" }),
      want: [
        {
          text: "ManagedCertificate web-cert for shop.example.com is still being issued since 2026-11-23T11:00:00Z.",
          subject: "ManagedCertificate/web-cert",
          severity: "info",
        },
      ],
    },
    {
      name: "its controller has not reported yet",
      given: certified({ status: "" }),
      want: [
        {
          text: "ManagedCertificate web-cert for shop.example.com is still being issued since 2026-11-23T11:00:00Z.",
          subject: "ManagedCertificate/web-cert",
        },
      ],
    },
    {
      name: "Google's own certificate, without an object",
      given: managedByHand({ status: "PROVISIONING" }),
      want: [
        {
          text: "SslCertificate corp for shop.example.com is still being issued since 2026-11-23T11:00:00Z.",
          subject: "Ingress/web#metadata.annotations[ingress.gcp.kubernetes.io/pre-shared-cert]",
        },
      ],
    },
  ],
  undecided: [CERTIFICATES_UNREAD, GOOGLE_UNREAD],
});
