import rule from "../../../../src/diagnostics/rules/live/zone-not-attached.ts";
import { known } from "../../../../src/model/observed.ts";
import { endpoint, ingress, NOW, notRead, pod, slice, snapshot } from "../../../support/builders.ts";
import { live, liveNodes } from "../../../support/load-balancers.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

const spread = {
  endpointSlices: known([slice({ endpoints: [endpoint(1), endpoint(2, { zone: "us-central1-b" })] })]),
};

export default ruleCases(rule, {
  healthy: [
    { name: "every zone with pods is attached", given: live() },
    { name: "instance groups", given: liveNodes({}, spread) },
    {
      name: "the zone has just got its first pod",
      given: live({}, { ...spread, pods: known([pod(1), pod(2, { createdAt: NOW - 60_000 })]) }),
    },
    {
      name: "a change is still under way",
      given: live({}, { ...spread, ingress: ingress({ changedAt: NOW }) }),
    },
  ],
  broken: [
    {
      name: "a pod in a zone without a group",
      given: live({}, spread),
      want: [
        {
          text: "Backend service k8s1-7c1e09d2-shop-web-80-0badc0de has no network endpoint group in zone us-central1-b, where 1 ready pod of Service web could serve.",
          subject: "Service/web",
          severity: "warning",
        },
      ],
    },
  ],
  undecided: [
    { name: "Google is not read", given: snapshot(), source: "loadBalancer" },
    { name: "pods cannot be read", given: live({}, { pods: notRead("pods") }), source: "pods" },
  ],
});
