import orgPolicyDenied from "../../../../src/diagnostics/rules/sync/org-policy-denied.ts";
import { snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { eventsUnreadable, neverBuilt, recovered } from "../../../support/sync-failures.ts";

const DENIED =
  "googleapi: Error 412: Constraint constraints/compute.restrictLoadBalancerCreationForTypes violated for projects/demo-project. Forwarding Rule of type EXTERNAL_HTTP_HTTPS is not allowed., conditionNotMet";

export default ruleCases(orgPolicyDenied, {
  healthy: [
    { name: "no error", given: snapshot() },
    { name: "a policy that was lifted", given: recovered(DENIED) },
    {
      name: "another 412",
      given: neverBuilt("googleapi: Error 412: Invalid fingerprint., conditionNotMet"),
    },
  ],
  broken: [
    {
      name: "a constraint",
      given: neverBuilt(DENIED),
      want: [
        {
          text: "Organization policy constraints/compute.restrictLoadBalancerCreationForTypes forbids what Ingress web needs, so no change of Ingress web reaches its load balancer.",
          subject: "Ingress/web",
          severity: "error",
        },
      ],
    },
    {
      name: "a wording without the constraint",
      given: neverBuilt("googleapi: Error 403: Denied by organization policy, forbidden"),
      want: [
        {
          text: "An organization policy forbids what Ingress web needs, so no change of Ingress web reaches its load balancer: googleapi: Error 403: Denied by organization policy, forbidden.",
        },
      ],
    },
  ],
  undecided: [eventsUnreadable],
});
