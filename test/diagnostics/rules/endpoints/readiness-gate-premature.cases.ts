import rule from "../../../../src/diagnostics/rules/endpoints/readiness-gate-premature.ts";
import { known } from "../../../../src/model/observed.ts";
import { NOW, notRead, pod, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { gatePod } from "../../../support/troubled-pods.ts";

const REASON = "LoadBalancerNegWithoutHealthCheck";

export default ruleCases(rule, {
  healthy: [
    { name: "the load balancer opened every gate", given: snapshot() },
    { name: "it was so an hour ago", given: snapshot({ pods: known([gatePod(1, REASON)]) }) },
  ],
  broken: [
    {
      name: "one of two pods is new, and nobody watched it",
      given: snapshot({ pods: known([pod(1), gatePod(2, REASON, { createdAt: NOW - 60_000 })]) }),
      want: [
        {
          text: "1 of 2 pods of Service web are new and became ready before a load balancer health check watched them, e.g. web-2 (LoadBalancerNegWithoutHealthCheck).",
          subject: "Pod/web-2",
          severity: "info",
        },
      ],
    },
  ],
  undecided: [{ name: "pods may not be listed", given: snapshot({ pods: notRead("pods") }), source: "pods" }],
});
