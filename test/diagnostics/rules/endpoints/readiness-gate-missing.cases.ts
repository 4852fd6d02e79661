import rule from "../../../../src/diagnostics/rules/endpoints/readiness-gate-missing.ts";
import { known } from "../../../../src/model/observed.ts";
import { stringMap } from "../../../../src/model/refs.ts";
import { notRead, pod, service, servicePort, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

const ungated = known([pod(1), pod(2, { readinessGates: [] })]);

export default ruleCases(rule, {
  healthy: [
    { name: "every pod has the gate", given: snapshot() },
    {
      name: "an instance group needs no gate",
      given: snapshot({
        services: known([
          service({
            type: "NodePort",
            annotations: stringMap({}),
            ports: [servicePort({ nodePort: 30080 })],
          }),
        ]),
        pods: ungated,
      }),
    },
  ],
  broken: [
    {
      name: "a pod is older than the NEG",
      given: snapshot({ pods: ungated }),
      want: [
        {
          text: "1 of 2 pods of Service web have no readiness gate cloud.google.com/load-balancer-neg-ready, e.g. web-2, so a rollout does not wait until the load balancer has found its new pods.",
          subject: "Pod/web-2",
          severity: "info",
        },
      ],
    },
  ],
  undecided: [{ name: "pods may not be listed", given: snapshot({ pods: notRead("pods") }), source: "pods" }],
});
