import nodeInMultipleGroups from "../../../../src/diagnostics/rules/sync/node-in-multiple-groups.ts";
import { snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { eventsUnreadable, neverBuilt, recovered } from "../../../support/sync-failures.ts";

const NAMED =
  "googleapi: Error 400: Validation failed for instance 'projects/p/zones/z/instances/node-a': instance may belong to at most one load-balanced instance group., instanceInMultipleLoadBalancedIgs";
const UNNAMED = "googleapi: Error 400: INSTANCE_IN_MULTIPLE_LOAD_BALANCED_IGS - Validation failed";

export default ruleCases(nodeInMultipleGroups, {
  healthy: [
    { name: "no error", given: snapshot() },
    { name: "a group that was given up", given: recovered(NAMED, "backend") },
  ],
  broken: [
    {
      name: "a node by name",
      given: neverBuilt(NAMED, "backend"),
      want: [
        {
          text: "Node node-a already belongs to another load-balanced instance group, and Compute Engine allows one, so no change of Ingress web reaches its load balancer.",
          subject: "Ingress/web",
        },
      ],
    },
    {
      name: "a wording that names no node",
      given: neverBuilt(UNNAMED, "backend"),
      want: [
        {
          text: "A node already belongs to another load-balanced instance group, and Compute Engine allows one, so no change of Ingress web reaches its load balancer.",
        },
      ],
    },
  ],
  undecided: [eventsUnreadable],
});
