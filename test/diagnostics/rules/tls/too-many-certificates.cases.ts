import rule from "../../../../src/diagnostics/rules/tls/too-many-certificates.ts";
import { known } from "../../../../src/model/observed.ts";
import { notRead, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { frontEndError, tlsIngress } from "../../../support/tls-ingress.ts";

const secrets = (count: number) => Array.from({ length: count }, (_, index) => `tls-${index}`);

export default ruleCases(rule, {
  healthy: [
    { name: "as many as a proxy takes", given: snapshot({ ingress: tlsIngress(secrets(15)) }) },
    {
      name: "one Secret in many entries",
      given: snapshot({ ingress: tlsIngress(Array(20).fill("web-tls")) }),
    },
  ],
  broken: [
    {
      name: "one too many",
      given: snapshot({ ingress: tlsIngress(secrets(16)) }),
      want: [
        {
          text: "Ingress web asks for 16 certificates, and a target proxy takes 15, so no HTTPS front end is built.",
        },
      ],
    },
    {
      name: "only the controller's Event tells of it",
      given: snapshot({
        ingress: tlsIngress(),
        events: known([
          frontEndError(
            "googleapi: Error 413: Value for field 'resource.sslCertificates' is too large: maximum size 15 element(s); actual size 16., fieldSizeTooLarge",
          ),
        ]),
      }),
      want: [
        {
          text: "Compute Engine refuses the list of certificates of Ingress web as too long, so no HTTPS front end is built.",
        },
      ],
    },
  ],
  undecided: [
    { name: "Events cannot be read", given: snapshot({ events: notRead("events") }), source: "events" },
  ],
});
