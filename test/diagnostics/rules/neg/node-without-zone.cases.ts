import rule from "../../../../src/diagnostics/rules/neg/node-without-zone.ts";
import { known } from "../../../../src/model/observed.ts";
import {
  endpoint,
  node,
  nodePortService,
  notRead,
  reportedIngress,
  serviceNeg,
  slice,
  snapshot,
} from "../../../support/builders.ts";
import { failedNeg, syncFailure } from "../../../support/neg-events.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

const { zone: _zone, ...virtual } = node({ name: "node-b" });
const oneEach = known([slice({ endpoints: [endpoint(1), endpoint(2, { nodeName: "node-b" })] })]);
const LOOKUP = 'Failed to lookup NEG in zone "", retry';

export default ruleCases(rule, {
  healthy: [
    { name: "every node has its data", given: snapshot() },
    {
      name: "a node without zone carries none of the pods",
      given: snapshot({ nodes: known([node(), virtual]) }),
    },
    {
      name: "instance groups do not ask",
      given: snapshot({
        services: known([nodePortService()]),
        endpointSlices: oneEach,
        nodes: known([node(), virtual]),
      }),
    },
  ],
  broken: [
    {
      name: "a virtual node stops the sync",
      given: snapshot({
        ingress: reportedIngress("Unknown"),
        endpointSlices: oneEach,
        nodes: known([node(), virtual]),
        serviceNegs: known([failedNeg(LOOKUP)]),
      }),
      want: [
        {
          text: "Node node-b, which carries 1 endpoint of Service web, has no zone in spec.providerID.",
          subject: "Node/node-b",
          severity: "error",
        },
      ],
    },
    {
      name: "a node without pod range, while the controller has said nothing",
      given: snapshot({
        nodes: known([node({ hasPodCidr: false })]),
        serviceNegs: known([serviceNeg({ conditions: [] })]),
      }),
      want: [
        {
          text: "Node node-a, which carries 2 endpoints of Service web, has no spec.podCIDR.",
          severity: "warning",
        },
      ],
    },
    {
      name: "a node without zone that the controller copes with",
      given: snapshot({ endpointSlices: oneEach, nodes: known([node(), virtual]) }),
      want: [
        {
          text: "Node node-b, which carries 1 endpoint of Service web, has no zone in spec.providerID.",
          severity: "info",
        },
      ],
    },
    {
      name: "a node of another subnetwork",
      given: snapshot({ nodes: known([node({ subnet: "extra" })]) }),
      want: [
        {
          text: "Node node-a, which carries 2 endpoints of Service web, is in subnetwork extra; where the cluster's NEGs cover the default subnetwork only, these get no request.",
          severity: "info",
        },
      ],
    },
    {
      name: "nodes cannot be read, and an Event says so",
      given: snapshot({
        nodes: notRead("nodes"),
        serviceNegs: known([]),
        events: known([syncFailure(LOOKUP)]),
      }),
      want: [
        {
          text: `The NEG controller finds no zone for a node, so the network endpoint groups of Service web are not made or not filled: Failed to sync NEG "k8s1-7c1e09d2-shop-web-80-0badc0de" (will retry): ${LOOKUP}.`,
          subject: "Service/web",
        },
      ],
    },
  ],
  undecided: [
    { name: "nodes may not be listed", given: snapshot({ nodes: notRead("nodes") }), source: "nodes" },
    {
      name: "EndpointSlices may not be listed",
      given: snapshot({ endpointSlices: notRead("endpointSlices") }),
      source: "endpointSlices",
    },
  ],
});
