import rule from "../../../../src/diagnostics/rules/endpoints/endpoint-without-node.ts";
import { known } from "../../../../src/model/observed.ts";
import {
  condition,
  endpoint,
  event,
  NOW,
  negName,
  notRead,
  reportedIngress,
  serviceNeg,
  slice,
  snapshot,
} from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

const TEXT =
  'unexpected error when getting zone for endpoint ["10.4.0.2"] in endpoint slice shop/web-abc12: endpoint corresponds to an non-existing node: node not found: failed to get node node-z';

const failed = serviceNeg({ conditions: [condition("Synced", "False", "NegSyncFailed", TEXT)] });

/** A hand-made slice whose second endpoint is on another node. */
function strayed(nodeName: string | undefined, more: Parameters<typeof slice>[0] = {}) {
  const { nodeName: _node, ...homeless } = endpoint(2);
  const stray = nodeName === undefined ? homeless : { ...homeless, nodeName };
  return known([slice({ managedBy: "ops.example.com", endpoints: [endpoint(1), stray], ...more })]);
}

export default ruleCases(rule, {
  healthy: [
    { name: "every endpoint is on a node", given: snapshot() },
    {
      name: "a node was removed a minute ago, and its pods are not yet cleaned up",
      given: snapshot({
        endpointSlices: strayed("node-z", {
          managedBy: "endpointslice-controller.k8s.io",
          changedAt: NOW - 60_000,
        }),
      }),
    },
    {
      name: "manifests hold no nodes",
      given: snapshot({ endpointSlices: strayed("node-z"), nodes: known([]) }),
    },
  ],
  broken: [
    {
      name: "a hand-made endpoint names a node that is gone, and the sync fails",
      given: snapshot({
        ingress: reportedIngress("Unknown"),
        endpointSlices: strayed("node-z"),
        serviceNegs: known([failed]),
      }),
      want: [
        {
          text: "EndpointSlice web-abc12 puts 10.4.0.2 on node node-z, which does not exist, so the NEG controller neither adds nor removes endpoints any more.",
          subject: "EndpointSlice/web-abc12",
          severity: "error",
        },
      ],
    },
    {
      name: "an endpoint names no node, while earlier endpoints still serve",
      given: snapshot({ endpointSlices: strayed(undefined), serviceNegs: known([failed]) }),
      want: [
        {
          text: "EndpointSlice web-abc12 names no node for 10.4.0.2, so the NEG controller neither adds nor removes endpoints any more.",
          severity: "warning",
        },
      ],
    },
    {
      name: "the controller has left the endpoint out",
      given: snapshot({
        endpointSlices: strayed("node-z"),
        serviceNegs: known([serviceNeg({ lastSyncAt: NOW - 1000 })]),
      }),
      want: [
        {
          text: "EndpointSlice web-abc12 puts 10.4.0.2 on node node-z, which does not exist, so the NEG leaves it out.",
          severity: "warning",
        },
      ],
    },
    {
      name: "nodes cannot be read, and the NEG says so",
      given: snapshot({ nodes: notRead("nodes"), serviceNegs: known([failed]) }),
      want: [
        {
          text: `The NEG controller finds no node for an endpoint, so the network endpoint groups of Service web are not made or not filled: ${TEXT}.`,
          subject: `ServiceNetworkEndpointGroup/${negName("web")}`,
        },
      ],
    },
  ],
  undecided: [
    { name: "nodes may not be listed", given: snapshot({ nodes: notRead("nodes") }), source: "nodes" },
    {
      name: "EndpointSlices may not be listed",
      given: snapshot({ endpointSlices: notRead("endpointSlices"), events: known([event()]) }),
      source: "endpointSlices",
    },
  ],
});
