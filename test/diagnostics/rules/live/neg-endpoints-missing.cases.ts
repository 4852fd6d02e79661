import rule from "../../../../src/diagnostics/rules/live/neg-endpoints-missing.ts";
import { known } from "../../../../src/model/observed.ts";
import { NOW, notRead, pod, snapshot } from "../../../support/builders.ts";
import { live, neg } from "../../../support/load-balancers.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

export default ruleCases(rule, {
  healthy: [
    { name: "the NEG holds every ready endpoint", given: live() },
    {
      name: "it still holds an old one, too",
      given: live({ negs: known([neg("10.4.0.1", "10.4.0.2", "10.4.0.9")]) }),
    },
    {
      name: "the missing one has just been created",
      given: live(
        { negs: known([neg("10.4.0.1")]) },
        { pods: known([pod(1), pod(2, { createdAt: NOW - 60_000 })]) },
      ),
    },
  ],
  broken: [
    {
      name: "an empty NEG",
      given: live({ negs: known([neg()]) }),
      want: [
        {
          text: "None of 2 ready endpoints of Service web is in network endpoint group k8s1-7c1e09d2-shop-web-80-0badc0de, so the load balancer reaches no pod.",
          subject: "Service/web",
          severity: "error",
        },
      ],
    },
    {
      name: "one endpoint was never attached",
      given: live({ negs: known([neg("10.4.0.1")]) }),
      want: [
        {
          text: "1 of 2 ready endpoints of Service web are not in network endpoint group k8s1-7c1e09d2-shop-web-80-0badc0de (10.4.0.2), so they get no traffic.",
          severity: "warning",
        },
      ],
    },
  ],
  undecided: [
    { name: "Google is not read", given: snapshot(), source: "loadBalancer" },
    { name: "NEGs cannot be read", given: live({ negs: notRead("loadBalancer") }), source: "loadBalancer" },
    { name: "pods cannot be read", given: live({}, { pods: notRead("pods") }), source: "pods" },
  ],
});
