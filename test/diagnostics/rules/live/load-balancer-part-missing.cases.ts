import rule from "../../../../src/diagnostics/rules/live/load-balancer-part-missing.ts";
import { known } from "../../../../src/model/observed.ts";
import { freshAnnotations, ingress, NOW, notRead, snapshot } from "../../../support/builders.ts";
import { live } from "../../../support/load-balancers.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

export default ruleCases(rule, {
  healthy: [
    { name: "everything that was built is there", given: live() },
    {
      name: "nothing was built yet",
      given: live({ urlMaps: known([]) }, { ingress: ingress({ annotations: freshAnnotations() }) }),
    },
    {
      name: "a change is still spreading",
      given: live({ urlMaps: known([]) }, { ingress: ingress({ changedAt: NOW }) }),
    },
  ],
  broken: [
    {
      name: "forwarding rule and URL map are gone",
      given: live({ forwardingRules: known([]), urlMaps: known([]) }),
      want: [
        {
          text: "Forwarding rule k8s2-fr-x-shop-web-y, which GKE built for Ingress web, does not exist any more, so requests do not get past it.",
        },
        {
          text: "URL map k8s2-um-x-shop-web-y, which GKE built for Ingress web, does not exist any more, so requests do not get past it.",
        },
      ],
    },
  ],
  undecided: [
    { name: "Google is not read", given: snapshot(), source: "loadBalancer" },
    {
      name: "URL maps cannot be read",
      given: live({ urlMaps: notRead("loadBalancer") }),
      source: "loadBalancer",
    },
  ],
});
