import appProtocolFieldIgnored from "../../../../src/diagnostics/rules/service/app-protocol-field-ignored.ts";
import { known } from "../../../../src/model/observed.ts";
import { stringMap } from "../../../../src/model/refs.ts";
import { notRead, service, servicePort, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

function field(appProtocol: string, protocols?: string) {
  const annotations = stringMap({
    "cloud.google.com/neg": '{"ingress":true}',
    "cloud.google.com/app-protocols": protocols,
  });
  return snapshot({ services: known([service({ annotations, ports: [servicePort({ appProtocol })] })]) });
}

export default ruleCases(appProtocolFieldIgnored, {
  healthy: [
    { name: "no field", given: snapshot() },
    { name: "http, which GKE speaks anyway", given: field("http") },
    { name: "a protocol that GKE Ingress has no word for", given: field("constructor") },
    { name: "the annotation says it, too", given: field("https", '{"http":"HTTPS"}') },
  ],
  broken: [
    {
      name: "https",
      given: field("HTTPS"),
      want: [
        {
          text: "Port http (80) of Service web has appProtocol HTTPS, which GKE Ingress does not read. The load balancer speaks HTTP to it.",
          subject: "Service/web#spec.ports[0].appProtocol",
          severity: "info",
          command: `kubectl annotate --overwrite service web -n shop 'cloud.google.com/app-protocols={"http":"HTTPS"}'`,
        },
      ],
    },
    {
      name: "an annotation for other ports is not overwritten",
      given: field("grpc", '{"admin":"HTTPS"}'),
      want: [
        {
          text: "Port http (80) of Service web has appProtocol grpc, which GKE Ingress does not read. The load balancer speaks HTTP to it.",
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
