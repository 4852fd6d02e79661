import rule from "../../../../src/diagnostics/rules/tls/managed-certificate-missing.ts";
import { known } from "../../../../src/model/observed.ts";
import { notRead, snapshot } from "../../../support/builders.ts";
import { managedCertificate } from "../../../support/certificates.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { annotated } from "../../../support/tls-ingress.ts";

const KEY = "networking.gke.io/managed-certificates";

export default ruleCases(rule, {
  healthy: [
    { name: "none is asked for", given: snapshot() },
    {
      name: "the one asked for exists",
      given: snapshot({
        ingress: annotated({ [KEY]: "web-cert" }),
        managedCertificates: known([managedCertificate()]),
      }),
    },
  ],
  broken: [
    {
      name: "the certificate does not exist",
      given: snapshot({ ingress: annotated({ [KEY]: "web-cert" }) }),
      want: [
        {
          text: "ManagedCertificate web-cert does not exist in namespace shop, so no certificate is attached.",
          subject: `Ingress/web#metadata.annotations[${KEY}]`,
        },
      ],
    },
    {
      name: "one of two is misspelt",
      given: snapshot({
        ingress: annotated({ [KEY]: "web-cert, wbe-cert" }),
        managedCertificates: known([managedCertificate()]),
      }),
      want: [
        {
          text: "ManagedCertificate wbe-cert does not exist in namespace shop, which has web-cert, so no certificate is attached.",
        },
      ],
    },
  ],
  undecided: [
    {
      name: "managed certificates cannot be read",
      given: snapshot({
        ingress: annotated({ [KEY]: "web-cert" }),
        managedCertificates: notRead("managedCertificates"),
      }),
      source: "managedCertificates",
    },
  ],
});
