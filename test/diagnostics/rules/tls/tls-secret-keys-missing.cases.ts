import rule from "../../../../src/diagnostics/rules/tls/tls-secret-keys-missing.ts";
import { known } from "../../../../src/model/observed.ts";
import { notRead, snapshot } from "../../../support/builders.ts";
import { secret } from "../../../support/certificates.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { frontEndError, tlsIngress } from "../../../support/tls-ingress.ts";

export default ruleCases(rule, {
  healthy: [
    { name: "both keys are there", given: snapshot({ ingress: tlsIngress(), secrets: known([secret()]) }) },
    {
      name: "the Secret is missing altogether",
      given: snapshot({ ingress: tlsIngress(), secrets: known([]) }),
    },
    {
      name: "more keys than needed",
      given: snapshot({
        ingress: tlsIngress(),
        secrets: known([secret({ keys: ["ca.crt", "tls.crt", "tls.key"] })]),
      }),
    },
  ],
  broken: [
    {
      name: "certificate and key under other names",
      given: snapshot({ ingress: tlsIngress(), secrets: known([secret({ keys: ["cert.pem", "key.pem"] })]) }),
      want: [
        {
          text: "Secret web-tls holds cert.pem, key.pem and lacks tls.crt and tls.key, so GKE builds no front end and applies no change.",
          subject: "Ingress/web#spec.tls[0].secretName",
        },
      ],
    },
    {
      name: "an empty placeholder",
      given: snapshot({ ingress: tlsIngress(), secrets: known([secret({ keys: [] })]) }),
      want: [
        {
          text: "Secret web-tls holds no key and lacks tls.crt and tls.key, so GKE builds no front end and applies no change.",
        },
      ],
    },
    {
      name: "only the controller's Event tells of it",
      given: snapshot({
        ingress: tlsIngress(),
        events: known([frontEndError('secret "web-tls" does not specify cert as string data')]),
      }),
      want: [{ text: "Secret web-tls has no tls.crt, so GKE builds no front end and applies no change." }],
    },
  ],
  undecided: [
    {
      name: "neither Secrets nor Events can be read",
      given: snapshot({ ingress: tlsIngress(), events: notRead("events") }),
      source: "events",
    },
  ],
});
