import rule from "../../../../src/diagnostics/rules/health/backend-config-secret-keys-missing.ts";
import type { BackendConfig } from "../../../../src/model/gke-config.ts";
import { known } from "../../../../src/model/observed.ts";
import type { Snapshot } from "../../../../src/model/snapshot.ts";
import { backendConfig, notRead, ref, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { neverBuilt } from "../../../support/sync-failures.ts";
import { configuredService } from "../../../support/unhealthy.ts";

const withIap: Partial<BackendConfig> = { iap: { enabled: true, secretName: "iap-oauth" } };
const withCdn: Partial<BackendConfig> = { cdn: { enabled: true, signedUrlSecrets: ["cdn-key"] } };

function configured(changes: Partial<BackendConfig>, more: Partial<Snapshot> = {}): Partial<Snapshot> {
  return {
    services: known([configuredService()]),
    backendConfigs: known([backendConfig(changes)]),
    ...more,
  };
}

function secret(name: string, ...keys: readonly string[]) {
  return known([{ ref: ref("v1", "Secret", name), type: "Opaque", keys }]);
}

export default ruleCases(rule, {
  healthy: [
    { name: "no BackendConfig", given: snapshot() },
    {
      name: "both keys are there",
      given: snapshot(configured(withIap, { secrets: secret("iap-oauth", "client_id", "client_secret") })),
    },
    {
      name: "the Secret is missing, which is another finding",
      given: snapshot(configured(withIap, { secrets: known([]) })),
    },
    {
      name: "Secrets are not read, and an Event tells of another BackendConfig or Secret",
      given: neverBuilt(
        "BackendConfig shop/web-bc is not valid: secret old-oauth missing client_id data",
        "translation",
        configured(withIap),
      ),
    },
  ],
  broken: [
    {
      name: "both keys of IAP have other names",
      given: snapshot(configured(withIap, { secrets: secret("iap-oauth", "id", "secret") })),
      want: [
        {
          text: "Secret iap-oauth, which BackendConfig web-bc names in spec.iap.oauthclientCredentials.secretName, has no client_id and no client_secret. No change of this Ingress is applied.",
          subject: "BackendConfig/web-bc#spec.iap.oauthclientCredentials.secretName",
          severity: "error",
        },
      ],
    },
    {
      name: "a signing key",
      given: snapshot(configured(withCdn, { secrets: secret("cdn-key", "key") })),
      want: [
        {
          text: "Secret cdn-key, which BackendConfig web-bc names in spec.cdn.signedUrlKeys[0].secretName, has no key_value. No change of this Ingress is applied.",
        },
      ],
    },
    {
      name: "only the controller's Event tells",
      given: neverBuilt(
        "BackendConfig shop/web-bc is not valid: secret iap-oauth missing client_secret data'",
        "translation",
        configured(withIap),
      ),
      want: [
        {
          text: "Secret iap-oauth, which BackendConfig web-bc names in spec.iap.oauthclientCredentials.secretName, has no client_secret. No change of this Ingress is applied.",
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
  ],
});
