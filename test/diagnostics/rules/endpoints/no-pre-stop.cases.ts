import rule from "../../../../src/diagnostics/rules/endpoints/no-pre-stop.ts";
import { known } from "../../../../src/model/observed.ts";
import type { Container } from "../../../../src/model/pod.ts";
import { container, nodePortService, notRead, pod, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

const hasty: Container = container({ hasPreStop: false });
const sidecar: Container = container({ name: "proxy", ports: [], hasPreStop: false });

export default ruleCases(rule, {
  healthy: [
    { name: "the serving container sleeps before it ends", given: snapshot() },
    {
      name: "only a container that does not serve has no hook",
      given: snapshot({ pods: known([pod(1, { containers: [container(), sidecar] })]) }),
    },
    {
      name: "an instance group backend",
      given: snapshot({
        services: known([nodePortService()]),
        pods: known([pod(1, { containers: [hasty] })]),
      }),
    },
    { name: "no pod is there", given: snapshot({ pods: known([]) }) },
  ],
  broken: [
    {
      name: "the serving container has no hook",
      given: snapshot({ pods: known([pod(1, { containers: [hasty] }), pod(2, { containers: [hasty] })]) }),
      want: [
        {
          text: "Container app of the pods of Service web has no preStop hook, so it ends while the load balancer still sends requests to it.",
          subject: "Deployment/web",
          severity: "info",
          command: `kubectl patch deployment web -n shop --type=strategic -p '{"spec":{"template":{"spec":{"terminationGracePeriodSeconds":90,"containers":[{"name":"app","lifecycle":{"preStop":{"sleep":{"seconds":60}}}}]}}}}'`,
        },
      ],
    },
    {
      name: "workloads cannot be read, so no command is offered",
      given: snapshot({
        pods: known([pod(1, { containers: [hasty] })]),
        workloads: notRead("workloads"),
      }),
      want: [
        {
          text: "Container app of the pods of Service web has no preStop hook, so it ends while the load balancer still sends requests to it.",
          subject: "Pod/web-1",
          command: "(none)",
        },
      ],
    },
  ],
  undecided: [{ name: "pods may not be listed", given: snapshot({ pods: notRead("pods") }), source: "pods" }],
});
