import apiDisabled from "../../../../src/diagnostics/rules/sync/api-disabled.ts";
import { snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { eventsUnreadable, neverBuilt, recovered } from "../../../support/sync-failures.ts";

const DISABLED =
  "googleapi: Error 403: Compute Engine API has not been used in project 42 before or it is disabled. Enable it by visiting https://console.example.com, accessNotConfigured";

export default ruleCases(apiDisabled, {
  healthy: [
    { name: "no error", given: snapshot() },
    { name: "an API that was enabled again", given: recovered(DISABLED, "backend") },
    {
      name: "a missing permission in a project named after billing",
      given: neverBuilt(
        "googleapi: Error 403: Required 'compute.zones.list' permission for 'projects/billing-prod', forbidden",
      ),
    },
  ],
  broken: [
    {
      name: "the API is off",
      given: neverBuilt(DISABLED, "backend"),
      want: [
        {
          text: "The Compute Engine API is switched off in the project, so no change of Ingress web reaches its load balancer.",
          subject: "Ingress/web",
          command: "gcloud services enable compute.googleapis.com",
        },
      ],
    },
    {
      name: "billing is off",
      given: neverBuilt(
        "googleapi: Error 403: This API method requires billing to be enabled. Enable it for projects/demo-project, billingNotEnabled",
        "backend",
      ),
      want: [
        {
          text: "Compute Engine refuses calls because the project has no active billing, so no change of Ingress web reaches its load balancer.",
          command: "(none)",
        },
      ],
    },
  ],
  undecided: [eventsUnreadable],
});
