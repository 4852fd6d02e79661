import rule from "../../../../src/diagnostics/rules/live/instance-group-port-missing.ts";
import { known } from "../../../../src/model/observed.ts";
import { ingress, NOW, notRead, snapshot } from "../../../support/builders.ts";
import { instanceGroup, live, liveNodes, nodeBackendService } from "../../../support/load-balancers.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

const ZONES = ["us-central1-a", "us-central1-b"];
const bare = instanceGroup({ namedPorts: [{ name: "port31000", port: 31000 }] });
const unasked = nodeBackendService([]);

export default ruleCases(rule, {
  healthy: [
    { name: "NEGs need no named port", given: live() },
    { name: "the group has the port", given: liveNodes() },
    {
      name: "a change is still under way",
      given: liveNodes(
        { instanceGroups: known([bare]), backendServices: known([unasked]) },
        { ingress: ingress({ changedAt: NOW }) },
      ),
    },
    {
      name: "a node there is healthy, so the port was there when it was asked",
      given: liveNodes({ instanceGroups: known([bare]) }),
    },
  ],
  broken: [
    {
      name: "the named ports were overwritten",
      given: liveNodes({ instanceGroups: known([bare]), backendServices: known([unasked]) }),
      want: [
        {
          text: "Instance group k8s-ig--7c1e09d2 in zone us-central1-a has no port named port30080, to which the requests for Service web are sent.",
          subject: "Service/web",
          severity: "error",
        },
      ],
    },
    {
      name: "in one of two zones, to another number",
      given: liveNodes({
        instanceGroups: known([
          instanceGroup(),
          instanceGroup({ zone: "us-central1-b", namedPorts: [{ name: "port30080", port: 8080 }] }),
        ]),
        backendServices: known([nodeBackendService([{}], ZONES)]),
      }),
      want: [
        {
          text: "Instance group k8s-ig--7c1e09d2 in zone us-central1-b gives the name port30080 to port 8080, while Service web has node port 30080.",
          severity: "warning",
        },
      ],
    },
  ],
  undecided: [
    { name: "Google is not read", given: snapshot(), source: "loadBalancer" },
    {
      name: "instance groups cannot be read",
      given: liveNodes({ instanceGroups: notRead("loadBalancer") }),
      source: "loadBalancer",
    },
  ],
});
