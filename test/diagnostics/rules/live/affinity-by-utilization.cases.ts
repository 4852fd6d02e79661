import rule from "../../../../src/diagnostics/rules/live/affinity-by-utilization.ts";
import { known } from "../../../../src/model/observed.ts";
import { snapshot } from "../../../support/builders.ts";
import { backendService, live } from "../../../support/load-balancers.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

const balanced = (sessionAffinity: string, balancingMode: string) => {
  const groups = backendService().groups.map((group) => ({ ...group, balancingMode }));
  return live({ backendServices: known([backendService({ sessionAffinity, groups })]) });
};

export default ruleCases(rule, {
  healthy: [
    { name: "no affinity", given: balanced("NONE", "UTILIZATION") },
    { name: "affinity by rate, as GKE sets it", given: balanced("CLIENT_IP", "RATE") },
  ],
  broken: [
    {
      name: "affinity by utilization",
      given: balanced("GENERATED_COOKIE", "UTILIZATION"),
      want: [
        {
          text: "Backend service k8s1-7c1e09d2-shop-web-80-0badc0de of Service web has session affinity GENERATED_COOKIE and balances k8s1-7c1e09d2-shop-web-80-0badc0de in zone us-central1-a by UTILIZATION, so clients move between endpoints as load changes.",
          subject: "Service/web",
          severity: "info",
        },
      ],
    },
  ],
  undecided: [{ name: "Google is not read", given: snapshot(), source: "loadBalancer" }],
});
