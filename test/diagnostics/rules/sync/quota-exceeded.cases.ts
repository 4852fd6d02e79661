import quotaExceeded from "../../../../src/diagnostics/rules/sync/quota-exceeded.ts";
import { known } from "../../../../src/model/observed.ts";
import { condition, event, serviceNeg, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import {
  eventsUnreadable,
  negFailure,
  negWarning,
  neverBuilt,
  recovered,
  syncWarning,
} from "../../../support/sync-failures.ts";

const BACKEND_SERVICES =
  "googleapi: Error 403: Quota 'BACKEND_SERVICES' exceeded.  Limit: 5.0 globally., quotaExceeded";
const NEGS =
  "googleapi: Error 403: Quota 'NETWORK_ENDPOINT_GROUPS' exceeded. Limit: 100.0 in region us-central1., quotaExceeded";
const RATE =
  "googleapi: Error 403: Quota exceeded for quota metric 'Queries' of service 'compute', rateLimitExceeded";

const NEG_TEXT =
  "Quota NETWORK_ENDPOINT_GROUPS of the Google Cloud project is used up (limit 100.0 in region us-central1), and Compute Engine refuses what needs more of it, so the network endpoint groups of Service web are not made or not filled.";

export default ruleCases(quotaExceeded, {
  healthy: [
    { name: "no error", given: snapshot() },
    { name: "a quota that was raised since", given: recovered(BACKEND_SERVICES, "backend") },
    { name: "a request rate, which is another finding", given: neverBuilt(RATE, "backend") },
  ],
  broken: [
    {
      name: "an Ingress without an address",
      given: neverBuilt(BACKEND_SERVICES, "backend"),
      want: [
        {
          text: "Quota BACKEND_SERVICES of the Google Cloud project is used up (limit 5.0 globally), and Compute Engine refuses what needs more of it, so no change of Ingress web reaches its load balancer.",
          subject: "Ingress/web",
          severity: "error",
        },
      ],
    },
    {
      name: "the Service, while the Ingress only misses the NEG",
      given: neverBuilt("", "backend", {
        events: known([
          syncWarning(
            "googleapi: Error 404: The resource 'projects/demo-project/zones/z/networkEndpointGroups/n' was not found, notFound",
            "backend",
          ),
          negWarning(negFailure(NEGS)),
        ]),
      }),
      want: [{ text: NEG_TEXT, subject: "Service/web" }],
    },
    {
      name: "the Service and the condition of its NEG, which is one finding",
      given: snapshot({
        events: known([event(), negWarning(negFailure(NEGS))]),
        serviceNegs: known([
          serviceNeg({ conditions: [condition("Initialized", "False", "NegInitializationFailed", NEGS)] }),
        ]),
      }),
      want: [{ text: NEG_TEXT, subject: "Service/web" }],
    },
    {
      name: "only the condition of a NEG",
      given: snapshot({
        serviceNegs: known([
          serviceNeg({ conditions: [condition("Initialized", "False", "NegInitializationFailed", NEGS)] }),
        ]),
      }),
      want: [{ text: NEG_TEXT, subject: "ServiceNetworkEndpointGroup/k8s1-7c1e09d2-shop-web-80-0badc0de" }],
    },
    {
      name: "a wording that names neither quota nor limit",
      given: neverBuilt("googleapi: Error 403: Too many of them, quotaExceeded"),
      want: [
        {
          text: "A quota of the Google Cloud project is used up, so no change of Ingress web reaches its load balancer: googleapi: Error 403: Too many of them, quotaExceeded.",
        },
      ],
    },
  ],
  undecided: [eventsUnreadable],
});
