import rule from "../../../../src/diagnostics/rules/health/health-check-blocked-by-firewall.ts";
import { known } from "../../../../src/model/observed.ts";
import { stringMap } from "../../../../src/model/refs.ts";
import {
  backendConfig,
  condition,
  container,
  httpProbe,
  LONG_AGO,
  notRead,
  pod,
  snapshot,
} from "../../../support/builders.ts";
import { backendService, health, healthCheck, loadBalancer } from "../../../support/load-balancers.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import {
  HALF_AN_HOUR_AGO,
  nodePortService,
  podsWith,
  reportedNodePort,
  unhealthy,
  unprobed,
  unusedConfig,
  withHealthCheck,
} from "../../../support/unhealthy.ts";

const ready = container({ readinessProbe: httpProbe({ path: "/ready" }) });

export default ruleCases(rule, {
  healthy: [
    { name: "a BackendConfig is not used, which is another finding", given: unusedConfig },
    { name: "a healthy backend", given: snapshot() },
    { name: "no readiness probe", given: unhealthy(podsWith(unprobed())) },
    {
      name: "the BackendConfig asks for another path than the kubelet",
      given: unhealthy({ ...withHealthCheck({ requestPath: "/health" }), ...podsWith(ready) }),
    },
    {
      name: "the kubelet sends another Host",
      given: unhealthy({
        ...withHealthCheck({ requestPath: "/ready" }),
        ...podsWith(
          container({
            readinessProbe: httpProbe({
              path: "/ready",
              port: 8080,
              headers: [
                { name: "Host", value: "shop.example.com" },
                { name: "X-Probe", value: "1" },
              ],
            }),
          }),
        ),
      }),
    },
    {
      name: "one of two pods asks something else",
      given: unhealthy({
        ...withHealthCheck({ requestPath: "/ready" }),
        pods: known([pod(1, { containers: [ready] }), pod(2)]),
      }),
    },
    {
      name: "the probe may be younger than the health check",
      given: unhealthy({
        pods: known([
          pod(1, {
            createdAt: HALF_AN_HOUR_AGO,
            conditions: [{ ...condition("ContainersReady", "True"), since: HALF_AN_HOUR_AGO }],
            containers: [ready],
          }),
        ]),
      }),
    },
  ],
  broken: [
    {
      name: "the probe was copied when the health check was made",
      given: unhealthy(podsWith(ready)),
      want: [
        {
          text: "No endpoint of Service web, port http (80), passes Google's health check (HTTP GET /ready on the serving port (type and port from GKE's default, path from readiness probe of pod web-1, container app)), while the containers of 2 pods are ready and the kubelet is answered on the same request (HTTP GET /ready on port 8080 of container app). The probers of 130.211.0.0/22 and 35.191.0.0/16 do not get that answer.",
          subject: "Service/web",
          severity: "error",
        },
      ],
    },
    {
      name: "the probe asks for the default path, whenever it came",
      given: unhealthy({
        pods: known([
          pod(1, {
            createdAt: HALF_AN_HOUR_AGO,
            conditions: [{ ...condition("ContainersReady", "True"), since: LONG_AGO }],
          }),
        ]),
      }),
      want: [
        {
          text: "No endpoint of Service web, port http (80), passes Google's health check (HTTP GET / on the serving port (type and port from GKE's default, path from readiness probe of pod web-1, container app)), while the containers of 1 pod are ready and the kubelet is answered on the same request (HTTP GET / on port 8080 of container app). The probers of 130.211.0.0/22 and 35.191.0.0/16 do not get that answer.",
        },
      ],
    },
    {
      name: "a young probe, and Google's own health check asks the same",
      given: unhealthy({
        pods: known([
          pod(1, {
            createdAt: HALF_AN_HOUR_AGO,
            conditions: [{ ...condition("ContainersReady", "True"), since: HALF_AN_HOUR_AGO }],
            containers: [ready],
          }),
        ]),
        loadBalancer: known(
          loadBalancer({
            backendServices: known([backendService({ health: known([health(1, { state: "UNHEALTHY" })]) })]),
            healthChecks: known([healthCheck({ requestPath: "/ready" })]),
          }),
        ),
      }),
      want: [
        {
          text: "No endpoint of Service web, port http (80), passes Google's health check (HTTP GET /ready on the serving port (type and port from GKE's default, path from readiness probe of pod web-1, container app)), while the containers of 1 pod are ready and the kubelet is answered on the same request (HTTP GET /ready on port 8080 of container app). The probers of 130.211.0.0/22 and 35.191.0.0/16 do not get that answer.",
        },
      ],
    },
    {
      name: "the BackendConfig asks for what the kubelet asks, through node ports",
      given: unhealthy({
        ingress: reportedNodePort("UNHEALTHY"),
        services: known([
          nodePortService({
            annotations: stringMap({ "cloud.google.com/backend-config": '{"default":"web-bc"}' }),
          }),
        ]),
        backendConfigs: known([backendConfig({ healthCheck: { requestPath: "/ready" } })]),
        ...podsWith(ready),
      }),
      want: [
        {
          text: "No endpoint of Service web, port http (80), passes Google's health check (HTTP GET /ready on node port 30080 (type and port from GKE's default, path from BackendConfig web-bc)), while the containers of 2 pods are ready and the kubelet is answered on the same request (HTTP GET /ready on port 8080 of container app). The probers of 130.211.0.0/22 and 35.191.0.0/16 do not get that answer.",
        },
      ],
    },
  ],
  undecided: [
    { name: "pods may not be listed", given: unhealthy({ pods: notRead("pods") }), source: "pods" },
  ],
});
