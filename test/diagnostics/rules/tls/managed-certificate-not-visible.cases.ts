import rule from "../../../../src/diagnostics/rules/tls/managed-certificate-not-visible.ts";
import { CERTIFICATES_UNREAD, certificatesInOrder, certified } from "../../../support/certificates.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

const domain = (status: string) => ({ domainStatus: [{ domain: "shop.example.com", status }] });

export default ruleCases(rule, {
  healthy: certificatesInOrder(domain("FailedNotVisible")),
  broken: [
    {
      name: "DNS does not point at the load balancer",
      given: certified(domain("FailedNotVisible")),
      want: [
        {
          text: "ManagedCertificate web-cert is not issued: Google does not reach domain shop.example.com at this load balancer, whose address is 203.0.113.10.",
          subject: "ManagedCertificate/web-cert",
        },
      ],
    },
  ],
  undecided: [CERTIFICATES_UNREAD],
});
