import rule from "../../../../src/diagnostics/rules/live/backend-partly-unhealthy.ts";
import { known } from "../../../../src/model/observed.ts";
import { NOW, notRead, pod, snapshot } from "../../../support/builders.ts";
import { ALL_UNHEALTHY, backendService, health, live } from "../../../support/load-balancers.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

const oneUnhealthy = known([
  backendService({ health: known([health(1), health(2, { state: "UNHEALTHY", zone: "us-central1-b" })]) }),
]);

export default ruleCases(rule, {
  healthy: [
    { name: "every endpoint is healthy", given: live() },
    { name: "none is healthy, which other rules explain", given: live({ backendServices: ALL_UNHEALTHY }) },
    {
      name: "the unhealthy one has just been created",
      given: live(
        { backendServices: oneUnhealthy },
        { pods: known([pod(1), pod(2, { createdAt: NOW - 60_000 })]) },
      ),
    },
    {
      name: "the unhealthy one is not ready for Kubernetes either",
      given: live({ backendServices: oneUnhealthy }, { pods: known([pod(1), pod(2, { ready: false })]) }),
    },
  ],
  broken: [
    {
      name: "one of two ready pods is unhealthy for Google",
      given: live({ backendServices: oneUnhealthy }),
      want: [
        {
          text: "Google calls 1 of 2 endpoints of Service web unhealthy (us-central1-b: 1), though Kubernetes calls their pods ready.",
          subject: "Service/web",
          severity: "warning",
        },
      ],
    },
  ],
  undecided: [
    { name: "Google is not read", given: snapshot(), source: "loadBalancer" },
    {
      name: "its health cannot be read",
      given: live({ backendServices: known([backendService({ health: notRead("loadBalancer") })]) }),
      source: "loadBalancer",
    },
  ],
});
