import rule from "../../../../src/diagnostics/rules/health/security-policy-left-attached.ts";
import type { BackendConfig } from "../../../../src/model/gke-config.ts";
import { known } from "../../../../src/model/observed.ts";
import { backendConfig, notRead, snapshot } from "../../../support/builders.ts";
import { backendService, loadBalancer } from "../../../support/load-balancers.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { configuredService } from "../../../support/unhealthy.ts";

function configured(changes: Partial<BackendConfig>, securityPolicy?: string) {
  const attached = backendService(securityPolicy === undefined ? {} : { securityPolicy });
  return snapshot({
    services: known([configuredService()]),
    backendConfigs: known([backendConfig(changes)]),
    loadBalancer: known(loadBalancer({ backendServices: known([attached]) })),
  });
}

export default ruleCases(rule, {
  healthy: [
    { name: "no BackendConfig", given: snapshot() },
    { name: "no policy anywhere", given: configured({}) },
    { name: "the policy is named", given: configured({ securityPolicy: "edge-armor" }, "edge-armor") },
    { name: "the policy is to be detached", given: configured({ securityPolicy: "" }, "edge-armor") },
  ],
  broken: [
    {
      name: "a policy that was named before",
      given: configured({}, "edge-armor"),
      want: [
        {
          text: `Cloud Armor policy edge-armor is attached to backend service ${backendService().name}, and BackendConfig web-bc names none; GKE neither changes nor removes it.`,
          subject: "BackendConfig/web-bc#spec.securityPolicy",
          severity: "info",
          command:
            'kubectl patch backendconfig web-bc -n shop --type=json -p \'[{"op":"add","path":"/spec/securityPolicy","value":{"name":"edge-armor"}}]\'',
        },
      ],
    },
  ],
  undecided: [
    {
      name: "the load balancer is not read",
      given: {
        ...configured({}),
        loadBalancer: notRead("loadBalancer", "not-configured", "Google credentials"),
      },
      source: "loadBalancer",
    },
    {
      name: "its backend services could not be read",
      given: {
        ...configured({}),
        loadBalancer: known(loadBalancer({ backendServices: notRead("loadBalancer", "failed", "a retry") })),
      },
      source: "loadBalancer",
    },
  ],
});
