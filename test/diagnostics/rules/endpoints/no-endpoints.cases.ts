import rule from "../../../../src/diagnostics/rules/endpoints/no-endpoints.ts";
import { known } from "../../../../src/model/observed.ts";
import { stringMap } from "../../../../src/model/refs.ts";
import {
  condition,
  endpoint,
  NOW,
  notRead,
  pod,
  reportedIngress,
  service,
  servicePort,
  slice,
  snapshot,
} from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { unreadyPod } from "../../../support/troubled-pods.ts";

const empty = known([slice({ endpoints: [], ports: [] })]);
const unready = known([slice({ endpoints: [endpoint(1, { ready: false }), endpoint(2, { ready: false })] })]);
const nodePort = known([
  service({ type: "NodePort", annotations: stringMap({}), ports: [servicePort({ nodePort: 30080 })] }),
]);

export default ruleCases(rule, {
  healthy: [
    { name: "two endpoints are ready", given: snapshot() },
    {
      name: "unready endpoints of a NEG that pass Google's own health check",
      given: snapshot({ ingress: reportedIngress("HEALTHY"), endpointSlices: unready }),
    },
    {
      name: "the first pod became ready a moment ago",
      given: snapshot({
        endpointSlices: empty,
        pods: known([pod(1, { conditions: [{ ...condition("Ready", "True"), since: NOW - 1000 }] })]),
      }),
    },
    {
      name: "the Service does not exist",
      given: snapshot({ services: known([]), endpointSlices: known([]) }),
    },
  ],
  broken: [
    {
      name: "the NEG is empty",
      given: snapshot({ endpointSlices: empty, pods: known([]) }),
      want: [
        {
          text: "Service web has no endpoint for port http, so no pod can take a request.",
          subject: "Service/web",
          severity: "error",
        },
      ],
    },
    {
      name: "no slice carries the port, by an unnamed port's number; pods cannot be read",
      given: snapshot({
        services: known([service({ ports: [{ port: 80, protocol: "TCP", targetPort: 8080 }] })]),
        pods: notRead("pods"),
      }),
      want: [
        { text: "Service web has no endpoint for port 80, so no pod can take a request.", severity: "error" },
      ],
    },
    {
      name: "all pods are starting",
      given: snapshot({
        endpointSlices: unready,
        pods: known([unreadyPod(1, {}, { createdAt: NOW - 20_000 })]),
      }),
      want: [
        {
          text: "No endpoint of Service web for port http is ready yet, because its pods are starting.",
          severity: "warning",
        },
      ],
    },
    {
      name: "unready endpoints of an instance group get nothing",
      given: snapshot({ services: nodePort, endpointSlices: unready, pods: known([unreadyPod(1)]) }),
      want: [{ text: "None of the 2 endpoints of Service web for port http is ready.", severity: "error" }],
    },
    {
      name: "unready endpoints of a NEG that Google calls unhealthy",
      given: snapshot({
        ingress: reportedIngress("UNHEALTHY"),
        endpointSlices: unready,
        pods: known([unreadyPod(1)]),
      }),
      want: [{ text: "None of the 2 endpoints of Service web for port http is ready.", severity: "error" }],
    },
    {
      name: "unready endpoints of a NEG of unknown health",
      given: snapshot({
        ingress: reportedIngress("Unknown"),
        endpointSlices: unready,
        pods: known([unreadyPod(1)]),
      }),
      want: [{ text: "None of the 2 endpoints of Service web for port http is ready.", severity: "warning" }],
    },
  ],
  undecided: [
    {
      name: "EndpointSlices may not be listed",
      given: snapshot({ endpointSlices: notRead("endpointSlices") }),
      source: "endpointSlices",
    },
    {
      name: "Services may not be listed",
      given: snapshot({ services: notRead("services") }),
      source: "services",
    },
  ],
});
