import rule from "../../../../src/diagnostics/rules/health/transparent-health-check-ignored.ts";
import { known } from "../../../../src/model/observed.ts";
import { stringMap } from "../../../../src/model/refs.ts";
import { backendConfig, event, ingress, notRead, service, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import {
  nodePortService,
  reportedNodePort,
  unhealthy,
  unusedConfig,
  webAnnotations,
} from "../../../support/unhealthy.ts";

const KEY = "networking.gke.io/transparent-health-checker";
const asking = (text = '{"enabled":true}') =>
  known([service({ annotations: webAnnotations({ [KEY]: text }) })]);

const switchedOff = event({
  type: "Warning",
  reason: "THCAnnotationWithoutFlag",
  message: "THC annotation present, but the flag is off",
  about: { kind: "Service", namespace: "shop", name: "web", uid: "uid-service-web" },
});

export default ruleCases(rule, {
  healthy: [
    { name: "no annotation", given: unusedConfig },
    { name: "switched off", given: snapshot({ services: asking('{"enabled":false}') }) },
    { name: "nothing stands against it", given: snapshot({ services: asking() }) },
    {
      name: "an Event about another Service",
      given: snapshot({
        services: asking(),
        events: known([{ ...switchedOff, about: { ...switchedOff.about, name: "api", uid: "uid-other" } }]),
      }),
    },
  ],
  broken: [
    {
      name: "a missing brace",
      given: snapshot({ services: asking('{"enabled":true') }),
      want: [
        {
          text: `The annotation ${KEY} {"enabled":true of Service web cannot be read: "," or "}" was expected, and its end stands there. GKE ignores it.`,
          subject: `Service/web#metadata.annotations[${KEY}]`,
          severity: "info",
          command: `kubectl annotate --overwrite service web -n shop '${KEY}={"enabled":true}'`,
        },
      ],
    },
    {
      name: "instance groups, and the backend is unhealthy",
      given: unhealthy({
        ingress: reportedNodePort("UNHEALTHY"),
        services: known([nodePortService({ annotations: stringMap({ [KEY]: '{"enabled":true}' }) })]),
      }),
      want: [
        {
          text: "Service web asks for transparent health checks and is reached through instance groups, so GKE ignores the annotation.",
          severity: "warning",
          command: `kubectl annotate --overwrite service web -n shop ${KEY}-`,
        },
      ],
    },
    {
      name: "a health check in the BackendConfig",
      given: snapshot({
        services: known([
          service({
            annotations: webAnnotations({
              [KEY]: '{"enabled":true}',
              "cloud.google.com/backend-config": '{"default":"web-bc"}',
            }),
          }),
        ]),
        backendConfigs: known([backendConfig({ healthCheck: { requestPath: "/ready" } })]),
      }),
      want: [
        {
          text: "Service web asks for transparent health checks, and the health check in BackendConfig web-bc takes their place.",
        },
      ],
    },
    {
      name: "a cluster without the feature",
      given: snapshot({ ingress: ingress(), services: asking(), events: known([switchedOff]) }),
      want: [
        {
          text: "Service web asks for transparent health checks, and the controller reports that the cluster does not have them.",
        },
      ],
    },
  ],
  undecided: [
    {
      name: "Events may not be listed",
      given: snapshot({ services: asking(), events: notRead("events") }),
      source: "events",
    },
  ],
});
