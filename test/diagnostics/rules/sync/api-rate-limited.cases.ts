import apiRateLimited from "../../../../src/diagnostics/rules/sync/api-rate-limited.ts";
import { known } from "../../../../src/model/observed.ts";
import { event, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import {
  eventsUnreadable,
  frozen,
  negFailure,
  negWarning,
  neverBuilt,
  recovered,
} from "../../../support/sync-failures.ts";

const LIMITED = "googleapi: Error 403: Rate Limit Exceeded, rateLimitExceeded";

export default ruleCases(apiRateLimited, {
  healthy: [
    { name: "no error", given: snapshot() },
    { name: "a retry that passed", given: recovered(LIMITED, "backend") },
    {
      name: "a resource quota, which is another finding",
      given: neverBuilt(
        "googleapi: Error 403: Quota 'URL_MAPS' exceeded. Limit: 10.0 globally., quotaExceeded",
      ),
    },
  ],
  broken: [
    {
      name: "a load balancer that was never built",
      given: neverBuilt(LIMITED, "backend"),
      want: [
        {
          text: "Compute Engine refuses calls because the project sends too many, so no change of Ingress web reaches its load balancer.",
          severity: "error",
        },
      ],
    },
    {
      name: "a served Ingress, whose changes are late",
      given: frozen(LIMITED, "backend"),
      want: [
        {
          text: "Compute Engine refuses calls because the project sends too many, so no change of Ingress web reaches its load balancer.",
          severity: "warning",
        },
      ],
    },
    {
      name: "endpoints of a Service",
      given: snapshot({ events: known([event(), negWarning(negFailure(LIMITED))]) }),
      want: [
        {
          text: "Compute Engine refuses calls because the project sends too many, so the network endpoint groups of Service web are not made or not filled.",
          subject: "Service/web",
          severity: "warning",
        },
      ],
    },
  ],
  undecided: [eventsUnreadable],
});
