import rule from "../../../../src/diagnostics/rules/endpoints/pods-unschedulable.ts";
import { known } from "../../../../src/model/observed.ts";
import { NOW, notRead, pod, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { unschedulablePod } from "../../../support/troubled-pods.ts";

const AFFINITY = "0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector.";

export default ruleCases(rule, {
  healthy: [
    { name: "all pods run", given: snapshot() },
    {
      name: "the autoscaler has a few minutes to add a node",
      given: snapshot({
        pods: known([
          unschedulablePod(1, "0/3 nodes are available: 3 Insufficient cpu.", { createdAt: NOW - 180_000 }),
        ]),
      }),
    },
  ],
  broken: [
    {
      name: "no node matches the selector",
      given: snapshot({ pods: known([unschedulablePod(1, AFFINITY), unschedulablePod(2, AFFINITY)]) }),
      want: [
        {
          text: "No pod of Service web can answer, because 2 of 2 fit on no node: pod web-1 waits for a node: 0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector.",
          subject: "Deployment/web",
          severity: "error",
        },
      ],
    },
    {
      name: "surplus replicas have no room",
      given: snapshot({
        pods: known([pod(1), unschedulablePod(2, "0/1 nodes are available: 1 Insufficient cpu.")]),
      }),
      want: [
        {
          text: "1 of 2 pods of Service web fit on no node, while 1 can answer: pod web-2 waits for a node: 0/1 nodes are available: 1 Insufficient cpu.",
          severity: "info",
        },
      ],
    },
    {
      name: "the pods of a new revision have no room",
      given: snapshot({
        pods: known([
          pod(1),
          unschedulablePod(2, AFFINITY, { owner: { kind: "ReplicaSet", name: "web-aaaa" } }),
        ]),
      }),
      want: [
        {
          text: "The rollout of Deployment web is stuck and only the previous revision serves, because 1 of 2 pods of Service web fit on no node: pod web-2 waits for a node: 0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector.",
          severity: "warning",
        },
      ],
    },
  ],
  undecided: [{ name: "pods may not be listed", given: snapshot({ pods: notRead("pods") }), source: "pods" }],
});
