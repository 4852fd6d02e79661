import rule from "../../../../src/diagnostics/rules/tls/pre-shared-cert-missing.ts";
import { known } from "../../../../src/model/observed.ts";
import { notRead, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { annotated, frontEndError } from "../../../support/tls-ingress.ts";

const KEY = "ingress.gcp.kubernetes.io/pre-shared-cert";
const notFound = (where: string) =>
  frontEndError(
    `googleapi: Error 404: The resource 'projects/p/${where}/sslCertificates/corp' was not found, notFound`,
  );

export default ruleCases(rule, {
  healthy: [
    { name: "no pre-shared certificate", given: snapshot() },
    { name: "one that nobody misses", given: snapshot({ ingress: annotated({ [KEY]: "corp" }) }) },
  ],
  broken: [
    {
      name: "a global certificate that does not exist",
      given: snapshot({ ingress: annotated({ [KEY]: "corp" }), events: known([notFound("global")]) }),
      want: [
        {
          text: "SslCertificate corp does not exist as a global resource, so no HTTPS front end is built for Ingress web.",
          subject: `Ingress/web#metadata.annotations[${KEY}]`,
          command:
            "gcloud compute ssl-certificates create corp --global --certificate=FILE --private-key=FILE",
        },
      ],
    },
    {
      name: "a regional one for an internal Ingress",
      given: snapshot({
        ingress: annotated({ [KEY]: "corp", "kubernetes.io/ingress.class": "gce-internal" }),
        events: known([notFound("regions/us-central1")]),
      }),
      want: [
        {
          text: "SslCertificate corp does not exist as a regional resource, so no HTTPS front end is built for Ingress web.",
        },
      ],
    },
  ],
  undecided: [
    { name: "Events cannot be read", given: snapshot({ events: notRead("events") }), source: "events" },
  ],
});
