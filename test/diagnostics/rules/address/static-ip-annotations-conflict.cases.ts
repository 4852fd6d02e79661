import staticIpAnnotationsConflict from "../../../../src/diagnostics/rules/address/static-ip-annotations-conflict.ts";
import { snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { asking, GLOBAL_ANNOTATION, REGIONAL_ANNOTATION } from "../../../support/static-addresses.ts";

const both = { [GLOBAL_ANNOTATION]: "g-ip", [REGIONAL_ANNOTATION]: "r-ip" };
const text =
  "Ingress web names the global address g-ip and the regional address r-ip; GKE accepts one of them, so no change of it is applied.";

export default ruleCases(staticIpAnnotationsConflict, {
  healthy: [
    { name: "none", given: snapshot() },
    { name: "one", given: snapshot({ ingress: asking({ [GLOBAL_ANNOTATION]: "g-ip" }) }) },
    {
      name: "one beside an empty one",
      given: snapshot({ ingress: asking({ ...both, [REGIONAL_ANNOTATION]: "" }) }),
    },
    {
      name: "both on an Ingress of another class",
      given: snapshot({ ingress: asking({ ...both, "kubernetes.io/ingress.class": "nginx" }) }),
    },
  ],
  broken: [
    {
      name: "both on an external Ingress",
      given: snapshot({ ingress: asking(both) }),
      want: [
        {
          text,
          subject: "Ingress/web#metadata.annotations",
          severity: "error",
          command:
            "kubectl annotate --overwrite ingress web -n shop kubernetes.io/ingress.regional-static-ip-name-",
        },
      ],
    },
    {
      name: "both on an internal Ingress",
      given: snapshot({ ingress: asking({ ...both, "kubernetes.io/ingress.class": "gce-internal" }) }),
      want: [
        {
          text,
          command:
            "kubectl annotate --overwrite ingress web -n shop kubernetes.io/ingress.global-static-ip-name-",
        },
      ],
    },
  ],
  undecided: [],
});
