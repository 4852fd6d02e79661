import rule from "../../../../src/diagnostics/rules/health/health-check-failing.ts";
import { known } from "../../../../src/model/observed.ts";
import { stringMap } from "../../../../src/model/refs.ts";
import type { Snapshot } from "../../../../src/model/snapshot.ts";
import {
  backendConfig,
  condition,
  container,
  endpoint,
  httpProbe,
  NOW,
  notRead,
  pod,
  service,
  servicePort,
  slice,
  snapshot,
} from "../../../support/builders.ts";
import { backendService, health, healthCheck, loadBalancer } from "../../../support/load-balancers.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { gatedPod, unreadyPod } from "../../../support/troubled-pods.ts";
import {
  configuredService,
  HALF_AN_HOUR_AGO,
  newConfig,
  nodePortService,
  podsWith,
  reportedAs,
  reportedNodePort,
  unhealthy,
  unprobed,
  unusedConfig,
  withHealthCheck,
} from "../../../support/unhealthy.ts";

const manyPorts = [servicePort(), servicePort({ name: "admin", port: 9090, targetPort: 9090 })];

/** A pod without a readiness probe whose containers have been ready for so many minutes. */
function readyFor(minutes: number): Pick<Snapshot, "pods"> {
  const since = NOW - minutes * 60_000;
  const conditions = [{ ...condition("ContainersReady", "True"), since }];
  return { pods: known([pod(1, { containers: [unprobed()], conditions })]) };
}

/** The live load balancer, whose health check asks for `requestPath` and fails everywhere. */
function reading(requestPath: string): Snapshot["loadBalancer"] {
  const failing = known([health(1, { state: "UNHEALTHY" }), health(2, { state: "UNHEALTHY" })]);
  return known(
    loadBalancer({
      backendServices: known([backendService({ health: failing })]),
      healthChecks: known([healthCheck({ requestPath })]),
    }),
  );
}

export default ruleCases(rule, {
  healthy: [
    { name: "a BackendConfig is not used, which is another finding", given: unusedConfig },
    { name: "Google reports the backend healthy", given: snapshot(podsWith(unprobed())) },
    { name: "Google reports nothing yet", given: unhealthy({ ingress: reportedAs("Unknown") }) },
    {
      name: "no pod is ready, which is another finding",
      given: unhealthy({ pods: known([unreadyPod(1), unreadyPod(2)]) }),
    },
    {
      name: "the pods have become ready since Google was last asked",
      given: unhealthy(readyFor(5)),
    },
    {
      name: "the pods have just become ready, and Google was asked just now",
      given: unhealthy({ ...readyFor(1), loadBalancer: reading("/") }),
    },
    {
      name: "the BackendConfig asks a port that nothing serves, which is another finding",
      given: unhealthy({ ...withHealthCheck({ port: 9000 }), ...podsWith(unprobed()) }),
    },
    {
      name: "the kubelet asks the same and is answered, which is another finding",
      given: unhealthy(),
    },
    {
      name: "the Service port is UDP, which is another finding",
      given: unhealthy({ services: known([service({ ports: [servicePort({ protocol: "UDP" })] })]) }),
    },
  ],
  broken: [
    {
      name: "the default path / answers 404",
      given: unhealthy(podsWith(unprobed())),
      want: [
        {
          text: "No endpoint of Service web, port http (80), passes Google's health check, while the containers of 2 pods are ready: HTTP GET / on the serving port (all from GKE's default). No readiness probe gives it another path.",
          subject: "Service/web",
          severity: "error",
          command: "(none)",
        },
      ],
    },
    {
      name: "the pods only wait for the load balancer",
      given: unhealthy({ pods: known([gatedPod(1, { containers: [unprobed()] })]) }),
      want: [
        {
          text: "No endpoint of Service web, port http (80), passes Google's health check, while the containers of 1 pod are ready: HTTP GET / on the serving port (all from GKE's default). No readiness probe gives it another path.",
        },
      ],
    },
    {
      name: "the readiness probe is of another kind",
      given: unhealthy(podsWith(container({ readinessProbe: httpProbe({ kind: "tcp" }) }))),
      want: [
        {
          text: "No endpoint of Service web, port http (80), passes Google's health check, while the containers of 2 pods are ready: HTTP GET / on the serving port (all from GKE's default). The readiness probe of pod web-1, container app (TCP connection to port 8080), is not copied, because it is of kind tcp and only httpGet probes are copied.",
          command: "(none)",
        },
      ],
    },
    {
      name: "the readiness probe asks another port, and other ports have a BackendConfig",
      given: unhealthy({
        services: known([
          service({
            ports: manyPorts,
            annotations: stringMap({
              "cloud.google.com/neg": '{"ingress":true}',
              "cloud.google.com/backend-config": '{"ports":{"admin":"admin-bc"}}',
            }),
          }),
        ]),
        ...podsWith(container({ readinessProbe: httpProbe({ path: "/ready", port: 9090 }) })),
      }),
      want: [
        {
          text: "No endpoint of Service web, port http (80), passes Google's health check, while the containers of 2 pods are ready: HTTP GET / on the serving port (all from GKE's default). The readiness probe of pod web-1, container app (HTTP GET /ready on port 9090), is not copied, because it asks port 9090 and the Service targets port 8080.",
          command: newConfig(
            { type: "HTTP", requestPath: "/ready", port: 9090 },
            '{"ports":{"admin":"admin-bc","http":"web-http"}}',
          ),
        },
      ],
    },
    {
      name: "the port is not declared, and the probe asks for a path of its own",
      given: unhealthy(podsWith(container({ ports: [], readinessProbe: httpProbe({ path: "ready" }) }))),
      want: [
        {
          text: "No endpoint of Service web, port http (80), passes Google's health check, while the containers of 2 pods are ready: HTTP GET / on the serving port (all from GKE's default). The readiness probe of pod web-1, container app (HTTP GET ready on port 8080), is not copied, because its container declares no port and not target port 8080.",
          command: newConfig({ type: "HTTP", requestPath: "/ready" }, '{"default":"web-http"}'),
        },
      ],
    },
    {
      name: "the BackendConfig asks for a path that fails",
      given: unhealthy({ ...withHealthCheck({ requestPath: "/health" }), ...podsWith(unprobed()) }),
      want: [
        {
          text: "No endpoint of Service web, port http (80), passes Google's health check, while the containers of 2 pods are ready: HTTP GET /health on the serving port (type and port from GKE's default, path from BackendConfig web-bc).",
          subject: "BackendConfig/web-bc#spec.healthCheck.requestPath",
        },
      ],
    },
    {
      name: "the BackendConfig asks for another path than the readiness probe",
      given: unhealthy({
        ...withHealthCheck({ requestPath: "/health" }),
        ...podsWith(container({ readinessProbe: httpProbe({ path: "/ready" }) })),
      }),
      want: [
        {
          text: "No endpoint of Service web, port http (80), passes Google's health check, while the containers of 2 pods are ready: HTTP GET /health on the serving port (type and port from GKE's default, path from BackendConfig web-bc). The readiness probe that they pass is another request: HTTP GET /ready on port 8080.",
          command:
            'kubectl patch backendconfig web-bc -n shop --type=merge -p \'{"spec":{"healthCheck":{"type":"HTTP","requestPath":"/ready"}}}\'',
        },
      ],
    },
    {
      name: "a port that is served and answers something else",
      given: unhealthy({
        ...withHealthCheck({ requestPath: "/health", port: 9090 }),
        ...podsWith(
          container({
            ports: [
              { name: "http", containerPort: 8080, protocol: "TCP" },
              { name: "admin", containerPort: 9090, protocol: "TCP" },
            ],
            readinessProbe: httpProbe({ path: "/ready" }),
          }),
        ),
      }),
      want: [
        {
          text: "No endpoint of Service web, port http (80), passes Google's health check, while the containers of 2 pods are ready: HTTP GET /health on port 9090 (type from GKE's default, port and path from BackendConfig web-bc). The readiness probe that they pass is another request: HTTP GET /ready on port 8080.",
          patch: '{"spec":{"healthCheck":{"type":"HTTP","requestPath":"/ready","port":8080}}}',
        },
      ],
    },
    {
      name: "the BackendConfig has no health check yet",
      given: unhealthy({
        services: known([configuredService()]),
        backendConfigs: known([backendConfig({ timeoutSec: 60 })]),
        ...podsWith(container({ readinessProbe: httpProbe({ path: "/ready", port: 9090 }) })),
      }),
      want: [
        {
          text: "No endpoint of Service web, port http (80), passes Google's health check, while the containers of 2 pods are ready: HTTP GET / on the serving port (all from GKE's default). The readiness probe of pod web-1, container app (HTTP GET /ready on port 9090), is not copied, because it asks port 9090 and the Service targets port 8080.",
          subject: "BackendConfig/web-bc#spec.healthCheck.requestPath",
          patch: '{"spec":{"healthCheck":{"type":"HTTP","requestPath":"/ready","port":9090}}}',
        },
      ],
    },
    {
      name: "the probe may be younger than the health check",
      given: unhealthy({
        pods: known([
          pod(1, {
            createdAt: HALF_AN_HOUR_AGO,
            conditions: [{ ...condition("ContainersReady", "True"), since: HALF_AN_HOUR_AGO }],
            containers: [container({ readinessProbe: httpProbe({ path: "/ready" }) })],
          }),
        ]),
      }),
      want: [
        {
          text: "No endpoint of Service web, port http (80), passes Google's health check, while the containers of 1 pod are ready: HTTP GET /ready on the serving port (type and port from GKE's default, path from readiness probe of pod web-1, container app). GKE copies a readiness probe only when it makes the health check, so Google may still ask for an older path.",
          command: newConfig({ type: "HTTP", requestPath: "/ready" }, '{"default":"web-http"}'),
        },
      ],
    },
    {
      name: "Google still asks for the path of an older probe",
      given: unhealthy({
        ...podsWith(container({ readinessProbe: httpProbe({ path: "/ready" }) })),
        loadBalancer: reading("/old-ready"),
      }),
      want: [
        {
          text: "No endpoint of Service web, port http (80), passes Google's health check, while the containers of 2 pods are ready: it asks for /old-ready, and a health check made now would ask HTTP GET /ready on the serving port (type and port from GKE's default, path from readiness probe of pod web-1, container app). GKE copies a readiness probe only when it makes the health check.",
          command: newConfig({ type: "HTTP", requestPath: "/ready" }, '{"default":"web-http"}'),
        },
      ],
    },
    {
      name: "Google was asked just now, and pods are ready for five minutes",
      given: unhealthy({ ...readyFor(5), loadBalancer: reading("/") }),
      want: [
        {
          text: "No endpoint of Service web, port http (80), passes Google's health check, while the containers of 1 pod are ready: HTTP GET / on the serving port (all from GKE's default). No readiness probe gives it another path.",
        },
      ],
    },
    {
      name: "an instance group is asked on its node port",
      given: unhealthy({
        ingress: reportedNodePort("UNHEALTHY"),
        services: known([nodePortService()]),
        ...podsWith(container({ readinessProbe: httpProbe({ path: "/ready", port: 9090 }) })),
      }),
      want: [
        {
          text: "No endpoint of Service web, port http (80), passes Google's health check, while the containers of 2 pods are ready: HTTP GET / on node port 30080 (all from GKE's default). The readiness probe of pod web-1, container app (HTTP GET /ready on port 9090), is not copied, because it asks port 9090 and the Service targets port 8080.",
          command: "(none)",
        },
      ],
    },
    {
      name: "endpoints are written by hand",
      given: unhealthy({
        ingress: reportedNodePort("UNHEALTHY"),
        services: known([{ ...nodePortService(), selector: undefined }]),
        endpointSlices: known([slice({ endpoints: [endpoint(1)] })]),
        pods: known([]),
      }),
      want: [
        {
          text: "No endpoint of Service web, port http (80), passes Google's health check, while 1 endpoint is ready: HTTP GET / on node port 30080 (all from GKE's default). No readiness probe gives it another path.",
        },
      ],
    },
  ],
  undecided: [
    {
      name: "pods may not be listed",
      given: unhealthy({ pods: notRead("pods") }),
      source: "pods",
    },
    {
      name: "BackendConfigs may not be listed",
      given: unhealthy({
        services: known([configuredService()]),
        backendConfigs: notRead("backendConfigs"),
      }),
      source: "backendConfigs",
    },
  ],
});
