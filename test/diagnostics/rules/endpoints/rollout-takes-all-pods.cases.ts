import rule from "../../../../src/diagnostics/rules/endpoints/rollout-takes-all-pods.ts";
import { known } from "../../../../src/model/observed.ts";
import { node, notRead, pod, ref, snapshot, workload } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

const twoNodes = known([node(), node({ name: "node-b" })]);
const spread = known([pod(1), pod(2, { nodeName: "node-b" })]);

export default ruleCases(rule, {
  healthy: [
    { name: "a quarter of two replicas is none; the cluster has one node", given: snapshot() },
    { name: "two pods on two nodes", given: snapshot({ pods: spread, nodes: twoNodes }) },
    {
      name: "a StatefulSet of two replicas goes one by one",
      given: snapshot({
        workloads: known([workload({ ref: ref("apps/v1", "StatefulSet", "web"), maxUnavailable: 1 })]),
      }),
    },
    {
      name: "nobody updates a StatefulSet but its owner",
      given: snapshot({
        workloads: known([
          workload({ ref: ref("apps/v1", "StatefulSet", "web"), replicas: 1, strategy: "OnDelete" }),
        ]),
      }),
    },
    {
      name: "a workload of no replica",
      given: snapshot({ workloads: known([workload({ replicas: 0, strategy: "Recreate" })]) }),
    },
  ],
  broken: [
    {
      name: "strategy Recreate",
      given: snapshot({ workloads: known([workload({ strategy: "Recreate" })]) }),
      want: [
        {
          text: "Deployment web has update strategy Recreate, so a rollout stops all of its 2 replicas before it starts new ones.",
          subject: "Deployment/web",
          severity: "info",
          command: `kubectl patch deployment web -n shop --type=merge -p '{"spec":{"strategy":{"type":"RollingUpdate","rollingUpdate":{"maxUnavailable":0,"maxSurge":1}}}}'`,
        },
      ],
    },
    {
      name: "every replica may be unavailable",
      given: snapshot({ workloads: known([workload({ replicas: 1, maxUnavailable: 1 })]) }),
      want: [{ text: "Deployment web lets 1 of its 1 replica be unavailable during a rollout." }],
    },
    {
      name: "all of them, as a percentage",
      given: snapshot({ workloads: known([workload({ maxUnavailable: "100%" })]) }),
      want: [{ text: "Deployment web lets 100% of its 2 replicas be unavailable during a rollout." }],
    },
    {
      name: "the only pod of a StatefulSet",
      given: snapshot({
        workloads: known([workload({ ref: ref("apps/v1", "StatefulSet", "web"), replicas: 1 })]),
      }),
      want: [
        {
          text: "StatefulSet web has 1 replica, which an update stops before it starts the new one.",
          command: "(none)",
        },
      ],
    },
    {
      name: "all pods share a node",
      given: snapshot({ nodes: twoNodes }),
      want: [
        {
          text: "All 2 pods of Service web run on node node-a, so its maintenance stops them together.",
          subject: "Node/node-a",
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
