import rule from "../../../../src/diagnostics/rules/live/health-check-drift.ts";
import { known } from "../../../../src/model/observed.ts";
import { stringMap } from "../../../../src/model/refs.ts";
import {
  backendConfig,
  container,
  httpProbe,
  ingress,
  NOW,
  notRead,
  pod,
  service,
  snapshot,
} from "../../../support/builders.ts";
import { ALL_UNHEALTHY, healthCheck, live } from "../../../support/load-balancers.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

const readyPath = known(
  [1, 2].map((index) =>
    pod(index, { containers: [container({ readinessProbe: httpProbe({ path: "/ready" }) })] }),
  ),
);
const configured = {
  services: known([
    service({
      annotations: stringMap({
        "cloud.google.com/neg": '{"ingress":true}',
        "cloud.google.com/backend-config": '{"default":"web-bc"}',
      }),
    }),
  ]),
  backendConfigs: known([backendConfig({ healthCheck: { type: "HTTPS", port: 9090, requestPath: "/" } })]),
};

export default ruleCases(rule, {
  healthy: [
    { name: "the live check is what the objects say", given: live() },
    {
      name: "defaults of an older controller, which are kept",
      given: live({ healthChecks: known([healthCheck({ checkIntervalSec: 5, timeoutSec: 5 })]) }),
    },
    {
      name: "an Ingress that has just changed",
      given: live({}, { pods: readyPath, ingress: ingress({ changedAt: NOW - 1000 }) }),
    },
  ],
  broken: [
    {
      name: "the readiness probe was changed after the check was made",
      given: live({ backendServices: ALL_UNHEALTHY }, { pods: readyPath }),
      want: [
        {
          text: "Health check k8s1-7c1e09d2-shop-web-80-0badc0de of Service web has path /, while readiness probe of pod web-1, container app says /ready; Google goes by /.",
          severity: "warning",
        },
      ],
    },
    {
      name: "the same while Google's check passes",
      given: live({}, { pods: readyPath }),
      want: [
        {
          text: "Health check k8s1-7c1e09d2-shop-web-80-0badc0de of Service web has path /, while readiness probe of pod web-1, container app says /ready; Google goes by /.",
          severity: "info",
        },
      ],
    },
    {
      name: "a BackendConfig that is not applied",
      given: live({ healthChecks: known([healthCheck({ port: 8080 })]) }, configured),
      want: [
        {
          text: "Health check k8s1-7c1e09d2-shop-web-80-0badc0de of Service web has port 8080, while BackendConfig web-bc says 9090; Google goes by 8080.",
        },
        {
          text: "Health check k8s1-7c1e09d2-shop-web-80-0badc0de of Service web has type HTTP, while BackendConfig web-bc says HTTPS; Google goes by HTTP.",
        },
      ],
    },
    {
      name: "times of a BackendConfig that somebody changed in the console",
      given: live(
        { healthChecks: known([healthCheck({ checkIntervalSec: 60, unhealthyThreshold: 5 })]) },
        {
          ...configured,
          backendConfigs: known([
            backendConfig({ healthCheck: { checkIntervalSec: 10, timeoutSec: 15, unhealthyThreshold: 3 } }),
          ]),
        },
      ),
      want: [
        {
          text: "Health check k8s1-7c1e09d2-shop-web-80-0badc0de of Service web has interval 60, while BackendConfig web-bc says 10; Google goes by 60.",
        },
        {
          text: "Health check k8s1-7c1e09d2-shop-web-80-0badc0de of Service web has unhealthy threshold 5, while BackendConfig web-bc says 3; Google goes by 5.",
        },
      ],
    },
  ],
  undecided: [
    { name: "Google is not read", given: snapshot(), source: "loadBalancer" },
    {
      name: "health checks cannot be read",
      given: live({ healthChecks: notRead("loadBalancer") }),
      source: "loadBalancer",
    },
  ],
});
