import defaultBackendUnprotected from "../../../../src/diagnostics/rules/routing/default-backend-unprotected.ts";
import { known } from "../../../../src/model/observed.ts";
import { stringMap } from "../../../../src/model/refs.ts";
import { backendConfig, ingress, notRead, service, snapshot, toService } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

const guarded = service({
  annotations: stringMap({
    "cloud.google.com/neg": '{"ingress":true}',
    "cloud.google.com/backend-config": '{"default":"web-bc"}',
  }),
});
const armor = known([backendConfig({ securityPolicy: "edge-armor" })]);

export default ruleCases(defaultBackendUnprotected, {
  healthy: [
    { name: "nothing is protected", given: snapshot() },
    {
      name: "the default backend is protected, too",
      given: snapshot({
        ingress: ingress({ defaultBackend: toService("web") }),
        services: known([guarded]),
        backendConfigs: armor,
      }),
    },
    {
      name: "a BackendConfig without protection",
      given: snapshot({
        services: known([guarded]),
        backendConfigs: known([backendConfig({ timeoutSec: 60 })]),
      }),
    },
  ],
  broken: [
    {
      name: "a security policy, and GKE's default backend",
      given: snapshot({ services: known([guarded]), backendConfigs: armor }),
      want: [
        {
          text: "Service web has security policy edge-armor; Service default-http-backend, which answers what no rule matches, has none.",
          severity: "info",
        },
      ],
    },
    {
      name: "IAP, and a default backend without it",
      given: snapshot({
        ingress: ingress({ defaultBackend: toService("landing") }),
        services: known([guarded, service({ name: "landing" })]),
        backendConfigs: known([backendConfig({ iap: { enabled: true } })]),
      }),
      want: [
        {
          text: "Service web has IAP; Service landing, which answers what no rule matches, has none.",
        },
      ],
    },
  ],
  undecided: [
    {
      name: "BackendConfigs may not be listed",
      given: snapshot({ services: known([guarded]), backendConfigs: notRead("backendConfigs") }),
      source: "backendConfigs",
    },
  ],
});
