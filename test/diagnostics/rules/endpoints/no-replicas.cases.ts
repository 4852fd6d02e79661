import rule from "../../../../src/diagnostics/rules/endpoints/no-replicas.ts";
import { known } from "../../../../src/model/observed.ts";
import { stringMap } from "../../../../src/model/refs.ts";
import { condition, NOW, notRead, pod, ref, snapshot, workload } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

const none = known([]);

export default ruleCases(rule, {
  healthy: [
    { name: "replicas run", given: snapshot() },
    {
      name: "no workload of these labels exists: that is another rule's",
      given: snapshot({
        pods: none,
        workloads: known([workload({ templateLabels: stringMap({ app: "x" }) })]),
      }),
    },
    {
      name: "a pod of another kind of workload serves",
      given: snapshot({ workloads: known([workload({ replicas: 0 })]) }),
    },
    { name: "the workload asks for pods, which are about to be made", given: snapshot({ pods: none }) },
    {
      name: "a Recreate rollout waits for its old pods to end",
      given: snapshot({ pods: known([pod(1, { deletedAt: NOW })]) }),
    },
  ],
  broken: [
    {
      name: "the Deployment is scaled to zero",
      given: snapshot({ pods: none, workloads: known([workload({ replicas: 0, readyReplicas: 0 })]) }),
      want: [
        {
          text: "Deployment web is scaled to 0 replicas, so Service web has no endpoint and its routes are asleep.",
          subject: "Deployment/web#spec.replicas",
          severity: "error",
          command: "kubectl scale deployment/web -n shop --replicas=1",
        },
      ],
    },
    {
      name: "both workloads of one selector are scaled to zero",
      given: snapshot({
        pods: known([pod(1, { deletedAt: NOW })]),
        workloads: known([
          workload({ replicas: 0 }),
          workload({ ref: ref("apps/v1", "StatefulSet", "web-old"), replicas: 0 }),
        ]),
      }),
      want: [
        {
          text: "Deployment web, StatefulSet web-old are scaled to 0 replicas, so Service web has no endpoint and its routes are asleep.",
        },
      ],
    },
    {
      name: "the API server refuses the pods",
      given: snapshot({
        pods: none,
        workloads: known([
          workload({
            conditions: [
              condition(
                "ReplicaFailure",
                "True",
                "FailedCreate",
                'pods "web-" is forbidden: exceeded quota.',
              ),
            ],
          }),
        ]),
      }),
      want: [
        {
          text: 'Deployment web asks for 2 replicas and has no pod, so Service web has no endpoint: FailedCreate, pods "web-" is forbidden: exceeded quota.',
          subject: "Deployment/web",
          command: "(none)",
        },
      ],
    },
  ],
  undecided: [
    { name: "pods may not be listed", given: snapshot({ pods: notRead("pods") }), source: "pods" },
    {
      name: "workloads may not be listed",
      given: snapshot({ pods: none, workloads: notRead("workloads") }),
      source: "workloads",
    },
  ],
});
