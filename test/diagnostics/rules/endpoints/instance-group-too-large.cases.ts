import rule from "../../../../src/diagnostics/rules/endpoints/instance-group-too-large.ts";
import { known } from "../../../../src/model/observed.ts";
import { node, nodePortService, notRead, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

const anyNode = known([nodePortService()]);
const ownNode = known([nodePortService({ externalTrafficPolicy: "Local" })]);

/** So many nodes in zone us-central1-a, and one that is kept out. */
function nodes(count: number) {
  const all = Array.from({ length: count }, (_, index) => node({ name: `node-${index}` }));
  return known([...all, node({ name: "excluded", excluded: true })]);
}

export default ruleCases(rule, {
  healthy: [
    { name: "NEGs take every pod", given: snapshot({ nodes: nodes(1001) }) },
    { name: "as many nodes as fit", given: snapshot({ services: anyNode, nodes: nodes(1000) }) },
  ],
  broken: [
    {
      name: "one node too many, and it keeps its pods to itself",
      given: snapshot({ services: ownNode, nodes: nodes(1001) }),
      want: [
        {
          text: "Zone us-central1-a has 1001 candidate nodes, and the instance group behind Service web takes 1000 of them.",
          subject: "Service/web",
          severity: "warning",
        },
      ],
    },
    {
      name: "every node passes requests on",
      given: snapshot({ services: anyNode, nodes: nodes(1001) }),
      want: [
        {
          text: "Zone us-central1-a has 1001 candidate nodes, and the instance group behind Service web takes 1000 of them.",
          severity: "info",
        },
      ],
    },
  ],
  undecided: [
    {
      name: "nodes may not be listed",
      given: snapshot({ services: anyNode, nodes: notRead("nodes") }),
      source: "nodes",
    },
  ],
});
