import rule from "../../../../src/diagnostics/rules/health/health-check-port-wrong.ts";
import { known } from "../../../../src/model/observed.ts";
import { stringMap } from "../../../../src/model/refs.ts";
import { backendConfig, container, httpProbe, notRead, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import {
  nodePortService,
  podsWith,
  reportedAs,
  reportedNodePort,
  unhealthy,
  unprobed,
  unusedConfig,
  withHealthCheck,
} from "../../../support/unhealthy.ts";

const admin = { name: "admin", containerPort: 9090, protocol: "TCP" };
const http = { name: "http", containerPort: 8080, protocol: "TCP" };

/** Sources of an instance group backend whose health check asks this port. */
function onNodes(port: number) {
  return {
    services: known([
      nodePortService({
        annotations: stringMap({ "cloud.google.com/backend-config": '{"default":"web-bc"}' }),
      }),
    ]),
    backendConfigs: known([backendConfig({ healthCheck: { port } })]),
    ...podsWith(unprobed()),
  };
}

export default ruleCases(rule, {
  healthy: [
    { name: "a BackendConfig is not used, which is another finding", given: unusedConfig },
    { name: "no BackendConfig", given: unhealthy() },
    { name: "a healthy backend on an undeclared port", given: snapshot(withHealthCheck({ port: 9000 })) },
    {
      name: "the port of a side container, while the backend is unhealthy",
      given: unhealthy({
        ...withHealthCheck({ port: 9090 }),
        ...podsWith(unprobed({ ports: [http, admin] })),
      }),
    },
    {
      name: "an undeclared port, before Google has said anything",
      given: unhealthy({
        ingress: reportedAs("Unknown"),
        ...withHealthCheck({ port: 9000 }),
        ...podsWith(unprobed()),
      }),
    },
    {
      name: "the node port of an instance group",
      given: unhealthy({ ingress: reportedNodePort("UNHEALTHY"), ...onNodes(30080) }),
    },
  ],
  broken: [
    {
      name: "a port that no container declares",
      given: unhealthy({
        ...withHealthCheck({ port: 9000, requestPath: "/healthz" }),
        ...podsWith(unprobed()),
      }),
      want: [
        {
          text: "BackendConfig web-bc makes Google's health check of Service web, port http (80), ask port 9000 of the pods, which serve 8080; no endpoint passes it, while the containers of 2 pods are ready.",
          subject: "BackendConfig/web-bc#spec.healthCheck.port",
          severity: "error",
          command:
            'kubectl patch backendconfig web-bc -n shop --type=json -p \'[{"op":"test","path":"/spec/healthCheck/port","value":9000},{"op":"remove","path":"/spec/healthCheck/port"}]\'',
        },
      ],
    },
    {
      name: "the readiness probe of that path asks another port",
      given: unhealthy({
        ...withHealthCheck({ port: 9000, requestPath: "/healthz" }),
        ...podsWith(
          container({
            ports: [http, admin],
            readinessProbe: httpProbe({ path: "/healthz", port: "admin" }),
          }),
        ),
      }),
      want: [
        {
          text: "BackendConfig web-bc makes Google's health check of Service web, port http (80), ask port 9000 of the pods, which serve 8080, 9090; no endpoint passes it, while the containers of 2 pods are ready.",
          command:
            'kubectl patch backendconfig web-bc -n shop --type=json -p \'[{"op":"test","path":"/spec/healthCheck/port","value":9000},{"op":"add","path":"/spec/healthCheck/port","value":9090}]\'',
        },
      ],
    },
    {
      name: "a container port behind an instance group",
      given: unhealthy({ ingress: reportedNodePort("UNHEALTHY"), ...onNodes(8080) }),
      want: [
        {
          text: "BackendConfig web-bc makes Google's health check of Service web, port http (80), ask port 8080 of the nodes, where the Service has node port 30080; no endpoint passes it, while the containers of 2 pods are ready.",
          severity: "error",
          command:
            'kubectl patch backendconfig web-bc -n shop --type=json -p \'[{"op":"test","path":"/spec/healthCheck/port","value":8080},{"op":"remove","path":"/spec/healthCheck/port"}]\'',
        },
      ],
    },
    {
      name: "the Service port behind a NEG, before Google has said anything",
      given: unhealthy({ ingress: reportedAs("Unknown"), ...withHealthCheck({ port: 80 }) }),
      want: [
        {
          text: "BackendConfig web-bc makes Google's health check of Service web ask 80, the number of a port of Service web; behind network endpoint groups the port asked is one of 8080.",
          severity: "warning",
        },
      ],
    },
    {
      name: "a container port behind an instance group, before Google has said anything",
      given: unhealthy({ ingress: reportedNodePort("Unknown"), ...onNodes(8080) }),
      want: [
        {
          text: "BackendConfig web-bc makes Google's health check of Service web ask 8080, the number of a container port; behind instance groups the port asked is one of node port 30080.",
          severity: "warning",
        },
      ],
    },
  ],
  undecided: [
    {
      name: "pods may not be listed",
      given: unhealthy({ ...withHealthCheck({ port: 9000 }), pods: notRead("pods") }),
      source: "pods",
    },
  ],
});
