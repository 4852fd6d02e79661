import rule from "../../../../src/diagnostics/rules/tls/managed-certificate-failed.ts";
import { known } from "../../../../src/model/observed.ts";
import { notRead, snapshot } from "../../../support/builders.ts";
import { managedCertificate } from "../../../support/certificates.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { annotated } from "../../../support/tls-ingress.ts";

const ingress = annotated({ "networking.gke.io/managed-certificates": "web-cert" });
const certificate = (changes: Parameters<typeof managedCertificate>[0]) =>
  snapshot({ ingress, managedCertificates: known([managedCertificate(changes)]) });

export default ruleCases(rule, {
  healthy: [
    { name: "none is asked for", given: snapshot() },
    { name: "issued", given: certificate({}) },
    {
      name: "one that this Ingress does not name",
      given: certificate({ name: "other", status: "RenewalFailed" }),
    },
  ],
  broken: [
    {
      name: "terminal failure",
      given: certificate({ status: "ProvisioningFailedPermanently" }),
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
      given: certificate({ status: "RenewalFailed" }),
      want: [
        {
          text: "ManagedCertificate web-cert for shop.example.com has status RenewalFailed: the old certificate is served until it runs out.",
          subject: "ManagedCertificate/web-cert",
          severity: "warning",
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
