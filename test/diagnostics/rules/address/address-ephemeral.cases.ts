import addressEphemeral from "../../../../src/diagnostics/rules/address/address-ephemeral.ts";
import { ingress, servedAnnotations, snapshot } from "../../../support/builders.ts";
import { ofClass } from "../../../support/ingress-classes.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { asking, GLOBAL_ANNOTATION } from "../../../support/static-addresses.ts";

const served = (more: Readonly<Record<string, string>>) =>
  snapshot({ ingress: ingress({ annotations: servedAnnotations(more) }) });

export default ruleCases(addressEphemeral, {
  healthy: [
    { name: "a reserved address", given: served({ [GLOBAL_ANNOTATION]: "web-ip" }) },
    {
      name: "an address that GKE reserved itself",
      given: served({ "ingress.kubernetes.io/static-ip": "k8s2-fr-x" }),
    },
    { name: "no address yet", given: snapshot({ ingress: asking({}) }) },
    { name: "another class", given: snapshot({ ingress: ofClass("nginx", { addresses: ["203.0.113.7"] }) }) },
  ],
  broken: [
    {
      name: "an address that belongs to the forwarding rule only",
      given: snapshot(),
      want: [
        {
          text: "Address 203.0.113.10 of Ingress web is not reserved: no annotation names one, and GKE has reserved none itself.",
          subject: "Ingress/web",
          severity: "info",
        },
      ],
    },
  ],
  undecided: [],
});
