import rule from "../../../../src/diagnostics/rules/health/iap-credentials-switched.ts";
import { known } from "../../../../src/model/observed.ts";
import { backendConfig, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { eventsUnreadable, frozen, recovered } from "../../../support/sync-failures.ts";
import { configuredService } from "../../../support/unhealthy.ts";

const REFUSED =
  "Errored updating IAP Settings for service shop/web: Cannot switch to default OAuth once IAP credentials have been set";

export default ruleCases(rule, {
  healthy: [
    { name: "no error", given: snapshot() },
    { name: "an error that is over", given: recovered(REFUSED, "backend") },
  ],
  broken: [
    {
      name: "the BackendConfig names no OAuth client",
      given: frozen(REFUSED, "backend", {
        services: known([configuredService()]),
        backendConfigs: known([backendConfig({ iap: { enabled: true } })]),
      }),
      want: [
        {
          text: "BackendConfig web-bc switches on IAP without an OAuth client, and the backend service of Ingress web has one from before, which GKE does not replace. No change of this Ingress is applied.",
          subject: "BackendConfig/web-bc#spec.iap.oauthclientCredentials",
          severity: "error",
        },
      ],
    },
    {
      name: "no BackendConfig that can be read has IAP",
      given: frozen(REFUSED, "backend"),
      want: [
        {
          text: `GKE does not replace the OAuth client of IAP on a backend service of Ingress web: ${REFUSED}. No change of this Ingress is applied.`,
          subject: "Ingress/web",
        },
      ],
    },
  ],
  undecided: [eventsUnreadable],
});
