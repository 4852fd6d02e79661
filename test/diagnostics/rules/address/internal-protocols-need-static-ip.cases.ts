import internalProtocolsNeedStaticIp from "../../../../src/diagnostics/rules/address/internal-protocols-need-static-ip.ts";
import { snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { asking, REGIONAL_ANNOTATION } from "../../../support/static-addresses.ts";

const CLASS = "kubernetes.io/ingress.class";
const tls = [{ hosts: [], secretName: "web-tls" }];
const internal = (more: Readonly<Record<string, string>> = {}, changes = { tls }) =>
  snapshot({ ingress: asking({ [CLASS]: "gce-internal", ...more }, changes) });

export default ruleCases(internalProtocolsNeedStaticIp, {
  healthy: [
    { name: "an external Ingress with both", given: snapshot({ ingress: asking({}, { tls }) }) },
    { name: "an internal Ingress with HTTP only", given: internal({}, { tls: [] }) },
    {
      name: "an internal Ingress with HTTPS only",
      given: internal({ "kubernetes.io/ingress.allow-http": "false" }),
    },
    {
      name: "an internal Ingress with a reserved address",
      given: internal({ [REGIONAL_ANNOTATION]: "web-ip" }),
    },
  ],
  broken: [
    {
      name: "an internal Ingress with both and no reserved address",
      given: internal(),
      want: [
        {
          text: "Internal Ingress web serves HTTP and HTTPS and names no reserved address; GKE needs one that both can share, so it builds no front end.",
          subject: "Ingress/web",
          severity: "error",
          command: "kubectl annotate --overwrite ingress web -n shop kubernetes.io/ingress.allow-http=false",
        },
      ],
    },
  ],
  undecided: [],
});
