import targetPortNameUnmatched from "../../../../src/diagnostics/rules/service/target-port-name-unmatched.ts";
import { known } from "../../../../src/model/observed.ts";
import {
  container,
  NOW,
  notRead,
  pod,
  service,
  servicePort,
  slice,
  snapshot,
} from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

const targeting = (targetPort: number | string, protocol = "TCP") =>
  known([service({ ports: [servicePort({ targetPort, protocol })] })]);
const empty = known([slice({ ports: [] })]);

export default ruleCases(targetPortNameUnmatched, {
  healthy: [
    { name: "a number", given: snapshot() },
    { name: "a name that the pods have", given: snapshot({ services: targeting("http") }) },
    {
      name: "the EndpointSlice carries the port, so something has the name",
      given: snapshot({ services: targeting("sidecar") }),
    },
    {
      name: "no pod to ask",
      given: snapshot({ services: targeting("http-web"), endpointSlices: empty, pods: known([]) }),
    },
    {
      name: "terminating pods only",
      given: snapshot({
        services: targeting("http-web"),
        endpointSlices: empty,
        pods: known([pod(1, { deletedAt: NOW })]),
      }),
    },
    {
      name: "another protocol, which is another finding",
      given: snapshot({ services: targeting("http", "UDP"), endpointSlices: empty }),
    },
  ],
  broken: [
    {
      name: "a name that no container has",
      given: snapshot({ services: targeting("http-web"), endpointSlices: empty }),
      want: [
        {
          text: "Port http (80) of Service web targets container port http-web; the containers of its 2 pods declare http (8080). So the Service port has no endpoints.",
          subject: "Service/web#spec.ports[0].targetPort",
          severity: "error",
          command: `kubectl patch service web -n shop --type=json -p '[{"op":"test","path":"/spec/ports/0/port","value":80},{"op":"add","path":"/spec/ports/0/targetPort","value":"http"}]'`,
        },
      ],
    },
    {
      name: "a similar name among several",
      given: snapshot({
        services: targeting("http-wbe"),
        endpointSlices: empty,
        pods: known([
          pod(1, {
            containers: [
              container({
                ports: [
                  { name: "http-web", containerPort: 8080, protocol: "TCP" },
                  { name: "metrics", containerPort: 9090, protocol: "TCP" },
                ],
              }),
            ],
          }),
        ]),
      }),
      want: [
        {
          text: "Port http (80) of Service web targets container port http-wbe; the containers of its 1 pod declare http-web (8080), metrics (9090). So the Service port has no endpoints.",
          command: `kubectl patch service web -n shop --type=json -p '[{"op":"test","path":"/spec/ports/0/port","value":80},{"op":"add","path":"/spec/ports/0/targetPort","value":"http-web"}]'`,
        },
      ],
    },
    {
      name: "containers that declare nothing",
      given: snapshot({
        services: targeting("http"),
        endpointSlices: empty,
        pods: known([pod(1, { containers: [container({ ports: [] })] })]),
      }),
      want: [
        {
          text: "Port http (80) of Service web targets container port http; the containers of its 1 pod declare no port. So the Service port has no endpoints.",
          command: "(none)",
        },
      ],
    },
  ],
  undecided: [
    {
      name: "Services may not be listed",
      given: snapshot({ services: notRead("services") }),
      source: "services",
    },
    {
      name: "pods may not be listed",
      given: snapshot({ services: targeting("http-web"), pods: notRead("pods") }),
      source: "pods",
    },
    {
      name: "EndpointSlices may not be listed",
      given: snapshot({ services: targeting("http-web"), endpointSlices: notRead("endpointSlices") }),
      source: "endpointSlices",
    },
  ],
});
