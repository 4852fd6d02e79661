import rule from "../../../../src/diagnostics/rules/neg/neg-custom-name-with-ingress.ts";
import { known } from "../../../../src/model/observed.ts";
import { stringMap } from "../../../../src/model/refs.ts";
import {
  freshAnnotations,
  ingress,
  nodePortService,
  notRead,
  service,
  snapshot,
} from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

function annotated(value: string) {
  return known([service({ annotations: stringMap({ "cloud.google.com/neg": value }) })]);
}

const TEXT =
  "Annotation cloud.google.com/neg of Service web sets ingress and gives the NEG of port 80 the name my-neg; the two exclude each other, so the NEG controller refuses the Service.";

export default ruleCases(rule, {
  healthy: [
    { name: "NEGs for Ingresses only", given: snapshot() },
    {
      name: "an exposed port without a name",
      given: snapshot({ services: annotated('{"ingress":true,"exposed_ports":{"80":{}}}') }),
    },
    {
      name: "a named NEG, and none for Ingresses",
      given: snapshot({
        services: known([
          nodePortService({
            annotations: stringMap({ "cloud.google.com/neg": '{"exposed_ports":{"80":{"name":"my-neg"}}}' }),
          }),
        ]),
      }),
    },
    { name: "the Service does not exist", given: snapshot({ services: known([]) }) },
  ],
  broken: [
    {
      name: "both, on a new Service",
      given: snapshot({
        ingress: ingress({ annotations: freshAnnotations(), addresses: [] }),
        services: annotated('{"ingress":true,"exposed_ports":{"8443":{"name":"b"},"80":{"name":"my-neg"}}}'),
        serviceNegs: known([]),
      }),
      want: [
        {
          text: TEXT,
          subject: "Service/web#metadata.annotations[cloud.google.com/neg]",
          severity: "error",
          command: `kubectl annotate --overwrite service web -n shop 'cloud.google.com/neg={"ingress":true,"exposed_ports":{"80":{},"8443":{}}}'`,
        },
      ],
    },
    {
      name: "both, on a Service whose NEGs exist and serve",
      given: snapshot({ services: annotated('{"ingress":true,"exposed_ports":{"80":{"name":"my-neg"}}}') }),
      want: [{ text: TEXT, severity: "warning" }],
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
