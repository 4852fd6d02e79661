import appProtocolMismatch from "../../../../src/diagnostics/rules/service/app-protocol-mismatch.ts";
import { known } from "../../../../src/model/observed.ts";
import type { Container } from "../../../../src/model/pod.ts";
import { stringMap } from "../../../../src/model/refs.ts";
import type { ServicePort } from "../../../../src/model/service.ts";
import type { Snapshot } from "../../../../src/model/snapshot.ts";
import {
  backendConfig,
  container,
  httpProbe,
  ingress,
  negName,
  notRead,
  pod,
  servedAnnotations,
  service,
  servicePort,
  snapshot,
} from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

interface Speaking {
  readonly protocols?: object;
  readonly state?: string;
  readonly container?: Partial<Container>;
  readonly port?: Partial<ServicePort>;
  readonly backendConfig?: Parameters<typeof backendConfig>[0];
}

function speaking({ protocols, state = "UNHEALTHY", port = {}, ...more }: Speaking): Snapshot {
  return snapshot({
    ingress: ingress({
      annotations: servedAnnotations({
        "ingress.kubernetes.io/backends": JSON.stringify({ [negName("web")]: state }),
      }),
    }),
    services: known([
      service({
        annotations: stringMap({
          "cloud.google.com/neg": '{"ingress":true}',
          "cloud.google.com/app-protocols": protocols && JSON.stringify(protocols),
          "cloud.google.com/backend-config": more.backendConfig && '{"default":"web-bc"}',
        }),
        ports: [servicePort(port)],
      }),
    ]),
    pods: known([
      pod(1, {
        containers: [container({ readinessProbe: undefined, ...more.container } as Partial<Container>)],
      }),
    ]),
    backendConfigs: known(more.backendConfig ? [backendConfig(more.backendConfig)] : []),
  });
}

const tlsPort = { name: "https", containerPort: 8443, protocol: "TCP" };

export default ruleCases(appProtocolMismatch, {
  healthy: [
    { name: "plain HTTP on both sides", given: speaking({}) },
    {
      name: "TLS on both sides",
      given: speaking({
        protocols: { http: "HTTPS" },
        container: { ports: [tlsPort] },
        port: { targetPort: 8443 },
      }),
    },
    {
      name: "HTTPS to a port named http that is healthy",
      given: speaking({ protocols: { http: "HTTPS" }, state: "HEALTHY" }),
    },
    {
      name: "a port that says nothing of itself",
      given: speaking({
        protocols: { web: "HTTPS" },
        port: { name: "web", targetPort: 5000 },
        container: { ports: [{ containerPort: 5000, protocol: "TCP" }] },
      }),
    },
    {
      name: "containers that are not ready",
      given: speaking({ protocols: { http: "HTTPS" }, container: { ready: false } }),
    },
    {
      name: "an entry under a wrong key, which is another finding",
      given: speaking({
        protocols: { "80": "HTTPS" },
        container: { ports: [tlsPort] },
        port: { targetPort: 8443 },
      }),
    },
    {
      name: "a health check on a port of its own says nothing",
      given: speaking({
        protocols: { http: "HTTP2" },
        state: "HEALTHY",
        backendConfig: { healthCheck: { type: "HTTP", port: 9000 } },
      }),
    },
  ],
  broken: [
    {
      name: "HTTPS to a port named http, and Google says unhealthy",
      given: speaking({ protocols: { http: "HTTPS" } }),
      want: [
        {
          text: "The load balancer speaks HTTPS to port http (80) of Service web, but the port is named http. Google reports the backend UNHEALTHY.",
          subject: "Service/web#metadata.annotations[cloud.google.com/app-protocols]",
          severity: "error",
          command: `kubectl annotate --overwrite service web -n shop 'cloud.google.com/app-protocols={"http":"HTTP"}'`,
        },
      ],
    },
    {
      name: "HTTP to pods that pass a probe in HTTPS",
      given: speaking({
        state: "Unknown",
        container: { readinessProbe: httpProbe({ scheme: "HTTPS" }) },
      }),
      want: [
        {
          text: "The load balancer speaks HTTP to port http (80) of Service web, but pods pass a readiness probe on that port in HTTPS. Google reports the backend Unknown.",
          severity: "warning",
          command: `kubectl annotate --overwrite service web -n shop 'cloud.google.com/app-protocols={"http":"HTTPS"}'`,
        },
      ],
    },
    {
      name: "HTTP to a port whose number is usual for HTTPS is a hint",
      given: speaking({
        state: "Unknown",
        port: { name: "web", targetPort: 8443 },
        container: { ports: [{ containerPort: 8443, protocol: "TCP" }] },
      }),
      want: [
        {
          text: "The load balancer speaks HTTP to port web (80) of Service web, but port 8443 is a usual one for HTTPS. Google reports the backend Unknown.",
          severity: "info",
        },
      ],
    },
    {
      name: "the field appProtocol says HTTPS, and GKE does not read it",
      given: speaking({
        port: { name: "web", targetPort: 5000, appProtocol: "https" },
        container: { ports: [] },
      }),
      want: [
        {
          text: "The load balancer speaks HTTP to port web (80) of Service web, but the port is named https. Google reports the backend UNHEALTHY.",
          severity: "error",
        },
      ],
    },
    {
      name: "a BackendConfig lets the health check speak HTTP",
      given: speaking({
        protocols: { http: "HTTPS" },
        state: "HEALTHY",
        backendConfig: { healthCheck: { type: "HTTP" } },
      }),
      want: [
        {
          text: "The health check of port http (80) of Service web succeeds in HTTP, and the load balancer sends requests to the same port in HTTPS. They fail although Google reports the backend HEALTHY.",
          severity: "warning",
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
    { name: "pods may not be listed", given: snapshot({ pods: notRead("pods") }), source: "pods" },
  ],
});
