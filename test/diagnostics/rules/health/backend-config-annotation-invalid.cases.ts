import rule from "../../../../src/diagnostics/rules/health/backend-config-annotation-invalid.ts";
import { known } from "../../../../src/model/observed.ts";
import { backendConfig, notRead, service, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { configuredService, webAnnotations } from "../../../support/unhealthy.ts";

function annotated(text: string) {
  return snapshot({
    services: known([service({ annotations: webAnnotations({ "cloud.google.com/backend-config": text }) })]),
    backendConfigs: known([backendConfig()]),
  });
}

export default ruleCases(rule, {
  healthy: [
    { name: "no annotation", given: snapshot() },
    {
      name: "a default",
      given: snapshot({ services: known([configuredService()]), backendConfigs: known([backendConfig()]) }),
    },
    { name: "an entry for another port", given: annotated('{"ports":{"9090":"web-bc"}}') },
  ],
  broken: [
    {
      name: "a bare name",
      given: annotated("web-bc"),
      want: [
        {
          text: 'The annotation cloud.google.com/backend-config web-bc of Service web cannot be read: a value was expected, and "w" stands there. No change of this Ingress is applied.',
          subject: "Service/web#metadata.annotations[cloud.google.com/backend-config]",
          severity: "error",
          command:
            'kubectl annotate --overwrite service web -n shop \'cloud.google.com/backend-config={"default":"web-bc"}\'',
        },
      ],
    },
    {
      name: "a brace is missing",
      given: annotated('{"ports":{"http":"web-bc"}'),
      want: [
        {
          text: 'The annotation cloud.google.com/backend-config {"ports":{"http":"web-bc"} of Service web cannot be read: "," or "}" was expected, and its end stands there. No change of this Ingress is applied.',
          command:
            'kubectl annotate --overwrite service web -n shop \'cloud.google.com/backend-config={"ports":{"http":"web-bc"}}\'',
        },
      ],
    },
    {
      name: "nothing can be made of it",
      given: annotated("[]"),
      want: [
        {
          text: "The annotation cloud.google.com/backend-config [] of Service web cannot be read: an object in braces was expected, and a list stands there. No change of this Ingress is applied.",
          command: "(none)",
        },
      ],
    },
    {
      name: "an empty object",
      given: annotated("{}"),
      want: [
        {
          text: "The annotation cloud.google.com/backend-config of Service web names no BackendConfig, neither as default nor for a port. No change of this Ingress is applied.",
          command: "kubectl annotate --overwrite service web -n shop cloud.google.com/backend-config-",
        },
      ],
    },
  ],
  undecided: [
    {
      name: "Services may not be listed",
      given: snapshot({ services: notRead("services") }),
      source: "services",
    },
  ],
});
