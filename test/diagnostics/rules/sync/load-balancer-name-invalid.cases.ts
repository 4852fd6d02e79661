import loadBalancerNameInvalid from "../../../../src/diagnostics/rules/sync/load-balancer-name-invalid.ts";
import { freshAnnotations, ingress, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { eventsUnreadable, neverBuilt } from "../../../support/sync-failures.ts";

export default ruleCases(loadBalancerNameInvalid, {
  healthy: [
    { name: "a plain name", given: snapshot() },
    { name: "digits and hyphens", given: snapshot({ ingress: ingress({ name: "9-web" }) }) },
  ],
  broken: [
    {
      name: "a dot in the name, before the controller says anything",
      given: snapshot({
        ingress: ingress({ name: "web.v2", annotations: freshAnnotations(), addresses: [] }),
      }),
      want: [
        {
          text: "The name of Ingress web.v2 contains a dot, which no load balancer name may, so nothing is built for it.",
          subject: "Ingress/web.v2#metadata.name",
          severity: "error",
        },
      ],
    },
    {
      name: "a name that only the controller objects to",
      given: neverBuilt("invalid loadbalancer name 9x-web, the resource name must comply with RFC1035"),
      want: [
        {
          text: "The load balancer name 9x-web made from Ingress web is not valid, so nothing is built for it.",
        },
      ],
    },
  ],
  undecided: [eventsUnreadable],
});
