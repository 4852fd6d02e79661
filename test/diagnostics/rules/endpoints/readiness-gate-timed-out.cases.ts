import rule from "../../../../src/diagnostics/rules/endpoints/readiness-gate-timed-out.ts";
import { known } from "../../../../src/model/observed.ts";
import {
  ingress,
  notRead,
  pod,
  reportedIngress,
  servedAnnotations,
  snapshot,
} from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { gatePod } from "../../../support/troubled-pods.ts";

const timedOut = (index: number) => gatePod(index, "LoadBalancerNegTimeout");

/** What is said of two pods, by what the load balancer reports. */
const both = (health: string) =>
  `2 of 2 pods of Service web became ready after ten minutes without the load balancer ever calling them healthy, e.g. web-1 (LoadBalancerNegTimeout); the load balancer reports the backend ${health}.`;

export default ruleCases(rule, {
  healthy: [
    { name: "the load balancer opened every gate", given: snapshot() },
    {
      name: "the pod that ran out of time is being deleted",
      given: snapshot({ pods: known([pod(1), { ...timedOut(2), deletedAt: 1 }]) }),
    },
  ],
  broken: [
    {
      name: "no pod ever passed, and the backend is unhealthy",
      given: snapshot({
        ingress: reportedIngress("UNHEALTHY"),
        pods: known([timedOut(1), timedOut(2)]),
      }),
      want: [{ text: both("UNHEALTHY"), subject: "Pod/web-1", severity: "error" }],
    },
    {
      name: "the load balancer has reported nothing",
      given: snapshot({
        ingress: ingress({ annotations: servedAnnotations({ "ingress.kubernetes.io/backends": undefined }) }),
        pods: known([timedOut(1), timedOut(2)]),
      }),
      want: [{ text: both("in no state yet"), severity: "warning" }],
    },
    {
      name: "the health check passes by now",
      given: snapshot({ pods: known([timedOut(1), timedOut(2)]) }),
      want: [{ text: both("HEALTHY"), severity: "info" }],
    },
  ],
  undecided: [
    {
      name: "NEG objects may not be listed, so the reported health cannot be joined",
      given: snapshot({ pods: known([timedOut(1)]), serviceNegs: notRead("serviceNegs") }),
      source: "serviceNegs",
    },
    { name: "pods may not be listed", given: snapshot({ pods: notRead("pods") }), source: "pods" },
    {
      name: "Services may not be listed",
      given: snapshot({ services: notRead("services") }),
      source: "services",
    },
  ],
});
