import rule from "../../../../src/diagnostics/rules/tls/managed-certificate-not-visible.ts";
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
      given: certificate({ name: "other", ...domain("FailedNotVisible") }),
    },
  ],
  broken: [
    {
      name: "DNS does not point at the load balancer",
      given: certificate(domain("FailedNotVisible")),
      want: [
        {
          text: "ManagedCertificate web-cert is not issued: Google does not reach domain shop.example.com at this load balancer, whose address is 203.0.113.10.",
          subject: "ManagedCertificate/web-cert",
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
