import rule from "../../../../src/diagnostics/rules/health/readiness-probe-not-adopted.ts";
import { known } from "../../../../src/model/observed.ts";
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
import {
  configuredService,
  newConfig,
  podsWith,
  unhealthy,
  unprobed,
  webAnnotations,
} from "../../../support/unhealthy.ts";

const tcpProbed = container({ readinessProbe: httpProbe({ kind: "tcp" }) });

export default ruleCases(rule, {
  healthy: [
    { name: "the readiness probe fits", given: snapshot() },
    { name: "there is no readiness probe", given: snapshot(podsWith(unprobed())) },
    {
      name: "a BackendConfig gives the path",
      given: snapshot({
        ...podsWith(tcpProbed),
        services: known([configuredService()]),
        backendConfigs: known([backendConfig({ healthCheck: { requestPath: "/ready" } })]),
      }),
    },
    { name: "the health check fails, which is another finding", given: unhealthy(podsWith(tcpProbed)) },
  ],
  broken: [
    {
      name: "an exec probe",
      given: snapshot(podsWith(container({ readinessProbe: httpProbe({ kind: "exec" }) }))),
      want: [
        {
          text: "The readiness probe of pod web-1, container app (command in the container), is not copied into Google's health check of Service web, because it is of kind exec and only httpGet probes are copied; Google asks HTTP GET / on the serving port (all from GKE's default).",
          subject: "Service/web",
          severity: "info",
          command: "(none)",
        },
      ],
    },
    {
      name: "a probe that names a host",
      given: snapshot(podsWith(container({ readinessProbe: httpProbe({ host: "shop.example.com" }) }))),
      want: [
        {
          text: "The readiness probe of pod web-1, container app (HTTP GET / on port 8080), is not copied into Google's health check of Service web, because it names host shop.example.com; Google asks HTTP GET / on the serving port (all from GKE's default).",
        },
      ],
    },
    {
      name: "a probe that sends headers",
      given: snapshot(
        podsWith(
          container({
            readinessProbe: httpProbe({ headers: [{ name: "Authorization", value: "Basic eDp5" }] }),
          }),
        ),
      ),
      want: [
        {
          text: "The readiness probe of pod web-1, container app (HTTP GET / on port 8080), is not copied into Google's health check of Service web, because it sends headers besides one Host: Authorization; Google asks HTTP GET / on the serving port (all from GKE's default).",
          command: "(none)",
        },
      ],
    },
    {
      name: "a probe in another scheme",
      given: snapshot({
        services: known([
          service({ annotations: webAnnotations({ "cloud.google.com/app-protocols": '{"http":"HTTPS"}' }) }),
        ]),
      }),
      want: [
        {
          text: "The readiness probe of pod web-1, container app (HTTP GET / on port 8080), is not copied into Google's health check of Service web, because its scheme is HTTP and the backend's protocol asks for HTTPS; Google asks HTTPS GET / on the serving port (all from GKE's default).",
        },
      ],
    },
    {
      name: "a probe on a port that is declared under another number",
      given: snapshot({
        services: known([service({ ports: [servicePort({ targetPort: 9000 })] })]),
        endpointSlices: known([slice({ ports: [{ name: "http", port: 9000, protocol: "TCP" }] })]),
        ...podsWith(container({ readinessProbe: httpProbe({ path: "/ready" }) })),
      }),
      want: [
        {
          text: "The readiness probe of pod web-1, container app (HTTP GET /ready on port 8080), is not copied into Google's health check of Service web, because its container declares port http (8080) and not target port 9000; Google asks HTTP GET / on the serving port (all from GKE's default).",
          command: newConfig({ type: "HTTP", requestPath: "/ready", port: 8080 }, '{"default":"web-http"}'),
        },
      ],
    },
  ],
  undecided: [{ name: "pods may not be listed", given: snapshot({ pods: notRead("pods") }), source: "pods" }],
});
