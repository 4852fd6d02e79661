import rule from "../../../../src/diagnostics/rules/health/draining-not-configured.ts";
import { known } from "../../../../src/model/observed.ts";
import { backendConfig, notRead, snapshot } from "../../../support/builders.ts";
import { backendService, live } from "../../../support/load-balancers.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { configuredService, newConfigWith } from "../../../support/unhealthy.ts";

function draining(drainingTimeoutSec: number) {
  return snapshot({
    services: known([configuredService()]),
    backendConfigs: known([backendConfig({ drainingTimeoutSec })]),
  });
}

export default ruleCases(rule, {
  healthy: [
    { name: "a draining timeout", given: draining(60) },
    {
      name: "a draining timeout that was set on the backend service",
      given: live({ backendServices: known([backendService({ drainingTimeoutSec: 30 })]) }),
    },
  ],
  broken: [
    {
      name: "no BackendConfig",
      given: snapshot(),
      want: [
        {
          text: "No BackendConfig sets a draining timeout for Service web, port http (80), so requests in flight are cut when an endpoint leaves.",
          subject: "Service/web",
          severity: "info",
          command: newConfigWith({ connectionDraining: { drainingTimeoutSec: 60 } }),
        },
      ],
    },
    {
      name: "a BackendConfig with 0",
      given: draining(0),
      want: [
        {
          text: "BackendConfig web-bc sets a draining timeout of 0 s for Service web, port http (80), so requests in flight are cut when an endpoint leaves.",
          subject: "BackendConfig/web-bc#spec.connectionDraining.drainingTimeoutSec",
          command:
            'kubectl patch backendconfig web-bc -n shop --type=merge -p \'{"spec":{"connectionDraining":{"drainingTimeoutSec":60}}}\'',
        },
      ],
    },
  ],
  undecided: [
    {
      name: "BackendConfigs may not be listed",
      given: { ...draining(60), backendConfigs: notRead("backendConfigs") },
      source: "backendConfigs",
    },
  ],
});
