import balancingModeConflict from "../../../../src/diagnostics/rules/sync/balancing-mode-conflict.ts";
import { snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { eventsUnreadable, neverBuilt, recovered } from "../../../support/sync-failures.ts";

const CONFLICT =
  "googleapi: Error 400: backend services 1 and 2 point to the same instance group but the backends have incompatible balancing_mode, invalid";

export default ruleCases(balancingModeConflict, {
  healthy: [
    { name: "no error", given: snapshot() },
    { name: "modes that were made equal", given: recovered(CONFLICT, "backend") },
  ],
  broken: [
    {
      name: "two modes on one group",
      given: neverBuilt(CONFLICT, "backend"),
      want: [
        {
          text: `Two backend services use one instance group in different balancing modes, so no change of Ingress web reaches its load balancer: ${CONFLICT}.`,
          subject: "Ingress/web",
          severity: "error",
        },
      ],
    },
  ],
  undecided: [eventsUnreadable],
});
