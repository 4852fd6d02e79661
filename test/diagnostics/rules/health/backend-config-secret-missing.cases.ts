import rule from "../../../../src/diagnostics/rules/health/backend-config-secret-missing.ts";
import type { BackendConfig } from "../../../../src/model/gke-config.ts";
import { known } from "../../../../src/model/observed.ts";
import type { Snapshot } from "../../../../src/model/snapshot.ts";
import { backendConfig, notRead, ref, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { neverBuilt } from "../../../support/sync-failures.ts";
import { configuredService } from "../../../support/unhealthy.ts";

const withIap: Partial<BackendConfig> = { iap: { enabled: true, secretName: "iap-oauth" } };
const withCdn: Partial<BackendConfig> = { cdn: { enabled: true, signedUrlSecrets: ["cdn-old", "cdn-new"] } };

function configured(changes: Partial<BackendConfig>, more: Partial<Snapshot> = {}): Partial<Snapshot> {
  return {
    services: known([configuredService()]),
    backendConfigs: known([backendConfig(changes)]),
    ...more,
  };
}

function secret(name: string, ...keys: readonly string[]) {
  return { ref: ref("v1", "Secret", name), type: "Opaque", keys };
}

const missing = (name: string, config = "shop/web-bc") =>
  `BackendConfig ${config} is not valid: error retrieving secret ${name}: secrets "${name}" not found`;

export default ruleCases(rule, {
  healthy: [
    { name: "no BackendConfig", given: snapshot() },
    {
      name: "the Secret is there",
      given: snapshot(
        configured(withIap, { secrets: known([secret("iap-oauth", "client_id", "client_secret")]) }),
      ),
    },
    {
      name: "Google's own OAuth client",
      given: snapshot(configured({ iap: { enabled: true } }, { secrets: known([]) })),
    },
    {
      name: "IAP is switched off",
      given: snapshot(
        configured({ iap: { enabled: false, secretName: "iap-oauth" } }, { secrets: known([]) }),
      ),
    },
    { name: "Secrets are not read, and the controller missed none", given: snapshot(configured(withIap)) },
    {
      name: "Secrets are not read, and the controller missed one that another BackendConfig names",
      given: neverBuilt(missing("iap-oauth", "shop/api-bc"), "translation", configured(withIap)),
    },
  ],
  broken: [
    {
      name: "the OAuth client of IAP",
      given: snapshot(configured(withIap, { secrets: known([]) })),
      want: [
        {
          text: "BackendConfig web-bc takes the OAuth client of IAP from Secret iap-oauth, which does not exist in namespace shop. No change of this Ingress is applied.",
          subject: "BackendConfig/web-bc#spec.iap.oauthclientCredentials.secretName",
          severity: "error",
        },
      ],
    },
    {
      name: "one signing key of two",
      given: snapshot(configured(withCdn, { secrets: known([secret("cdn-old", "key_value")]) })),
      want: [
        {
          text: "BackendConfig web-bc takes a signing key of Cloud CDN from Secret cdn-new, which does not exist in namespace shop. No change of this Ingress is applied.",
          subject: "BackendConfig/web-bc#spec.cdn.signedUrlKeys[1].secretName",
        },
      ],
    },
    {
      name: "only the controller's Event tells",
      given: neverBuilt(missing("cdn-old"), "translation", configured(withCdn)),
      want: [
        {
          text: "BackendConfig web-bc takes a signing key of Cloud CDN from Secret cdn-old, which does not exist in namespace shop. No change of this Ingress is applied.",
          subject: "BackendConfig/web-bc#spec.cdn.signedUrlKeys[0].secretName",
        },
      ],
    },
  ],
  undecided: [
    {
      name: "neither Secrets nor Events may be read",
      given: snapshot(configured(withIap, { events: notRead("events") })),
      source: "events",
    },
    {
      name: "BackendConfigs may not be listed",
      given: snapshot(configured({}, { backendConfigs: notRead("backendConfigs") })),
      source: "backendConfigs",
    },
  ],
});
