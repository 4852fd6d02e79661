import rule from "../../../../src/diagnostics/rules/health/backend-config-on-ingress.ts";
import { known } from "../../../../src/model/observed.ts";
import {
  backendConfig,
  rule as hostRule,
  ingress,
  notRead,
  path,
  servedAnnotations,
  service,
  snapshot,
} from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { configuredService } from "../../../support/unhealthy.ts";

const annotated = ingress({
  annotations: servedAnnotations({ "cloud.google.com/backend-config": '{"default":"web-bc"}' }),
});
const two = { ...annotated, rules: [hostRule("shop.example.com", path("/"), path("/api", "api"))] };

export default ruleCases(rule, {
  healthy: [
    { name: "no annotation anywhere", given: snapshot() },
    {
      name: "the Service has the annotation, too",
      given: snapshot({
        ingress: annotated,
        services: known([configuredService()]),
        backendConfigs: known([backendConfig()]),
      }),
    },
  ],
  broken: [
    {
      name: "the only Service has none",
      given: snapshot({ ingress: annotated }),
      want: [
        {
          text: 'Annotation cloud.google.com/backend-config {"default":"web-bc"} stands on Ingress web, and GKE reads it on Services only; Service web is behind it without one.',
          subject: "Ingress/web#metadata.annotations[cloud.google.com/backend-config]",
          severity: "warning",
          command:
            'kubectl annotate --overwrite service web -n shop \'cloud.google.com/backend-config={"default":"web-bc"}\'',
        },
      ],
    },
    {
      name: "no Service of two has one",
      given: snapshot({ ingress: two, services: known([service(), service({ name: "api" })]) }),
      want: [
        {
          text: 'Annotation cloud.google.com/backend-config {"default":"web-bc"} stands on Ingress web, and GKE reads it on Services only; Services api, web are behind it without one.',
          severity: "warning",
          command: "(none)",
        },
      ],
    },
    {
      name: "one Service of two has one",
      given: snapshot({
        ingress: two,
        services: known([configuredService(), service({ name: "api" })]),
        backendConfigs: known([backendConfig()]),
      }),
      want: [
        {
          text: 'Annotation cloud.google.com/backend-config {"default":"web-bc"} stands on Ingress web, and GKE reads it on Services only; Service api is behind it without one.',
          severity: "info",
        },
      ],
    },
  ],
  undecided: [
    {
      name: "Services may not be listed",
      given: snapshot({ ingress: annotated, services: notRead("services") }),
      source: "services",
    },
  ],
});
