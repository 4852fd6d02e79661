import rule from "../../../../src/diagnostics/rules/health/grpc-health-check.ts";
import { known } from "../../../../src/model/observed.ts";
import type { ServicePort } from "../../../../src/model/service.ts";
import type { Snapshot } from "../../../../src/model/snapshot.ts";
import {
  backendConfig,
  container,
  httpProbe,
  notRead,
  service,
  servicePort,
  slice,
  snapshot,
} from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { podsWith, reportedAs, unhealthy, unprobed, webAnnotations } from "../../../support/unhealthy.ts";

function grpc(
  port: Partial<ServicePort>,
  annotations: Readonly<Record<string, string>> = {},
): Partial<Snapshot> {
  const name = port.name ?? "http";
  return {
    services: known([service({ ports: [servicePort(port)], annotations: webAnnotations(annotations) })]),
    endpointSlices: known([slice({ ports: [{ name, port: 8080, protocol: "TCP" }] })]),
    ...podsWith(unprobed()),
  };
}

const http2 = { "cloud.google.com/app-protocols": '{"grpc":"HTTP2"}' };

export default ruleCases(rule, {
  healthy: [
    { name: "no gRPC", given: unhealthy() },
    { name: "a gRPC port that Google calls healthy", given: snapshot(grpc({ name: "grpc" }, http2)) },
    {
      name: "health is asked on a port of its own",
      given: unhealthy({
        ...grpc({ name: "grpc" }, { ...http2, "cloud.google.com/backend-config": '{"default":"web-bc"}' }),
        backendConfigs: known([backendConfig({ healthCheck: { type: "HTTP", port: 9090 } })]),
      }),
    },
  ],
  broken: [
    {
      name: "a gRPC port asked by GET",
      given: unhealthy(grpc({ name: "grpc" }, http2)),
      want: [
        {
          text: "Port grpc (80) of Service web is for gRPC (it is named grpc), and Google's health check asks it HTTP2 GET / on the serving port (all from GKE's default); Google reports the backend UNHEALTHY.",
          subject: "Service/web",
          severity: "warning",
        },
      ],
    },
    {
      name: "no HTTP2",
      given: unhealthy(grpc({ appProtocol: "grpc" })),
      want: [
        {
          text: "Port http (80) of Service web is for gRPC (its appProtocol is grpc), and the load balancer speaks HTTP to it, not HTTP2; Google reports the backend UNHEALTHY.",
          severity: "warning",
        },
      ],
    },
    {
      name: "a gRPC readiness probe, before Google has said anything",
      given: snapshot({
        ingress: reportedAs("Unknown"),
        ...podsWith(container({ readinessProbe: httpProbe({ kind: "grpc" }) })),
      }),
      want: [
        {
          text: "Port http (80) of Service web is for gRPC (pods have a gRPC readiness probe), and the load balancer speaks HTTP to it, not HTTP2; Google reports the backend Unknown.",
          severity: "info",
        },
      ],
    },
  ],
  undecided: [
    { name: "pods may not be listed", given: unhealthy({ pods: notRead("pods") }), source: "pods" },
  ],
});
