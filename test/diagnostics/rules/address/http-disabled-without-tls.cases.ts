import httpDisabledWithoutTls from "../../../../src/diagnostics/rules/address/http-disabled-without-tls.ts";
import { NOW, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { asking } from "../../../support/static-addresses.ts";

const ALLOW_HTTP = "kubernetes.io/ingress.allow-http";
const MANAGED = "networking.gke.io/managed-certificates";
const managed = { [ALLOW_HTTP]: "false", [MANAGED]: "web-cert, api-cert" };

export default ruleCases(httpDisabledWithoutTls, {
  healthy: [
    { name: "HTTP allowed", given: snapshot() },
    {
      name: "a value that GKE does not read as false",
      given: snapshot({ ingress: asking({ [ALLOW_HTTP]: "no" }) }),
    },
    {
      name: "HTTPS with a Secret",
      given: snapshot({
        ingress: asking({ [ALLOW_HTTP]: "false" }, { tls: [{ hosts: [], secretName: "web-tls" }] }),
      }),
    },
    {
      name: "HTTPS with a pre-shared certificate",
      given: snapshot({
        ingress: asking({ [ALLOW_HTTP]: "false", "ingress.gcp.kubernetes.io/pre-shared-cert": "corp" }),
      }),
    },
    {
      name: "managed certificates that are being attached",
      given: snapshot({ ingress: asking(managed, { createdAt: NOW - 60_000, changedAt: NOW - 60_000 }) }),
    },
    {
      name: "an Ingress being deleted",
      given: snapshot({ ingress: asking({ [ALLOW_HTTP]: "false" }, { deletedAt: NOW - 1 }) }),
    },
  ],
  broken: [
    {
      name: "neither HTTP nor a certificate",
      given: snapshot({ ingress: asking({ [ALLOW_HTTP]: "F" }) }),
      want: [
        {
          text: 'Ingress web sets kubernetes.io/ingress.allow-http to "F" and configures no certificate, so it has neither an HTTP nor an HTTPS front end.',
          subject: "Ingress/web#metadata.annotations[kubernetes.io/ingress.allow-http]",
          severity: "error",
          command: "kubectl annotate --overwrite ingress web -n shop kubernetes.io/ingress.allow-http=true",
        },
      ],
    },
    {
      name: "managed certificates that never arrive",
      given: snapshot({ ingress: asking(managed) }),
      want: [
        {
          text: 'Ingress web sets kubernetes.io/ingress.allow-http to "false", and its managed certificates (web-cert, api-cert) have not been attached yet, so it has neither an HTTP nor an HTTPS front end.',
        },
      ],
    },
  ],
  undecided: [],
});
