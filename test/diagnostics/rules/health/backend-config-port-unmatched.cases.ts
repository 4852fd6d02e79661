import rule from "../../../../src/diagnostics/rules/health/backend-config-port-unmatched.ts";
import { known } from "../../../../src/model/observed.ts";
import { backendConfig, NOW, notRead, service, servicePort, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { podsWith, unanswered, unhealthy, unprobed, webAnnotations } from "../../../support/unhealthy.ts";

function annotated(text: string, ports = [servicePort()]) {
  const annotations = webAnnotations({ "cloud.google.com/backend-config": text });
  return {
    services: known([service({ annotations, ports })]),
    backendConfigs: known([backendConfig({ healthCheck: { requestPath: "/ready" } })]),
  };
}

const twoPorts = [servicePort(), servicePort({ name: "admin", port: 9090, targetPort: 9090 })];
const byTargetPort = annotated('{"ports":{"8080":"web-bc"}}');

export default ruleCases(rule, {
  healthy: [
    { name: "the kubelet asks the same and is answered, which is another finding", given: unanswered },
    { name: "no annotation", given: snapshot() },
    { name: "the key is the port's name", given: snapshot(annotated('{"ports":{"http":"web-bc"}}')) },
    { name: "the key is the port's number", given: snapshot(annotated('{"ports":{"80":"web-bc"}}')) },
    {
      name: "the key is another port of the Service",
      given: snapshot(annotated('{"ports":{"admin":"web-bc"}}', twoPorts)),
    },
    {
      name: "a default serves the port",
      given: snapshot(annotated('{"default":"web-bc","ports":{"8080":"gone"}}')),
    },
  ],
  broken: [
    {
      name: "the key is the target port, and the default health check fails",
      given: unhealthy({ ...byTargetPort, ...podsWith(unprobed()) }),
      want: [
        {
          text: "The annotation cloud.google.com/backend-config of Service web gives BackendConfig web-bc to port 8080, and the Service has http (80); the health check that it asks for is not made for port http (80), and the default one passes on no endpoint, while the containers of 2 pods are ready.",
          subject: "Service/web#metadata.annotations[cloud.google.com/backend-config]",
          severity: "error",
          command:
            'kubectl annotate --overwrite service web -n shop \'cloud.google.com/backend-config={"ports":{"http":"web-bc"}}\'',
        },
      ],
    },
    {
      name: "the annotation is new, so health says nothing yet",
      given: unhealthy({
        services: known([
          service({
            annotations: webAnnotations({ "cloud.google.com/backend-config": '{"ports":{"8080":"web-bc"}}' }),
            changedAt: NOW - 60_000,
          }),
        ]),
        backendConfigs: byTargetPort.backendConfigs,
        ...podsWith(unprobed()),
      }),
      want: [
        {
          text: "The annotation cloud.google.com/backend-config of Service web gives BackendConfig web-bc to port 8080, and the Service has http (80); port http (80) therefore has no BackendConfig.",
          severity: "warning",
        },
      ],
    },
    {
      name: "the backend is healthy without it",
      given: snapshot(annotated('{"ports":{"web":"web-bc"}}')),
      want: [
        {
          text: "The annotation cloud.google.com/backend-config of Service web gives BackendConfig web-bc to port web, and the Service has http (80); port http (80) therefore has no BackendConfig.",
          severity: "warning",
          command:
            'kubectl annotate --overwrite service web -n shop \'cloud.google.com/backend-config={"ports":{"http":"web-bc"}}\'',
        },
      ],
    },
    {
      name: "which port was meant does not show",
      given: snapshot(annotated('{"ports":{"metrics":"web-bc"}}', twoPorts)),
      want: [
        {
          text: "The annotation cloud.google.com/backend-config of Service web gives BackendConfig web-bc to port metrics, and the Service has http (80), admin (9090); port http (80) therefore has no BackendConfig.",
          command: "(none)",
        },
      ],
    },
  ],
  undecided: [
    {
      name: "pods may not be listed, and the backend is unhealthy",
      given: unhealthy({ pods: notRead("pods") }),
      source: "pods",
    },
  ],
});
