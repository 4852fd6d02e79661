import healthCheckProtocolFlip from "../../../../src/diagnostics/rules/sync/health-check-protocol-flip.ts";
import { snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { eventsUnreadable, frozen, recovered } from "../../../support/sync-failures.ts";

const FLIP =
  "error ensuring health check: the HTTP health check configuration on the existing health check k8s-be-1 is nil, expected one";

export default ruleCases(healthCheckProtocolFlip, {
  healthy: [
    { name: "no error", given: snapshot() },
    { name: "a health check that was made anew", given: recovered(FLIP, "backend") },
  ],
  broken: [
    {
      name: "a stored health check of another protocol",
      given: frozen(FLIP, "backend"),
      want: [
        {
          text: "Health check k8s-be-1 has another protocol than its Service now asks for, so no change of Ingress web reaches its load balancer.",
          subject: "Ingress/web",
          severity: "error",
        },
      ],
    },
  ],
  undecided: [eventsUnreadable],
});
