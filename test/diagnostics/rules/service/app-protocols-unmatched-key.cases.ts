import appProtocolsUnmatchedKey from "../../../../src/diagnostics/rules/service/app-protocols-unmatched-key.ts";
import { known } from "../../../../src/model/observed.ts";
import { stringMap } from "../../../../src/model/refs.ts";
import type { ServicePort } from "../../../../src/model/service.ts";
import {
  ingress,
  negName,
  notRead,
  servedAnnotations,
  service,
  servicePort,
  snapshot,
} from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

function annotated(protocols: object, state = "Unknown", ...ports: ServicePort[]) {
  const annotations = stringMap({
    "cloud.google.com/neg": '{"ingress":true}',
    "cloud.google.com/app-protocols": JSON.stringify(protocols),
  });
  const backends = JSON.stringify({ [negName("web")]: state });
  return snapshot({
    ingress: ingress({ annotations: servedAnnotations({ "ingress.kubernetes.io/backends": backends }) }),
    services: known([service({ annotations, ports: ports.length === 0 ? [servicePort()] : ports })]),
  });
}

const https = servicePort({ name: "https", port: 443, targetPort: 8443 });
const wanted = (key: string) =>
  `The annotation cloud.google.com/app-protocols of Service web gives ${key} the protocol HTTPS, and no port has that name. The load balancer speaks HTTP to port http (80).`;

export default ruleCases(appProtocolsUnmatchedKey, {
  healthy: [
    { name: "the port's name", given: annotated({ http: "HTTPS" }) },
    {
      name: "an entry for another port",
      given: annotated({ https: "HTTPS" }, "Unknown", servicePort(), https),
    },
    { name: "a stray key that asks for HTTP", given: annotated({ "80": "HTTP" }) },
    {
      name: "a stray key for the number of another port",
      given: annotated({ "443": "HTTPS" }, "Unknown", servicePort(), https),
    },
    {
      name: "the empty name of an unnamed port",
      given: annotated({ "": "HTTPS" }, "Unknown", { port: 80, protocol: "TCP", targetPort: 8443 }),
    },
  ],
  broken: [
    {
      name: "the port's number",
      given: annotated({ "80": "HTTPS" }),
      want: [
        {
          text: wanted("80"),
          subject: "Service/web#metadata.annotations[cloud.google.com/app-protocols]",
          severity: "warning",
          command: `kubectl annotate --overwrite service web -n shop 'cloud.google.com/app-protocols={"http":"HTTPS"}'`,
        },
      ],
    },
    { name: "a misspelt name", given: annotated({ htpt: "HTTPS" }), want: [{ text: wanted("htpt") }] },
    {
      name: "unhealthy, so the missing protocol is felt",
      given: annotated({ "8080": "HTTPS" }, "UNHEALTHY"),
      want: [{ text: wanted("8080"), severity: "error" }],
    },
    {
      name: "healthy over HTTP",
      given: annotated({ web: "HTTPS" }, "HEALTHY"),
      want: [{ text: wanted("web"), severity: "info" }],
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
