import rule from "../../../../src/diagnostics/rules/live/slow-detection.ts";
import { known } from "../../../../src/model/observed.ts";
import { backendConfig, notRead, snapshot } from "../../../support/builders.ts";
import { healthCheck, live, liveNodes } from "../../../support/load-balancers.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { configuredService, newConfigWith } from "../../../support/unhealthy.ts";

const asked = (checkIntervalSec: number, unhealthyThreshold: number) =>
  live({ healthChecks: known([healthCheck({ checkIntervalSec, unhealthyThreshold })]) });

export default ruleCases(rule, {
  healthy: [
    { name: "the default of NEGs", given: live() },
    { name: "two minutes", given: asked(60, 2) },
    {
      name: "a BackendConfig says otherwise, and the next sync writes it",
      given: {
        ...asked(60, 10),
        services: known([configuredService()]),
        backendConfigs: known([
          backendConfig({ healthCheck: { checkIntervalSec: 15, unhealthyThreshold: 2 } }),
        ]),
      },
    },
    { name: "nodes without a health check that could be found", given: liveNodes() },
  ],
  broken: [
    {
      name: "the default of instance groups",
      given: asked(60, 10),
      want: [
        {
          text: "Health check k8s1-7c1e09d2-shop-web-80-0badc0de of Service web asks every 60 s and gives up after 10 failures, so an endpoint that fails gets requests for 10 min.",
          subject: "Service/web",
          severity: "info",
          command: newConfigWith({
            healthCheck: { checkIntervalSec: 15, timeoutSec: 15, healthyThreshold: 1, unhealthyThreshold: 2 },
          }),
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
