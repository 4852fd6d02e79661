import rule from "../../../../src/diagnostics/rules/health/feature-not-on-internal.ts";
import type { BackendConfig } from "../../../../src/model/gke-config.ts";
import { known } from "../../../../src/model/observed.ts";
import { backendConfig, ingress, notRead, servedAnnotations, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { configuredService } from "../../../support/unhealthy.ts";

function configured(className: string, changes: Partial<BackendConfig>) {
  return snapshot({
    ingress: ingress({ annotations: servedAnnotations({ "kubernetes.io/ingress.class": className }) }),
    services: known([configuredService()]),
    backendConfigs: known([backendConfig(changes)]),
  });
}

const everything: Partial<BackendConfig> = {
  securityPolicy: "edge-armor",
  cdn: { enabled: true, signedUrlSecrets: [] },
};

export default ruleCases(rule, {
  healthy: [
    { name: "an external Ingress with everything", given: configured("gce", everything) },
    { name: "an internal Ingress with a timeout", given: configured("gce-internal", { timeoutSec: 60 }) },
    { name: "an internal Ingress with IAP", given: configured("gce-internal", { iap: { enabled: true } }) },
  ],
  broken: [
    {
      name: "an internal Ingress",
      given: configured("gce-internal", everything),
      want: [
        {
          text: "BackendConfig web-bc sets a Cloud Armor policy, and Ingress web is of class gce-internal, whose regional backend services take none. No change of this Ingress is applied.",
          subject: "BackendConfig/web-bc#spec.securityPolicy",
          severity: "error",
        },
        {
          text: "BackendConfig web-bc switches on Cloud CDN, and Ingress web is of class gce-internal, whose load balancer is internal and has no CDN.",
          subject: "BackendConfig/web-bc#spec.cdn.enabled",
          severity: "warning",
        },
      ],
    },
    {
      name: "an empty policy name, which the controller refuses all the same",
      given: configured("gce-internal", { securityPolicy: "" }),
      want: [
        {
          text: "BackendConfig web-bc sets a Cloud Armor policy, and Ingress web is of class gce-internal, whose regional backend services take none. No change of this Ingress is applied.",
        },
      ],
    },
    {
      name: "a regional external Ingress",
      given: configured("gce-regional-external", { cdn: { enabled: true, signedUrlSecrets: [] } }),
      want: [
        {
          text: "BackendConfig web-bc sets spec.cdn.enabled, which GKE refuses for Ingress web of class gce-regional-external. No change of this Ingress is applied.",
          severity: "error",
        },
      ],
    },
  ],
  undecided: [
    {
      name: "BackendConfigs may not be listed",
      given: { ...configured("gce-internal", {}), backendConfigs: notRead("backendConfigs") },
      source: "backendConfigs",
    },
  ],
});
