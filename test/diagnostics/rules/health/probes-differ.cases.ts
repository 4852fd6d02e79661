import rule from "../../../../src/diagnostics/rules/health/probes-differ.ts";
import { known } from "../../../../src/model/observed.ts";
import {
  backendConfig,
  container,
  httpProbe,
  LONG_AGO,
  notRead,
  pod,
  snapshot,
  workload,
} from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { configuredService } from "../../../support/unhealthy.ts";

const differing = known([
  pod(1, { createdAt: LONG_AGO - 60_000 }),
  pod(2, { containers: [container({ readinessProbe: httpProbe({ path: "/v2/ready" }) })] }),
]);

export default ruleCases(rule, {
  healthy: [
    { name: "equal probes", given: snapshot() },
    {
      name: "two revisions during a rollout",
      given: snapshot({ pods: differing, workloads: known([workload({ rollingOut: true })]) }),
    },
    {
      name: "a BackendConfig gives the path",
      given: snapshot({
        pods: differing,
        services: known([configuredService()]),
        backendConfigs: known([backendConfig({ healthCheck: { requestPath: "/" } })]),
      }),
    },
    {
      name: "the other probe asks a side container",
      given: snapshot({
        pods: known([
          pod(1, {
            containers: [
              container(),
              container({ name: "side", ports: [], readinessProbe: httpProbe({ path: "/x", port: 9090 }) }),
            ],
          }),
        ]),
      }),
    },
  ],
  broken: [
    {
      name: "two versions with paths of their own",
      given: snapshot({ pods: differing }),
      want: [
        {
          text: "Pods of Service web have readiness probes for /, /v2/ready on port http (80); a health check made now copies that of pod web-1, /.",
          subject: "Service/web",
          severity: "info",
        },
      ],
    },
  ],
  undecided: [{ name: "pods may not be listed", given: snapshot({ pods: notRead("pods") }), source: "pods" }],
});
