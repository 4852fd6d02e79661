import handWrittenEndpoints from "../../../../src/diagnostics/rules/service/hand-written-endpoints.ts";
import { known } from "../../../../src/model/observed.ts";
import { stringMap } from "../../../../src/model/refs.ts";
import type { Endpoint } from "../../../../src/model/service.ts";
import { endpoint, notRead, service, servicePort, slice, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

const address = (ip: string, more: Partial<Endpoint> = {}): Endpoint => ({
  addresses: [ip],
  ready: true,
  serving: true,
  terminating: false,
  ...more,
});

function selectorless(...endpoints: Endpoint[]) {
  return snapshot({
    services: known([service({ selector: undefined })]),
    endpointSlices: known(endpoints.length === 0 ? [] : [slice({ managedBy: "ops.example.com", endpoints })]),
  });
}

const nodePort = service({
  type: "NodePort",
  annotations: stringMap({}),
  selector: undefined,
  ports: [servicePort({ nodePort: 30080 })],
});

export default ruleCases(handWrittenEndpoints, {
  healthy: [
    { name: "a selector", given: snapshot() },
    {
      name: "endpoints that an operator writes with their pods",
      given: selectorless(endpoint(1), endpoint(2)),
    },
    {
      name: "addresses without a node, which stop the whole group and are another finding",
      given: selectorless(address("10.90.0.16")),
    },
    {
      name: "a node that does not exist, likewise",
      given: selectorless(address("10.90.0.16", { nodeName: "gone" })),
    },
    {
      name: "addresses behind node ports",
      given: snapshot({
        services: known([nodePort]),
        endpointSlices: known([slice({ endpoints: [address("10.90.0.16")] })]),
      }),
    },
    {
      name: "an ExternalName Service, which is another finding",
      given: snapshot({ services: known([service({ type: "ExternalName", selector: undefined })]) }),
    },
  ],
  broken: [
    {
      name: "addresses on nodes, without pods",
      given: selectorless(
        address("10.90.0.17", { nodeName: "node-a" }),
        address("10.90.0.16", { nodeName: "node-a", ready: false }),
      ),
      want: [
        {
          text: "Service web has no selector, and its endpoints 10.90.0.16, 10.90.0.17 for port http (80) name no pod. A network endpoint group takes pods only, so it stays empty.",
          subject: "Service/web#spec.selector",
          severity: "error",
        },
      ],
    },
    {
      name: "nothing at all",
      given: selectorless(),
      want: [
        { text: "Service web has no selector, and no EndpointSlice carries an endpoint for port http (80)." },
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
      name: "EndpointSlices may not be listed",
      given: snapshot({
        services: known([service({ selector: undefined })]),
        endpointSlices: notRead("endpointSlices"),
      }),
      source: "endpointSlices",
    },
    {
      name: "nodes may not be listed",
      given: { ...selectorless(address("10.90.0.16", { nodeName: "node-a" })), nodes: notRead("nodes") },
      source: "nodes",
    },
  ],
});
