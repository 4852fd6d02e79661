import servicePortNotTcp from "../../../../src/diagnostics/rules/service/service-port-not-tcp.ts";
import { known } from "../../../../src/model/observed.ts";
import { stringMap } from "../../../../src/model/refs.ts";
import {
  ingress,
  negName,
  notRead,
  servedAnnotations,
  service,
  servicePort,
  slice,
  snapshot,
} from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

const udp = (targetPort: number | string) =>
  known([service({ ports: [servicePort({ protocol: "UDP", targetPort })] })]);
const health = (state: string) =>
  ingress({
    annotations: servedAnnotations({
      "ingress.kubernetes.io/backends": JSON.stringify({ [negName("web")]: state }),
    }),
  });
const text =
  "Port http (80) of Service web has protocol UDP. The load balancer connects by TCP, so it reaches no endpoint of this port.";

export default ruleCases(servicePortNotTcp, {
  healthy: [
    { name: "TCP", given: snapshot() },
    {
      name: "a UDP port that the Ingress does not name",
      given: snapshot({
        services: known([
          service({ ports: [servicePort(), servicePort({ name: "dns", port: 53, protocol: "UDP" })] }),
        ]),
      }),
    },
  ],
  broken: [
    {
      name: "a named target port that only a TCP container port has",
      given: snapshot({ services: udp("http"), endpointSlices: known([slice({ ports: [] })]) }),
      want: [
        {
          text,
          subject: "Service/web#spec.ports[0].protocol",
          severity: "error",
          command: `kubectl patch service web -n shop --type=json -p '[{"op":"test","path":"/spec/ports/0/port","value":80},{"op":"add","path":"/spec/ports/0/protocol","value":"TCP"}]'`,
        },
      ],
    },
    {
      name: "a node port",
      given: snapshot({
        services: known([
          service({
            type: "NodePort",
            annotations: stringMap({}),
            ports: [servicePort({ protocol: "UDP", nodePort: 30080 })],
          }),
        ]),
      }),
      want: [{ text, severity: "error" }],
    },
    {
      name: "endpoints that Google calls unhealthy",
      given: snapshot({ ingress: health("UNHEALTHY"), services: udp(8080) }),
      want: [{ text, severity: "error" }],
    },
    {
      name: "endpoints of which Google has not said anything",
      given: snapshot({ ingress: health("Unknown"), services: udp(8080) }),
      want: [{ text, severity: "warning" }],
    },
    {
      name: "endpoints that answer by TCP all the same",
      given: snapshot({ ingress: health("HEALTHY"), services: udp(8080) }),
      want: [{ text, severity: "info" }],
    },
  ],
  undecided: [
    {
      name: "Services may not be listed",
      given: snapshot({ services: notRead("services") }),
      source: "services",
    },
    {
      name: "EndpointSlices may not be listed",
      given: snapshot({ services: udp(8080), endpointSlices: notRead("endpointSlices") }),
      source: "endpointSlices",
    },
  ],
});
