import rule from "../../../../src/diagnostics/rules/health/mesh-gateway-health-check.ts";
import { known } from "../../../../src/model/observed.ts";
import type { Pod } from "../../../../src/model/pod.ts";
import { stringMap } from "../../../../src/model/refs.ts";
import type { Snapshot } from "../../../../src/model/snapshot.ts";
import { backendConfig, notRead, pod, servicePort, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import {
  configuredService,
  newConfig,
  nodePortService,
  reportedAs,
  reportedNodePort,
  unhealthy,
  unprobed,
} from "../../../support/unhealthy.ts";

function gateway(labels: Readonly<Record<string, string>>, changes: Partial<Pod> = {}): Partial<Snapshot> {
  const one = pod(1, { labels: stringMap({ app: "web", ...labels }), containers: [unprobed()], ...changes });
  return { pods: known([one]) };
}

const istio = gateway({ istio: "ingressgateway" });

export default ruleCases(rule, {
  healthy: [
    { name: "no gateway", given: unhealthy() },
    { name: "a gateway that Google calls healthy", given: snapshot(istio) },
    {
      name: "its health endpoint is asked",
      given: unhealthy({
        ...istio,
        services: known([configuredService()]),
        backendConfigs: known([
          backendConfig({ healthCheck: { type: "HTTP", requestPath: "/healthz/ready", port: 15021 } }),
        ]),
      }),
    },
  ],
  broken: [
    {
      name: "an Istio gateway asked for /",
      given: unhealthy(istio),
      want: [
        {
          text: "Service web leads to a gateway of Istio, whose health endpoint is /healthz/ready on port 15021, and Google's health check asks HTTP GET / on the serving port (all from GKE's default); Google reports the backend UNHEALTHY.",
          subject: "Service/web",
          severity: "warning",
          command: newConfig(
            { type: "HTTP", requestPath: "/healthz/ready", port: 15021 },
            '{"default":"web-http"}',
          ),
        },
      ],
    },
    {
      name: "Google has not said anything yet",
      given: snapshot({ ...gateway({ "app.kubernetes.io/name": "kong" }), ingress: reportedAs("Unknown") }),
      want: [
        {
          text: "Service web leads to a gateway of Kong, whose health endpoint is /status on port 8100, and Google's health check asks HTTP GET / on the serving port (all from GKE's default); Google reports the backend Unknown.",
          severity: "info",
        },
      ],
    },
    {
      name: "node ports, and one that leads to the health endpoint",
      given: unhealthy({
        ...istio,
        ingress: reportedNodePort("UNHEALTHY"),
        services: known([
          nodePortService({
            ports: [
              servicePort({ nodePort: 30080 }),
              servicePort({ name: "status", port: 15021, targetPort: 15021, nodePort: 30021 }),
            ],
          }),
        ]),
      }),
      want: [
        {
          text: "Service web leads to a gateway of Istio, whose health endpoint is /healthz/ready on port 15021, and Google's health check asks HTTP GET / on node port 30080 (all from GKE's default); Google reports the backend UNHEALTHY.",
          command: newConfig(
            { type: "HTTP", requestPath: "/healthz/ready", port: 30021 },
            '{"ports":{"http":"web-http"}}',
          ),
        },
      ],
    },
  ],
  undecided: [
    { name: "pods may not be listed", given: unhealthy({ pods: notRead("pods") }), source: "pods" },
  ],
});
