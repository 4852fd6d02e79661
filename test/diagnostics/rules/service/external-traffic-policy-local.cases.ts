import externalTrafficPolicyLocal from "../../../../src/diagnostics/rules/service/external-traffic-policy-local.ts";
import { known } from "../../../../src/model/observed.ts";
import { stringMap } from "../../../../src/model/refs.ts";
import { node, notRead, service, servicePort, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

const local = service({
  type: "NodePort",
  annotations: stringMap({}),
  externalTrafficPolicy: "Local",
  ports: [servicePort({ nodePort: 30080 })],
});
const nodes = known([node(), node({ name: "node-b" }), node({ name: "node-c", excluded: true })]);

export default ruleCases(externalTrafficPolicyLocal, {
  healthy: [
    {
      name: "network endpoint groups",
      given: snapshot({ services: known([service({ externalTrafficPolicy: "Local" })]) }),
    },
    { name: "every node runs a pod", given: snapshot({ services: known([local]) }) },
    {
      name: "policy Cluster",
      given: snapshot({ services: known([{ ...local, externalTrafficPolicy: "Cluster" }]), nodes }),
    },
  ],
  broken: [
    {
      name: "one of two nodes runs pods",
      given: snapshot({ services: known([local]), nodes }),
      want: [
        {
          text: "Service web has externalTrafficPolicy Local, and 1 of 2 nodes run a ready endpoint of port http (80). Google reports the other nodes UNHEALTHY.",
          subject: "Service/web#spec.externalTrafficPolicy",
          severity: "info",
          command: `kubectl patch service web -n shop --type=json -p '[{"op":"add","path":"/spec/externalTrafficPolicy","value":"Cluster"}]'`,
        },
      ],
    },
  ],
  undecided: [
    {
      name: "nodes may not be listed",
      given: snapshot({ services: known([local]), nodes: notRead("nodes") }),
      source: "nodes",
    },
  ],
});
