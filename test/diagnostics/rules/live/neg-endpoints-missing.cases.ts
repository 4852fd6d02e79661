import rule from "../../../../src/diagnostics/rules/live/neg-endpoints-missing.ts";
import { known } from "../../../../src/model/observed.ts";
import { NOW, notRead, pod, slice, snapshot } from "../../../support/builders.ts";
import { backendService, health, live, neg } from "../../../support/load-balancers.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

export default ruleCases(rule, {
  healthy: [
    { name: "the NEG holds every ready endpoint", given: live() },
    {
      name: "it still holds an old one, too, which may be draining",
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
    {
      name: "an address that no slice has had for hours, and that something answers on",
      given: live(
        {
          negs: known([neg("10.4.0.1", "10.4.0.2", "10.4.0.9")]),
          backendServices: known([backendService({ health: known([health(1), health(2), health(9)]) })]),
        },
        { endpointSlices: known([slice({ changedAt: NOW - 3 * 3_600_000 })]) },
      ),
      want: [
        {
          text: "Network endpoint group k8s1-7c1e09d2-shop-web-80-0badc0de still holds 1 endpoint (10.4.0.9) that no EndpointSlice of Service web has, so requests go to whatever has the address now.",
          subject: "Service/web",
          severity: "warning",
        },
      ],
    },
    {
      name: "an address that no slice has had for hours, and that nothing answers on",
      given: live(
        { negs: known([neg("10.4.0.1", "10.4.0.2", "10.4.0.9")]) },
        { endpointSlices: known([slice({ changedAt: NOW - 3 * 3_600_000 })]) },
      ),
      want: [
        {
          text: "Network endpoint group k8s1-7c1e09d2-shop-web-80-0badc0de still holds 1 endpoint (10.4.0.9) that no EndpointSlice of Service web has, so requests go to whatever has the address now.",
          severity: "info",
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
