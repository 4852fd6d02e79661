import rule from "../../../../src/diagnostics/rules/tls/managed-certificate-not-visible.ts";
import { known } from "../../../../src/model/observed.ts";
import {
  CERTIFICATES_UNREAD,
  certificatesInOrder,
  certified,
  domainByHand,
  GOOGLE_UNREAD,
  liveCertificates,
} from "../../../support/certificates.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

const domain = (status: string) => ({ domainStatus: [{ domain: "shop.example.com", status }] });

export default ruleCases(rule, {
  healthy: [
    ...certificatesInOrder(domain("FailedNotVisible")),
    { name: "a certificate that Google issued", given: domainByHand("ACTIVE") },
    {
      name: "Google's word is newer than the object's",
      given: {
        ...certified(domain("FailedNotVisible")),
        loadBalancer: known(liveCertificates({ name: "mcrt-1", managed: true, status: "ACTIVE" })),
      },
    },
  ],
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
    {
      name: "the same of a certificate that no ManagedCertificate stands for",
      given: domainByHand("FAILED_NOT_VISIBLE"),
      want: [
        {
          text: "SslCertificate corp is not issued: Google does not reach domain shop.example.com at this load balancer, whose address is 203.0.113.10.",
          subject: "Ingress/web#metadata.annotations[ingress.gcp.kubernetes.io/pre-shared-cert]",
        },
      ],
    },
    {
      name: "Google says so before the object does",
      given: {
        ...certified({ status: "Provisioning", ...domain("Provisioning") }),
        loadBalancer: known(
          liveCertificates({
            name: "mcrt-1",
            managed: true,
            status: "PROVISIONING",
            domainStatus: [{ domain: "shop.example.com", status: "FAILED_NOT_VISIBLE" }],
          }),
        ),
      },
      want: [
        {
          text: "ManagedCertificate web-cert is not issued: Google does not reach domain shop.example.com at this load balancer, whose address is 203.0.113.10.",
          subject: "ManagedCertificate/web-cert",
        },
      ],
    },
  ],
  undecided: [CERTIFICATES_UNREAD, GOOGLE_UNREAD],
});
