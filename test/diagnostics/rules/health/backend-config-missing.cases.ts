import rule from "../../../../src/diagnostics/rules/health/backend-config-missing.ts";
import { known } from "../../../../src/model/observed.ts";
import { backendConfig, notRead, ref, service, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { configuredService, webAnnotations } from "../../../support/unhealthy.ts";

export default ruleCases(rule, {
  healthy: [
    { name: "no BackendConfig is named", given: snapshot() },
    {
      name: "the named BackendConfig exists",
      given: snapshot({
        services: known([configuredService()]),
        backendConfigs: known([backendConfig()]),
      }),
    },
    {
      name: "a BackendConfig of another port is missing",
      given: snapshot({
        services: known([
          service({
            annotations: webAnnotations({ "cloud.google.com/backend-config": '{"ports":{"9090":"gone"}}' }),
          }),
        ]),
      }),
    },
  ],
  broken: [
    {
      name: "the namespace has none",
      given: snapshot({ services: known([configuredService()]) }),
      want: [
        {
          text: "Service web names BackendConfig web-bc for every port, and namespace shop has none of that name. No change of this Ingress is applied.",
          subject: "Service/web#metadata.annotations[cloud.google.com/backend-config]",
          severity: "error",
          command: "(none)",
        },
      ],
    },
    {
      name: "it exists in another namespace only",
      given: snapshot({
        services: known([
          service({
            annotations: webAnnotations({
              "beta.cloud.google.com/backend-config": '{"ports":{"http":"web-bc"}}',
            }),
          }),
        ]),
        backendConfigs: known([
          backendConfig({ ref: ref("cloud.google.com/v1", "BackendConfig", "web-bc", "infra") }),
        ]),
      }),
      want: [
        {
          text: "Service web names BackendConfig web-bc for port http, and namespace shop has none of that name. No change of this Ingress is applied.",
          subject: "Service/web#metadata.annotations[beta.cloud.google.com/backend-config]",
        },
      ],
    },
    {
      name: "the name is misspelt",
      given: snapshot({
        services: known([configuredService()]),
        backendConfigs: known([backendConfig({ name: "wbe-bc" }), backendConfig({ name: "other" })]),
      }),
      want: [
        {
          text: "Service web names BackendConfig web-bc for every port, and namespace shop has wbe-bc instead. No change of this Ingress is applied.",
          command:
            'kubectl annotate --overwrite service web -n shop \'cloud.google.com/backend-config={"default":"wbe-bc"}\'',
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
      }),
      source: "backendConfigs",
    },
  ],
});
