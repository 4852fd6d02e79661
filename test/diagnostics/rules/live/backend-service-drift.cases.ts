import rule from "../../../../src/diagnostics/rules/live/backend-service-drift.ts";
import type { BackendConfig } from "../../../../src/model/gke-config.ts";
import type { BackendService } from "../../../../src/model/load-balancer.ts";
import { known } from "../../../../src/model/observed.ts";
import { backendConfig, ingress, NOW, notRead, snapshot } from "../../../support/builders.ts";
import { backendService, live } from "../../../support/load-balancers.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { configuredService } from "../../../support/unhealthy.ts";

const configured = (config: Partial<BackendConfig>, actual: Partial<BackendService> = {}) =>
  live(
    { backendServices: known([backendService(actual)]) },
    { services: known([configuredService()]), backendConfigs: known([backendConfig(config)]) },
  );
const unprotected = configured({ securityPolicy: "edge" });
const say = (what: string) =>
  `Backend service k8s1-7c1e09d2-shop-web-80-0badc0de of Service web has ${what}.`;

export default ruleCases(rule, {
  healthy: [
    {
      name: "no BackendConfig",
      given: live({ backendServices: known([backendService({ timeoutSec: 99 })]) }),
    },
    { name: "a BackendConfig that leaves everything as it is", given: configured({}, { timeoutSec: 99 }) },
    {
      name: "everything is applied",
      given: configured(
        {
          timeoutSec: 60,
          drainingTimeoutSec: 30,
          securityPolicy: "edge",
          cdn: { enabled: true, signedUrlSecrets: [] },
          sessionAffinity: { type: "CLIENT_IP" },
        },
        {
          timeoutSec: 60,
          drainingTimeoutSec: 30,
          securityPolicy: "edge",
          cdnEnabled: true,
          sessionAffinity: "CLIENT_IP",
        },
      ),
    },
    { name: "a change is still under way", given: { ...unprotected, ingress: ingress({ changedAt: NOW }) } },
  ],
  broken: [
    {
      name: "the security policy was lost",
      given: unprotected,
      want: [
        {
          text: say("security policy (none), while BackendConfig web-bc says edge"),
          subject: "Service/web",
          severity: "warning",
        },
      ],
    },
    {
      name: "a timeout that somebody changed, and CDN that never came",
      given: configured({ timeoutSec: 60, cdn: { enabled: true, signedUrlSecrets: [] } }),
      want: [
        { text: say("CDN off, while BackendConfig web-bc says on") },
        { text: say("timeout 30, while BackendConfig web-bc says 60") },
      ],
    },
  ],
  undecided: [
    { name: "Google is not read", given: snapshot(), source: "loadBalancer" },
    {
      name: "BackendConfigs cannot be read",
      given: { ...unprotected, backendConfigs: notRead("backendConfigs") },
      source: "backendConfigs",
    },
  ],
});
