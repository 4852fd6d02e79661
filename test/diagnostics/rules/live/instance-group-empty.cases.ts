import rule from "../../../../src/diagnostics/rules/live/instance-group-empty.ts";
import { known } from "../../../../src/model/observed.ts";
import { ingress, NOW, node, notRead, snapshot } from "../../../support/builders.ts";
import { instanceGroup, live, liveNodes, nodeBackendService } from "../../../support/load-balancers.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

const ZONES = ["us-central1-a", "us-central1-b"];
const empty = (zone = "us-central1-a") => instanceGroup({ zone, size: 0 });
const both = known([node(), node({ name: "node-b", zone: "us-central1-b" })]);

export default ruleCases(rule, {
  healthy: [
    { name: "NEGs", given: live() },
    { name: "a group with a node", given: liveNodes() },
    {
      name: "a zone without nodes",
      given: liveNodes({
        instanceGroups: known([instanceGroup(), empty("us-central1-b")]),
        backendServices: known([nodeBackendService([{}], ZONES)]),
      }),
    },
    {
      name: "no node could serve, which another rule says",
      given: liveNodes({ instanceGroups: known([empty()]) }, { nodes: known([node({ ready: false })]) }),
    },
    {
      name: "a change is still under way",
      given: liveNodes({ instanceGroups: known([empty()]) }, { ingress: ingress({ changedAt: NOW }) }),
    },
  ],
  broken: [
    {
      name: "no group has a node",
      given: liveNodes({
        instanceGroups: known([empty()]),
        backendServices: known([nodeBackendService([])]),
      }),
      want: [
        {
          text: "Every instance group behind Service web is empty (us-central1-a), though 1 ready node could serve, so no request reaches it.",
          subject: "Service/web",
          severity: "error",
        },
      ],
    },
    {
      name: "one zone is missing",
      given: liveNodes(
        {
          instanceGroups: known([instanceGroup(), empty("us-central1-b")]),
          backendServices: known([nodeBackendService([{}], ZONES)]),
        },
        { nodes: both },
      ),
      want: [
        {
          text: "The instance group behind Service web in zone us-central1-b is empty, though 1 ready node there could serve.",
          severity: "warning",
        },
      ],
    },
  ],
  undecided: [
    { name: "Google is not read", given: snapshot(), source: "loadBalancer" },
    {
      name: "nodes cannot be read",
      given: liveNodes({}, { nodes: notRead("nodes") }),
      source: "nodes",
    },
  ],
});
