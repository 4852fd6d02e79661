import rule from "../../../../src/diagnostics/rules/tls/tls-certificate-refused.ts";
import { known } from "../../../../src/model/observed.ts";
import { notRead, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { frontEndError, tlsIngress } from "../../../support/tls-ingress.ts";

const refused = (text: string, secrets = ["web-tls"]) =>
  snapshot({ ingress: tlsIngress(secrets), events: known([frontEndError(text)]) });

export default ruleCases(rule, {
  healthy: [
    { name: "nothing is refused", given: snapshot({ ingress: tlsIngress() }) },
    { name: "another error stands", given: refused('secrets "web-tls" not found') },
  ],
  broken: [
    {
      name: "a key that is too large",
      given: refused(
        "Cert creation failures - k8s2-cr-x Error:googleapi: Error 400: The SSL key is too large., sslCertificateKeyTooLarge",
      ),
      want: [
        {
          text: "Compute Engine refuses the certificate of Secret web-tls: its key is of a kind or size the load balancer does not accept. Nothing of Ingress web changes until it is replaced.",
        },
      ],
    },
    {
      name: "a certificate that does not parse, one of two",
      given: refused(
        "Cert creation failures - k8s2-cr-x Error:googleapi: Error 400: The SSL certificate could not be parsed., sslCertificateCouldNotParseCert",
        ["one", "two"],
      ),
      want: [
        {
          text: "Compute Engine refuses the certificate of Secret one or Secret two: its certificate or key does not parse as PEM. Nothing of Ingress web changes until it is replaced.",
        },
      ],
    },
  ],
  undecided: [
    {
      name: "Events cannot be read",
      given: snapshot({ ingress: tlsIngress(), events: notRead("events") }),
      source: "events",
    },
  ],
});
