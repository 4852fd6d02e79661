import rule from "../../../../src/diagnostics/rules/health/security-policy-missing.ts";
import { known } from "../../../../src/model/observed.ts";
import { backendConfig, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { eventsUnreadable, neverBuilt, recovered } from "../../../support/sync-failures.ts";
import { configuredService } from "../../../support/unhealthy.ts";

const REFUSED =
  'failed to set security policy from "" to "edge-armor" for backend service k8s1-x: googleapi: Error 404: The resource \'projects/demo/global/securityPolicies/edge-armor\' was not found, notFound';

export default ruleCases(rule, {
  healthy: [
    { name: "no error", given: snapshot() },
    { name: "an error that is over", given: recovered(REFUSED, "backend") },
  ],
  broken: [
    {
      name: "the BackendConfig names it",
      given: neverBuilt(REFUSED, "backend", {
        services: known([configuredService()]),
        backendConfigs: known([backendConfig({ securityPolicy: "edge-armor" })]),
      }),
      want: [
        {
          text: `BackendConfig web-bc names Cloud Armor policy edge-armor, and Compute Engine cannot attach it: ${REFUSED}. No change of this Ingress is applied.`,
          subject: "BackendConfig/web-bc#spec.securityPolicy.name",
          severity: "error",
        },
      ],
    },
    {
      name: "no BackendConfig that can be read names it",
      given: neverBuilt(REFUSED, "backend"),
      want: [
        {
          text: `Compute Engine cannot attach Cloud Armor policy edge-armor to a backend of Ingress web: ${REFUSED}. No change of this Ingress is applied.`,
          subject: "Ingress/web",
        },
      ],
    },
  ],
  undecided: [eventsUnreadable],
});
