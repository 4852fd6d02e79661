import resourceInUse from "../../../../src/diagnostics/rules/sync/resource-in-use.ts";
import { known } from "../../../../src/model/observed.ts";
import { event, ingress, NOW, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { eventsUnreadable, frozen, neverBuilt, recovered } from "../../../support/sync-failures.ts";

const IN_USE =
  "googleapi: Error 400: The health_check resource 'hc-a' is already being used by 'bs-b', resourceInUseByAnotherResource";

export default ruleCases(resourceInUse, {
  healthy: [
    { name: "no error", given: snapshot() },
    { name: "a reference that was removed", given: recovered(IN_USE, "backend") },
    {
      name: "an Ingress being deleted, which is another finding",
      given: frozen(IN_USE, "backend", { ingress: ingress({ deletedAt: NOW - 60_000 }) }),
    },
    {
      name: "what is left over after a sync, which is another finding",
      given: frozen("x", "backend", {
        events: known([
          event({
            type: "Warning",
            reason: "GarbageCollection",
            message: `Error during garbage collection: ${IN_USE}`,
          }),
        ]),
      }),
    },
    {
      name: "an address in use, which is another finding",
      given: neverBuilt(
        "googleapi: Error 409: IP_IN_USE_BY_ANOTHER_RESOURCE - IP '10.0.0.9' is already being used by another resource.",
      ),
    },
  ],
  broken: [
    {
      name: "a resource with what uses it",
      given: frozen(IN_USE, "backend"),
      want: [
        {
          text: "hc-a is still used by bs-b, so Compute Engine refuses to change it and no change of Ingress web reaches its load balancer.",
          subject: "Ingress/web",
          severity: "error",
        },
      ],
    },
    {
      name: "a wording that names neither",
      given: frozen("googleapi: Error 400: It is used elsewhere, resourceInUseByAnotherResource", "backend"),
      want: [
        {
          text: "A resource of the load balancer is used by something else, so no change of Ingress web reaches its load balancer: googleapi: Error 400: It is used elsewhere, resourceInUseByAnotherResource.",
        },
      ],
    },
  ],
  undecided: [eventsUnreadable],
});
