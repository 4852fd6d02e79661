import rule from "../../../../src/diagnostics/rules/endpoints/backend-partly-ready.ts";
import { known } from "../../../../src/model/observed.ts";
import { endpoint, NOW, notRead, pod, slice, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { crashingPod, gatedPod, unreadyPod } from "../../../support/troubled-pods.ts";

/** One endpoint is ready, one is not. */
const half = slice({ endpoints: [endpoint(1), endpoint(2, { ready: false })] });

export default ruleCases(rule, {
  healthy: [
    { name: "every endpoint is ready", given: snapshot() },
    {
      name: "the unready endpoint is of a pod that starts",
      given: snapshot({
        endpointSlices: known([half]),
        pods: known([pod(1), unreadyPod(2, {}, { createdAt: NOW - 60_000 })]),
      }),
    },
    {
      name: "the unready pod waits for the load balancer only: that is another rule's",
      given: snapshot({ endpointSlices: known([half]), pods: known([pod(1), gatedPod(2)]) }),
    },
    {
      name: "pods cannot be read, and the slice was written a minute ago",
      given: snapshot({
        endpointSlices: known([{ ...half, changedAt: NOW - 60_000 }]),
        pods: notRead("pods"),
      }),
    },
  ],
  broken: [
    {
      name: "one pod of two crashes",
      given: snapshot({
        endpointSlices: known([half]),
        pods: known([pod(1), crashingPod(2, { reason: "Error", exitCode: 1 })]),
      }),
      want: [
        {
          text: "Only 1 of 2 endpoints of Service web for port http are ready.",
          subject: "Service/web",
          severity: "warning",
        },
      ],
    },
    {
      name: "pods cannot be read, and nothing has moved for long",
      given: snapshot({ endpointSlices: known([half]), pods: notRead("pods") }),
      want: [{ text: "Only 1 of 2 endpoints of Service web for port http are ready." }],
    },
  ],
  undecided: [
    {
      name: "EndpointSlices may not be listed",
      given: snapshot({ endpointSlices: notRead("endpointSlices") }),
      source: "endpointSlices",
    },
  ],
});
