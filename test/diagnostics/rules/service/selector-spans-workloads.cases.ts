import selectorSpansWorkloads from "../../../../src/diagnostics/rules/service/selector-spans-workloads.ts";
import { known } from "../../../../src/model/observed.ts";
import { stringMap } from "../../../../src/model/refs.ts";
import { notRead, pod, snapshot, workload } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

const canary = workload({ name: "web-canary", templateLabels: stringMap({ app: "web", track: "canary" }) });

export default ruleCases(selectorSpansWorkloads, {
  healthy: [
    { name: "one workload", given: snapshot() },
    {
      name: "the other one is scaled to zero",
      given: snapshot({ workloads: known([workload(), { ...canary, replicas: 0 }]) }),
    },
  ],
  broken: [
    {
      name: "a canary",
      given: snapshot({ workloads: known([canary, workload()]) }),
      want: [
        {
          text: "The selector of Service web matches pods of Deployment web, Deployment web-canary; each gets a share of the requests.",
          subject: "Service/web#spec.selector",
          severity: "info",
        },
      ],
    },
    {
      name: "a job with the same labels",
      given: snapshot({ pods: known([pod(1), pod(9, { owner: { kind: "Job", name: "migrate" } })]) }),
      want: [
        {
          text: "The selector of Service web matches pods of Deployment web, Job migrate; each gets a share of the requests.",
        },
      ],
    },
  ],
  undecided: [
    {
      name: "workloads may not be listed",
      given: snapshot({ workloads: notRead("workloads") }),
      source: "workloads",
    },
    { name: "pods may not be listed", given: snapshot({ pods: notRead("pods") }), source: "pods" },
  ],
});
