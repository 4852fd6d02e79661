import rule from "../../../../src/diagnostics/rules/live/backend-partly-unhealthy.ts";
import { known } from "../../../../src/model/observed.ts";
import {
  endpoint,
  NOW,
  node,
  nodePortService,
  notRead,
  pod,
  slice,
  snapshot,
} from "../../../support/builders.ts";
import {
  ALL_UNHEALTHY,
  backendService,
  health,
  live,
  liveNodes,
  nodeBackendService,
} from "../../../support/load-balancers.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

const oneUnhealthy = known([
  backendService({ health: known([health(1), health(2, { state: "UNHEALTHY", zone: "us-central1-b" })]) }),
]);

const twoNodes = known([nodeBackendService([{}, { instance: "node-b", state: "UNHEALTHY" }])]);

export default ruleCases(rule, {
  healthy: [
    { name: "every endpoint is healthy", given: live() },
    { name: "none is healthy, which other rules explain", given: live({ backendServices: ALL_UNHEALTHY }) },
    {
      name: "the unhealthy one has just been created",
      given: live(
        { backendServices: oneUnhealthy },
        { pods: known([pod(1), pod(2, { createdAt: NOW - 60_000 })]) },
      ),
    },
    {
      name: "the unhealthy one is not ready for Kubernetes either",
      given: live({ backendServices: oneUnhealthy }, { pods: known([pod(1), pod(2, { ready: false })]) }),
    },
    {
      name: "a node without a pod fails as it is meant to",
      given: liveNodes(
        { backendServices: twoNodes },
        {
          services: known([nodePortService({ externalTrafficPolicy: "Local" })]),
          nodes: known([node(), node({ name: "node-b" })]),
        },
      ),
    },
    {
      name: "a node fails that is not ready",
      given: liveNodes(
        { backendServices: twoNodes },
        { nodes: known([node(), node({ name: "node-b", ready: false })]) },
      ),
    },
  ],
  broken: [
    {
      name: "one of two ready pods is unhealthy for Google",
      given: live({ backendServices: oneUnhealthy }),
      want: [
        {
          text: "Google calls 1 of 2 endpoints of Service web unhealthy (us-central1-b: 1), though Kubernetes calls their pods ready.",
          subject: "Service/web",
          severity: "warning",
        },
      ],
    },
    {
      name: "one of two nodes fails, though each passes requests on",
      given: liveNodes({ backendServices: twoNodes }, { nodes: known([node(), node({ name: "node-b" })]) }),
      want: [
        {
          text: "Google calls 1 of 2 nodes behind Service web unhealthy (us-central1-a: 1), though Kubernetes calls them ready and every node passes requests on.",
          subject: "Service/web",
          severity: "warning",
        },
      ],
    },
    {
      name: "a node fails that runs a ready pod",
      given: liveNodes(
        { backendServices: twoNodes },
        {
          services: known([nodePortService({ externalTrafficPolicy: "Local" })]),
          nodes: known([node(), node({ name: "node-b" })]),
          endpointSlices: known([slice({ endpoints: [endpoint(1, { nodeName: "node-b" })] })]),
        },
      ),
      want: [
        {
          text: "Google calls 1 of 2 nodes behind Service web unhealthy (us-central1-a: 1), though Kubernetes calls them ready and pods of it are ready there.",
        },
      ],
    },
  ],
  undecided: [
    {
      name: "nodes cannot be read",
      given: liveNodes({ backendServices: twoNodes }, { nodes: notRead("nodes") }),
      source: "nodes",
    },
    { name: "Google is not read", given: snapshot(), source: "loadBalancer" },
    {
      name: "its health cannot be read",
      given: live({ backendServices: known([backendService({ health: notRead("loadBalancer") })]) }),
      source: "loadBalancer",
    },
  ],
});
