import rule from "../../../../src/diagnostics/rules/endpoints/node-excluded.ts";
import { known } from "../../../../src/model/observed.ts";
import { node, nodePortService, notRead, pod, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

const anyNode = known([nodePortService()]);
const ownNode = known([nodePortService({ externalTrafficPolicy: "Local" })]);
const spread = known([pod(1), pod(2, { nodeName: "node-b" })]);
const oneExcluded = known([node(), node({ name: "node-b", zone: "us-central1-b", excluded: true })]);

export default ruleCases(rule, {
  healthy: [
    { name: "every node serves", given: snapshot() },
    {
      name: "an excluded node, and every other one passes requests on",
      given: snapshot({ services: anyNode, pods: spread, nodes: oneExcluded }),
    },
    {
      name: "an excluded node in a zone that others serve",
      given: snapshot({ pods: spread, nodes: known([node(), node({ name: "node-b", excluded: true })]) }),
    },
    { name: "manifests hold no nodes", given: snapshot({ services: anyNode, nodes: known([]) }) },
  ],
  broken: [
    {
      name: "every node is kept out",
      given: snapshot({
        services: anyNode,
        nodes: known([node({ excluded: true }), node({ name: "node-b", ready: false })]),
      }),
      want: [
        {
          text: "None of the 2 nodes is a candidate for the load balancer's instance groups, so no request reaches Service web.",
          subject: "Service/web",
          severity: "error",
        },
      ],
    },
    {
      name: "only nodes with pods pass requests on, and one of them is kept out",
      given: snapshot({ services: ownNode, pods: spread, nodes: oneExcluded }),
      want: [
        {
          text: "Service web has externalTrafficPolicy Local, so its pods on nodes that the instance groups leave out get no request: 1 pod, e.g. web-2 on node node-b.",
          subject: "Node/node-b",
          severity: "warning",
        },
      ],
    },
    {
      name: "a zone has no candidate, so it has no NEG",
      given: snapshot({ pods: spread, nodes: oneExcluded }),
      want: [
        {
          text: "Every node of zone us-central1-b is kept out of load balancers, so the zone gets no NEG for the pods of Service web there: 1 pod, e.g. web-2.",
          severity: "warning",
        },
      ],
    },
    {
      name: "the autoscaler removes a node",
      given: snapshot({
        pods: known([pod(1, { nodeName: "node-b" }), pod(2, { nodeName: "node-b" })]),
        nodes: known([node(), node({ name: "node-b", beingDeleted: true })]),
      }),
      want: [
        {
          text: "The cluster autoscaler is about to delete node node-b, and with it 2 pods of Service web, e.g. web-1.",
          severity: "info",
        },
      ],
    },
  ],
  undecided: [
    { name: "nodes may not be listed", given: snapshot({ nodes: notRead("nodes") }), source: "nodes" },
    {
      name: "pods may not be listed, and a node is kept out",
      given: snapshot({ nodes: oneExcluded, pods: notRead("pods") }),
      source: "pods",
    },
  ],
});
