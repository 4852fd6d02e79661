import nodePortMissing from "../../../../src/diagnostics/rules/sync/node-port-missing.ts";
import { known } from "../../../../src/model/observed.ts";
import { stringMap } from "../../../../src/model/refs.ts";
import { service, servicePort, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { eventsUnreadable, neverBuilt } from "../../../support/sync-failures.ts";

const EVENT =
  "error ensuring health check: Error getting prober: unable to find nodeport {80 0 http 8080} in any service";

function balanced(nodePort?: number, uid = "uid-service-web") {
  const ports = [servicePort(nodePort === undefined ? {} : { nodePort })];
  return known([service({ uid, type: "LoadBalancer", annotations: stringMap({}), ports })]);
}

export default ruleCases(nodePortMissing, {
  healthy: [
    { name: "NEGs, which need no node port", given: snapshot() },
    { name: "a node port", given: snapshot({ services: balanced(30080) }) },
    {
      name: "a manifest that was never applied, which gets its node port later",
      given: snapshot({ services: balanced(undefined, "") }),
    },
  ],
  broken: [
    {
      name: "a Service of type LoadBalancer without node ports",
      given: neverBuilt(EVENT, "backend", { services: balanced() }),
      want: [
        {
          text: "Port 80 of Service web has no node port and no NEG, so no change of Ingress web is applied.",
          subject: "Service/web",
          severity: "error",
        },
      ],
    },
    {
      name: "an error that the objects do not explain",
      given: neverBuilt(EVENT, "backend"),
      want: [
        {
          text: `A Service port has no node port, so no change of Ingress web reaches its load balancer: ${EVENT}.`,
          subject: "Ingress/web",
        },
      ],
    },
  ],
  undecided: [eventsUnreadable],
});
