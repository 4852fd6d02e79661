import rule from "../../../../src/diagnostics/rules/health/backend-config-invalid.ts";
import type { BackendConfig } from "../../../../src/model/gke-config.ts";
import { known } from "../../../../src/model/observed.ts";
import { backendConfig, event, notRead, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { frozen } from "../../../support/sync-failures.ts";
import { configuredService, withHealthCheck } from "../../../support/unhealthy.ts";

function configured(changes: Partial<BackendConfig>) {
  return snapshot({
    services: known([configuredService()]),
    backendConfigs: known([backendConfig(changes)]),
  });
}

const REFUSED =
  "error ensuring health check: googleapi: Error 400: Invalid value for field 'resource.healthyThreshold': '20'. Must be less than or equal to 10, invalid";

export default ruleCases(rule, {
  healthy: [
    { name: "no BackendConfig", given: snapshot() },
    {
      name: "values that GKE takes",
      given: configured({
        healthCheck: { type: "HTTP2", healthyThreshold: 2 },
        sessionAffinity: { type: "GENERATED_COOKIE", cookieTtlSec: 3600 },
        logging: { enable: true, sampleRate: 0.5 },
        cdn: { enabled: true, signedUrlSecrets: [] },
      }),
    },
    {
      name: "IAP with CDN switched off",
      given: configured({ iap: { enabled: true }, cdn: { enabled: false, signedUrlSecrets: [] } }),
    },
    {
      name: "a refusal that a timeout explains",
      given: frozen(REFUSED, "backend", withHealthCheck({ timeoutSec: 20, checkIntervalSec: 10 })),
    },
    { name: "a refusal without a BackendConfig", given: frozen(REFUSED, "backend") },
  ],
  broken: [
    {
      name: "IAP and CDN together",
      given: configured({ iap: { enabled: true }, cdn: { enabled: true, signedUrlSecrets: [] } }),
      want: [
        {
          text: "BackendConfig web-bc switches on both IAP and Cloud CDN, which exclude each other. No change of this Ingress is applied.",
          subject: "BackendConfig/web-bc#spec.cdn.enabled",
          severity: "error",
        },
      ],
    },
    {
      name: "several values, of which the controller reports the first",
      given: configured({
        sessionAffinity: { type: "COOKIE", cookieTtlSec: 90_000 },
        logging: { sampleRate: 2 },
      }),
      want: [
        {
          text: "BackendConfig web-bc has 2 in spec.logging.sampleRate, and GKE takes 0 to 1. No change of this Ingress is applied.",
          severity: "warning",
        },
        {
          text: "BackendConfig web-bc has 90000 in spec.sessionAffinity.affinityCookieTtlSec, and GKE takes 0 to 86400. No change of this Ingress is applied.",
          severity: "warning",
        },
        {
          text: "BackendConfig web-bc has COOKIE in spec.sessionAffinity.affinityType, and GKE takes NONE, CLIENT_IP, GENERATED_COOKIE. No change of this Ingress is applied.",
          subject: "BackendConfig/web-bc#spec.sessionAffinity.affinityType",
          severity: "error",
        },
      ],
    },
    {
      name: "a health check type in lower case",
      given: configured({ healthCheck: { type: "http" } }),
      want: [
        {
          text: 'BackendConfig web-bc has "http" in spec.healthCheck.type, and GKE takes HTTP, HTTPS, HTTP2. No change of this Ingress is applied.',
          subject: "BackendConfig/web-bc#spec.healthCheck.type",
          command:
            'kubectl patch backendconfig web-bc -n shop --type=json -p \'[{"op":"test","path":"/spec/healthCheck/type","value":"http"},{"op":"add","path":"/spec/healthCheck/type","value":"HTTP"}]\'',
        },
      ],
    },
    {
      name: "a health check type that does not exist",
      given: configured({ healthCheck: { type: "TCP" } }),
      want: [
        {
          text: 'BackendConfig web-bc has "TCP" in spec.healthCheck.type, and GKE takes HTTP, HTTPS, HTTP2. No change of this Ingress is applied.',
          command: "(none)",
        },
      ],
    },
    {
      name: "Compute Engine refuses a threshold",
      given: frozen(REFUSED, "backend", withHealthCheck({ healthyThreshold: 20 })),
      want: [
        {
          text: `Compute Engine refuses spec.healthCheck.healthyThreshold of BackendConfig web-bc: ${REFUSED}. No change of this Ingress is applied.`,
          subject: "BackendConfig/web-bc#spec.healthCheck.healthyThreshold",
        },
      ],
    },
    {
      name: "Compute Engine does not say what it refuses",
      given: frozen(
        "error ensuring health check: googleapi: Error 400: Bad request, invalid",
        "backend",
        withHealthCheck({ requestPath: "/ä" }),
      ),
      want: [
        {
          text: "Compute Engine refuses spec.healthCheck of BackendConfig web-bc: error ensuring health check: googleapi: Error 400: Bad request, invalid. No change of this Ingress is applied.",
          subject: "BackendConfig/web-bc#spec.healthCheck",
        },
      ],
    },
  ],
  undecided: [
    {
      name: "BackendConfigs may not be listed",
      given: snapshot({
        services: known([configuredService()]),
        backendConfigs: notRead("backendConfigs"),
        events: known([event()]),
      }),
      source: "backendConfigs",
    },
    {
      name: "Events may not be listed, and only they tell what Compute Engine refuses",
      given: snapshot({ ...withHealthCheck({ healthyThreshold: 20 }), events: notRead("events") }),
      source: "events",
    },
  ],
});
