import rule from "../../../../src/diagnostics/rules/neg/neg-exposed-port-missing.ts";
import { known } from "../../../../src/model/observed.ts";
import { stringMap } from "../../../../src/model/refs.ts";
import {
  freshAnnotations,
  ingress,
  nodePortService,
  notRead,
  service,
  servicePort,
  snapshot,
} from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

const annotations = (value: string) => stringMap({ "cloud.google.com/neg": value });
const unserved = {
  ingress: ingress({ annotations: freshAnnotations(), addresses: [] }),
  serviceNegs: known([]),
};

export default ruleCases(rule, {
  healthy: [
    { name: "no port is exposed", given: snapshot() },
    {
      name: "a declared port is exposed",
      given: snapshot({
        services: known([service({ annotations: annotations('{"exposed_ports":{"80":{}}}') })]),
      }),
    },
    { name: "the Service does not exist", given: snapshot({ services: known([]) }) },
  ],
  broken: [
    {
      name: "the target port is exposed instead of the Service port",
      given: snapshot({
        ...unserved,
        services: known([
          service({
            annotations: annotations('{"ingress":true,"exposed_ports":{"8080":{}}}'),
            ports: [servicePort(), servicePort({ name: "admin", port: 9000, targetPort: 9000 })],
          }),
        ]),
      }),
      want: [
        {
          text: "Annotation cloud.google.com/neg of Service web exposes port 8080, and the Service declares http (80), admin (9000), so the NEG controller refuses the Service.",
          subject: "Service/web#metadata.annotations[cloud.google.com/neg]",
          severity: "error",
          command: `kubectl annotate --overwrite service web -n shop 'cloud.google.com/neg={"ingress":true,"exposed_ports":{"80":{}}}'`,
        },
      ],
    },
    {
      name: "a standalone NEG beside the instance group of the Ingress",
      given: snapshot({
        services: known([
          nodePortService({ annotations: annotations('{"exposed_ports":{"443":{"name":"my-neg"}}}') }),
        ]),
      }),
      want: [
        {
          text: "Annotation cloud.google.com/neg of Service web exposes port 443, and the Service declares http (80), so the NEG controller refuses the Service.",
          severity: "warning",
          command: `kubectl annotate --overwrite service web -n shop 'cloud.google.com/neg={"exposed_ports":{"80":{"name":"my-neg"}}}'`,
        },
      ],
    },
    {
      name: "which port was meant cannot be told, so it is left out",
      given: snapshot({
        services: known([
          service({
            annotations: annotations('{"ingress":true,"exposed_ports":{"443":{},"444":{}}}'),
            ports: [servicePort(), servicePort({ name: "admin", port: 9000, targetPort: 9000 })],
          }),
        ]),
      }),
      want: [
        {
          text: "Annotation cloud.google.com/neg of Service web exposes port 443, and the Service declares http (80), admin (9000), so the NEG controller refuses the Service.",
          severity: "warning",
          command: `kubectl annotate --overwrite service web -n shop 'cloud.google.com/neg={"ingress":true}'`,
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
