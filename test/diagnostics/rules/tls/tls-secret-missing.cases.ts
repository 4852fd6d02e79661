import rule from "../../../../src/diagnostics/rules/tls/tls-secret-missing.ts";
import { known } from "../../../../src/model/observed.ts";
import { notRead, snapshot } from "../../../support/builders.ts";
import { secret } from "../../../support/certificates.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { frontEndError, tlsIngress } from "../../../support/tls-ingress.ts";

const command = "kubectl -n shop create secret tls web-tls --cert=tls.crt --key=tls.key";

export default ruleCases(rule, {
  healthy: [
    { name: "no TLS at all", given: snapshot() },
    { name: "the Secret exists", given: snapshot({ ingress: tlsIngress(), secrets: known([secret()]) }) },
    { name: "Secrets are not read, and no Event misses one", given: snapshot({ ingress: tlsIngress() }) },
    {
      name: "the Secret of a BackendConfig is missing, which another rule says",
      given: snapshot({
        ingress: tlsIngress(),
        secrets: known([secret()]),
        events: known([frontEndError('error retrieving secret iap: secrets "iap" not found')]),
      }),
    },
  ],
  broken: [
    {
      name: "the Secret does not exist",
      given: snapshot({ ingress: tlsIngress(), secrets: known([]) }),
      want: [
        {
          text: "Secret web-tls of spec.tls[0].secretName does not exist in namespace shop, so GKE builds no front end and applies no change.",
          subject: "Ingress/web#spec.tls[0].secretName",
          command,
        },
      ],
    },
    {
      name: "only the controller's Event tells of it",
      given: snapshot({
        ingress: tlsIngress(["first", "web-tls"]),
        events: known([frontEndError('error initializing translator env: secrets "web-tls" not found')]),
      }),
      want: [
        {
          text: "Secret web-tls of spec.tls[1].secretName does not exist in namespace shop, so GKE builds no front end and applies no change.",
          subject: "Ingress/web#spec.tls[1].secretName",
        },
      ],
    },
    {
      name: "the Secret is in another namespace",
      given: snapshot({ ingress: tlsIngress(), secrets: known([secret({ namespace: "certs" })]) }),
      want: [
        {
          text: "Secret web-tls of spec.tls[0].secretName exists in namespace certs but not in shop, where GKE looks, so GKE builds no front end and applies no change.",
        },
      ],
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
