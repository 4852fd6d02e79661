import rule from "../../../../src/diagnostics/rules/health/health-check-type-mismatch.ts";
import { known } from "../../../../src/model/observed.ts";
import {
  backendConfig,
  container,
  httpProbe,
  notRead,
  service,
  snapshot,
} from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import {
  podsWith,
  unanswered,
  unhealthy,
  unprobed,
  unusedConfig,
  webAnnotations,
  withHealthCheck,
} from "../../../support/unhealthy.ts";

const https = { name: "https", containerPort: 8080, protocol: "TCP" };
const annotated = service({
  annotations: webAnnotations({
    "cloud.google.com/backend-config": '{"default":"web-bc"}',
    "cloud.google.com/app-protocols": '{"http":"HTTPS"}',
  }),
});

export default ruleCases(rule, {
  healthy: [
    { name: "the kubelet asks the same and is answered, which is another finding", given: unanswered },
    { name: "a BackendConfig is not used, which is another finding", given: unusedConfig },
    { name: "no BackendConfig", given: unhealthy(podsWith(unprobed())) },
    {
      name: "the type is that of the traffic",
      given: unhealthy({ ...withHealthCheck({ type: "HTTP" }), ...podsWith(unprobed()) }),
    },
    { name: "a healthy backend", given: snapshot(withHealthCheck({ type: "HTTPS" })) },
    {
      name: "the pods speak TLS, so the traffic has the wrong protocol",
      given: unhealthy({ ...withHealthCheck({ type: "HTTPS" }), ...podsWith(unprobed({ ports: [https] })) }),
    },
    {
      name: "another port speaks TLS",
      given: unhealthy({
        ...withHealthCheck({ type: "HTTPS", port: 8443 }),
        ...podsWith(unprobed({ ports: [{ name: "admin", containerPort: 8443, protocol: "TCP" }] })),
      }),
    },
  ],
  broken: [
    {
      name: "TLS asked of a port that gets plain HTTP",
      given: unhealthy({ ...withHealthCheck({ type: "HTTPS" }), ...podsWith(unprobed()) }),
      want: [
        {
          text: "BackendConfig web-bc makes Google's health check of Service web, port http (80), speak HTTPS, but the load balancer sends HTTP requests to the same port; no endpoint passes it, while the containers of 2 pods are ready.",
          subject: "BackendConfig/web-bc#spec.healthCheck.type",
          severity: "error",
          command:
            'kubectl patch backendconfig web-bc -n shop --type=json -p \'[{"op":"test","path":"/spec/healthCheck/type","value":"HTTPS"},{"op":"add","path":"/spec/healthCheck/type","value":"HTTP"}]\'',
        },
      ],
    },
    {
      name: "the pods pass a readiness probe in plain HTTP",
      given: unhealthy(withHealthCheck({ type: "HTTP2" })),
      want: [
        {
          text: "BackendConfig web-bc makes Google's health check of Service web, port http (80), speak HTTP2, but pods pass a readiness probe on that port in HTTP; no endpoint passes it, while the containers of 2 pods are ready.",
        },
      ],
    },
    {
      name: "plain HTTP asked of a port that gets TLS",
      given: unhealthy({
        services: known([annotated]),
        backendConfigs: known([backendConfig({ healthCheck: { type: "HTTP" } })]),
        ...podsWith(container({ readinessProbe: httpProbe({ scheme: "HTTPS" }) })),
      }),
      want: [
        {
          text: "BackendConfig web-bc makes Google's health check of Service web, port http (80), speak HTTP, but pods pass a readiness probe on that port in HTTPS; no endpoint passes it, while the containers of 2 pods are ready.",
          command:
            'kubectl patch backendconfig web-bc -n shop --type=json -p \'[{"op":"test","path":"/spec/healthCheck/type","value":"HTTP"},{"op":"add","path":"/spec/healthCheck/type","value":"HTTPS"}]\'',
        },
      ],
    },
  ],
  undecided: [
    {
      name: "pods may not be listed",
      given: unhealthy({ ...withHealthCheck({ type: "HTTPS" }), pods: notRead("pods") }),
      source: "pods",
    },
  ],
});
