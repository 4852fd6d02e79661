import rule from "../../../../src/diagnostics/rules/tls/pre-shared-cert-missing.ts";
import type { SslCertificate } from "../../../../src/model/load-balancer.ts";
import { known } from "../../../../src/model/observed.ts";
import { NOW, notRead, snapshot } from "../../../support/builders.ts";
import { liveCertificates } from "../../../support/certificates.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { annotated, frontEndError } from "../../../support/tls-ingress.ts";

const KEY = "ingress.gcp.kubernetes.io/pre-shared-cert";
const notFound = (where: string) =>
  frontEndError(
    `googleapi: Error 404: The resource 'projects/p/${where}/sslCertificates/corp' was not found, notFound`,
  );

const held = (...certificates: readonly Partial<SslCertificate>[]) =>
  snapshot({
    ingress: annotated({ [KEY]: "corp" }, { addresses: [] }),
    loadBalancer: known(liveCertificates(...certificates)),
  });

export default ruleCases(rule, {
  healthy: [
    { name: "no pre-shared certificate", given: snapshot() },
    { name: "one that Google has", given: held({ name: "corp" }) },
    {
      name: "one that may have been made after the last list",
      given: { ...held(), ingress: annotated({ [KEY]: "corp" }, { changedAt: NOW }) },
    },
    {
      name: "the project that was read has nothing of this Ingress",
      given: { ...held(), ingress: annotated({ [KEY]: "corp" }) },
    },
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
    {
      name: "one that Google does not have, before the controller says so",
      given: held(),
      want: [
        {
          text: `Annotation ${KEY} names SslCertificate corp, which project demo-project does not have as a global resource, so no change of Ingress web is applied.`,
          subject: `Ingress/web#metadata.annotations[${KEY}]`,
          severity: "error",
        },
      ],
    },
    {
      name: "one of another scope",
      given: held({ name: "corp", scope: "us-central1" }),
      want: [
        {
          text: `Annotation ${KEY} names SslCertificate corp, which project demo-project does not have as a global resource, only in scope us-central1, so no change of Ingress web is applied.`,
        },
      ],
    },
  ],
  undecided: [
    {
      name: "Google cannot be read",
      given: snapshot({ ingress: annotated({ [KEY]: "corp" }) }),
      source: "loadBalancer",
    },
    { name: "Events cannot be read", given: snapshot({ events: notRead("events") }), source: "events" },
  ],
});
