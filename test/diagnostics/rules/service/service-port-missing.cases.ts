import servicePortMissing from "../../../../src/diagnostics/rules/service/service-port-missing.ts";
import { known } from "../../../../src/model/observed.ts";
import {
  ingress,
  notRead,
  path,
  rule,
  service,
  servicePort,
  snapshot,
  toService,
} from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

function naming(port: number | string, ...ports: ReturnType<typeof servicePort>[]) {
  const hasNodePorts = ports.some(({ nodePort }) => nodePort !== undefined);
  return snapshot({
    ingress: ingress({
      rules: [rule("shop.example.com", path("/", "web", { backend: toService("web", port) }))],
    }),
    services: known([service({ type: hasNodePorts ? "NodePort" : "ClusterIP", ports })]),
  });
}

const unnamed = { port: 80, protocol: "TCP", targetPort: 8080 };

export default ruleCases(servicePortMissing, {
  healthy: [
    { name: "by number", given: naming(80, servicePort()) },
    { name: "by name", given: naming("http", servicePort()) },
    { name: "number of an unnamed port", given: naming(80, unnamed) },
    { name: "the Service is missing, which is another finding", given: snapshot({ services: known([]) }) },
  ],
  broken: [
    {
      name: "a name that nothing resembles, beside one port",
      given: naming("https", servicePort({ name: "web" })),
      want: [
        {
          text: "spec.rules[0].http.paths[0] names port https of Service web, which declares web (80). No change of this Ingress is applied.",
          subject: "Ingress/web#spec.rules[0].http.paths[0]",
          severity: "error",
          command: `kubectl patch ingress web -n shop --type=json -p '[{"op":"test","path":"/spec/rules/0/http/paths/0/backend/service/name","value":"web"},{"op":"add","path":"/spec/rules/0/http/paths/0/backend/service/port","value":{"name":"web"}}]'`,
        },
      ],
    },
    {
      name: "a number that an unnamed port does not have",
      given: naming(8081, unnamed, servicePort({ name: "metrics", port: 9090, targetPort: 9090 })),
      want: [
        {
          text: "spec.rules[0].http.paths[0] names port 8081 of Service web, which declares 80, metrics (9090). No change of this Ingress is applied.",
          command: "(none)",
        },
      ],
    },
    {
      name: "the container port",
      given: naming(8080, servicePort(), servicePort({ name: "metrics", port: 9090, targetPort: 9090 })),
      want: [
        {
          text: "spec.rules[0].http.paths[0] names port 8080 of Service web, which has no such port: 8080 is the target port of its port http (80). No change of this Ingress is applied.",
          command: `kubectl patch ingress web -n shop --type=json -p '[{"op":"test","path":"/spec/rules/0/http/paths/0/backend/service/name","value":"web"},{"op":"add","path":"/spec/rules/0/http/paths/0/backend/service/port","value":{"number":80}}]'`,
        },
      ],
    },
    {
      name: "the node port",
      given: naming(30080, servicePort({ nodePort: 30080 })),
      want: [
        {
          text: "spec.rules[0].http.paths[0] names port 30080 of Service web, which has no such port: 30080 is the node port of its port http (80). No change of this Ingress is applied.",
        },
      ],
    },
    {
      name: "a Service without ports",
      given: naming(80),
      want: [
        {
          text: "spec.rules[0].http.paths[0] names port 80 of Service web, which declares no port. No change of this Ingress is applied.",
          command: "(none)",
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
