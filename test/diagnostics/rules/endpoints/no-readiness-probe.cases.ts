import rule from "../../../../src/diagnostics/rules/endpoints/no-readiness-probe.ts";
import { known } from "../../../../src/model/observed.ts";
import { container, notRead, pod, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

const { readinessProbe: _probe, ...unprobed } = container();

export default ruleCases(rule, {
  healthy: [
    { name: "the serving container has a probe", given: snapshot() },
    {
      name: "only a container that does not serve has none",
      given: snapshot({
        pods: known([pod(1, { containers: [{ ...unprobed, name: "proxy", ports: [] }, container()] })]),
      }),
    },
    { name: "no pod is there", given: snapshot({ pods: known([]) }) },
  ],
  broken: [
    {
      name: "the serving container has none",
      given: snapshot({ pods: known([pod(1, { containers: [unprobed] })]) }),
      want: [
        {
          text: "Container app of the pods of Service web has no readiness probe, so its pods count as ready before the application answers.",
          subject: "Deployment/web",
          severity: "info",
        },
      ],
    },
    {
      name: "no container declares the port, and none has a probe",
      given: snapshot({
        pods: known([pod(1, { containers: [{ ...unprobed, ports: [] }] })]),
        workloads: notRead("workloads"),
      }),
      want: [
        {
          text: "Container app of the pods of Service web has no readiness probe, so its pods count as ready before the application answers.",
          subject: "Pod/web-1",
        },
      ],
    },
  ],
  undecided: [{ name: "pods may not be listed", given: snapshot({ pods: notRead("pods") }), source: "pods" }],
});
