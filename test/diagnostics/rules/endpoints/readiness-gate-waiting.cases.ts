import rule from "../../../../src/diagnostics/rules/endpoints/readiness-gate-waiting.ts";
import { known } from "../../../../src/model/observed.ts";
import { NOW, notRead, pod, reportedIngress, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { crashingPod, gatedPod } from "../../../support/troubled-pods.ts";

const WAITING = {
  text: "The containers of 2 of 2 pods of Service web are ready, and the load balancer has called none of them healthy: readiness gate cloud.google.com/load-balancer-neg-ready of pod web-1 is closed; Google asks HTTP GET / on the serving port (type and port from GKE's default, path from readiness probe of pod web-1, container app).",
  subject: "Deployment/web",
};

export default ruleCases(rule, {
  healthy: [
    { name: "every gate is open", given: snapshot() },
    {
      name: "new pods have been waiting for a minute",
      given: snapshot({ pods: known([pod(1), gatedPod(2, { createdAt: NOW - 60_000 })]) }),
    },
    {
      name: "the containers are not ready either: that is another rule's",
      given: snapshot({ pods: known([crashingPod(1, { reason: "Error", exitCode: 1 })]) }),
    },
  ],
  broken: [
    {
      name: "no pod has ever passed",
      given: snapshot({
        ingress: reportedIngress("UNHEALTHY"),
        pods: known([gatedPod(1), gatedPod(2)]),
      }),
      want: [{ ...WAITING, severity: "error" }],
    },
    {
      name: "the load balancer's last word contradicts",
      given: snapshot({ pods: known([gatedPod(1), gatedPod(2)]) }),
      want: [{ ...WAITING, severity: "warning" }],
    },
    {
      name: "the pods of a new revision wait, and the old ones serve",
      given: snapshot({ pods: known([pod(1), gatedPod(2)]), workloads: notRead("workloads") }),
      want: [
        {
          text: "The rollout of Pod web-2 waits: the containers of 1 of 2 pods of Service web are ready, and the load balancer does not call them healthy, so readiness gate cloud.google.com/load-balancer-neg-ready of pod web-2 is closed; Google asks HTTP GET / on the serving port (type and port from GKE's default, path from readiness probe of pod web-1, container app).",
          subject: "Pod/web-2",
          severity: "warning",
        },
      ],
    },
  ],
  undecided: [{ name: "pods may not be listed", given: snapshot({ pods: notRead("pods") }), source: "pods" }],
});
