import rule from "../../../../src/diagnostics/rules/health/default-timeout.ts";
import { known } from "../../../../src/model/observed.ts";
import {
  backendConfig,
  ingress,
  notRead,
  servedAnnotations,
  service,
  servicePort,
  slice,
  snapshot,
} from "../../../support/builders.ts";
import { backendService, live } from "../../../support/load-balancers.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { configuredService, newConfigWith } from "../../../support/unhealthy.ts";

function asking(seconds: string) {
  const key = "nginx.ingress.kubernetes.io/proxy-read-timeout";
  return ingress({ annotations: servedAnnotations({ [key]: seconds }) });
}

export default ruleCases(rule, {
  healthy: [
    { name: "nothing asks for long requests", given: snapshot() },
    { name: "an annotation within 30 seconds", given: snapshot({ ingress: asking("30") }) },
    { name: "an annotation that is no number", given: snapshot({ ingress: asking("long") }) },
    {
      name: "a timeout that was set on the backend service",
      given: live(
        { backendServices: known([backendService({ timeoutSec: 3600 })]) },
        { ingress: asking("600") },
      ),
    },
    {
      name: "a BackendConfig with a timeout",
      given: snapshot({
        ingress: asking("3600"),
        services: known([configuredService()]),
        backendConfigs: known([backendConfig({ timeoutSec: 3600 })]),
      }),
    },
  ],
  broken: [
    {
      name: "Google's own timeout, which is too short, too",
      given: live(
        { backendServices: known([backendService({ timeoutSec: 60 })]) },
        { ingress: asking("600") },
      ),
      want: [
        {
          text: "Requests to Service web, port http (80), end after 60 s, as backend service k8s1-7c1e09d2-shop-web-80-0badc0de says and no BackendConfig sets, while annotation nginx.ingress.kubernetes.io/proxy-read-timeout of the Ingress asks for 600 s.",
        },
      ],
    },
    {
      name: "an annotation of ingress-nginx",
      given: snapshot({ ingress: asking("600") }),
      want: [
        {
          text: "Requests to Service web, port http (80), end after 30 s, since no BackendConfig sets spec.timeoutSec, while annotation nginx.ingress.kubernetes.io/proxy-read-timeout of the Ingress asks for 600 s.",
          subject: "Service/web",
          severity: "info",
          command: newConfigWith({ timeoutSec: 600 }),
        },
      ],
    },
    {
      name: "a port for WebSockets and a BackendConfig without a timeout",
      given: snapshot({
        services: known([
          configuredService({ ports: [servicePort({ name: "ws", appProtocol: "kubernetes.io/ws" })] }),
        ]),
        endpointSlices: known([slice({ ports: [{ name: "ws", port: 8080, protocol: "TCP" }] })]),
        backendConfigs: known([backendConfig()]),
      }),
      want: [
        {
          text: "Requests to Service web, port ws (80), end after 30 s, since no BackendConfig sets spec.timeoutSec, while the appProtocol of the port is kubernetes.io/ws.",
          subject: "BackendConfig/web-bc#spec.timeoutSec",
          patch: '{"spec":{"timeoutSec":3600}}',
        },
      ],
    },
    {
      name: "a port named for WebSockets",
      given: snapshot({
        services: known([service({ ports: [servicePort({ name: "http-websocket" })] })]),
      }),
      want: [
        {
          text: "Requests to Service web, port http-websocket (80), end after 30 s, since no BackendConfig sets spec.timeoutSec, while the port is named http-websocket.",
        },
      ],
    },
  ],
  undecided: [
    {
      name: "BackendConfigs may not be listed",
      given: snapshot({
        ingress: asking("600"),
        services: known([configuredService()]),
        backendConfigs: notRead("backendConfigs"),
      }),
      source: "backendConfigs",
    },
  ],
});
