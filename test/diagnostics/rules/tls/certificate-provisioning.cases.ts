import rule from "../../../../src/diagnostics/rules/tls/certificate-provisioning.ts";
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
      given: certificate({ name: "other", status: "Provisioning" }),
    },
  ],
  broken: [
    {
      name: "still provisioning",
      given: certificate({ status: "Provisioning" }),
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
      given: certificate({ status: "" }),
      want: [
        {
          text: "ManagedCertificate web-cert for shop.example.com is still being issued since 2026-11-23T11:00:00Z.",
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
