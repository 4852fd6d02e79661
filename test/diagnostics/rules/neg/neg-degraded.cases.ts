import rule from "../../../../src/diagnostics/rules/neg/neg-degraded.ts";
import { known } from "../../../../src/model/observed.ts";
import { NOW, notRead, snapshot } from "../../../support/builders.ts";
import { negWarning } from "../../../support/neg-events.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

const KEY = "shop/web-k8s1-x-http/80-8080-GCE_VM_IP_PORT-L7";

function entered(text: string) {
  return negWarning("EnterDegradedMode", `Entering degraded mode for NEG ${KEY} due to sync err: ${text}`);
}

const WRONG_POD = "endpoint 10.4.0.9 corresponds to a pod with another IP address";

export default ruleCases(rule, {
  healthy: [
    { name: "no word of it", given: snapshot() },
    {
      name: "it has left degraded mode again",
      given: snapshot({
        events: known([
          entered(WRONG_POD),
          negWarning("ExitDegradedMode", `NEG ${KEY} is no longer in degraded mode`, {
            type: "Normal",
            lastAt: NOW,
          }),
        ]),
      }),
    },
    {
      name: "the Service has no endpoint",
      given: snapshot({
        events: known([
          entered("endpoint count from endpointPodMap cannot be zero when there are endpoints"),
        ]),
      }),
    },
  ],
  broken: [
    {
      name: "an endpoint and its pod contradict each other",
      given: snapshot({ events: known([entered(WRONG_POD)]) }),
      want: [
        {
          text: `The NEG controller leaves endpoints of Service web out of its network endpoint groups: Entering degraded mode for NEG ${KEY} due to sync err: ${WRONG_POD}.`,
          subject: "Service/web",
          severity: "warning",
        },
      ],
    },
  ],
  undecided: [
    { name: "Events may not be listed", given: snapshot({ events: notRead("events") }), source: "events" },
  ],
});
