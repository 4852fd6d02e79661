import rule from "../../../../src/diagnostics/rules/tls/managed-certificate-caa.ts";
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
      given: certificate({ name: "other", ...domain("FailedCaaForbidden") }),
    },
  ],
  broken: [
    {
      name: "a CAA record forbids it",
      given: certificate(domain("FailedCaaForbidden")),
      want: [
        {
          text: "ManagedCertificate web-cert is not issued: a CAA record of domain shop.example.com forbids Google's authorities.",
          subject: "ManagedCertificate/web-cert",
        },
      ],
    },
    {
      name: "CAA records cannot be read",
      given: certificate(domain("FailedCaaChecking")),
      want: [
        {
          text: "ManagedCertificate web-cert is not issued: the CAA records of domain shop.example.com cannot be read.",
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
