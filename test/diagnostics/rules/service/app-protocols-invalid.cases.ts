import appProtocolsInvalid from "../../../../src/diagnostics/rules/service/app-protocols-invalid.ts";
import { known } from "../../../../src/model/observed.ts";
import { stringMap } from "../../../../src/model/refs.ts";
import { notRead, service, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

function annotated(value: string, key = "cloud.google.com/app-protocols") {
  const annotations = stringMap({ "cloud.google.com/neg": '{"ingress":true}', [key]: value });
  return snapshot({ services: known([service({ annotations })]) });
}

export default ruleCases(appProtocolsInvalid, {
  healthy: [
    { name: "no annotation", given: snapshot() },
    { name: "HTTP2", given: annotated('{"http":"HTTP2"}') },
    { name: "a key that names no port is valid", given: annotated('{"8443":"HTTPS"}') },
  ],
  broken: [
    {
      name: "lower case",
      given: annotated('{"http":"https"}'),
      want: [
        {
          text: 'The annotation cloud.google.com/app-protocols {"http":"https"} of Service web cannot be used: "https" is none of HTTP, HTTPS, HTTP2. No change of this Ingress is applied.',
          subject: "Service/web#metadata.annotations[cloud.google.com/app-protocols]",
          severity: "error",
          command: `kubectl annotate --overwrite service web -n shop 'cloud.google.com/app-protocols={"http":"HTTPS"}'`,
        },
      ],
    },
    {
      name: "gRPC, in the old annotation",
      given: annotated('{"http":"GRPC"}', "service.alpha.kubernetes.io/app-protocols"),
      want: [
        {
          text: 'The annotation service.alpha.kubernetes.io/app-protocols {"http":"GRPC"} of Service web cannot be used: "GRPC" is none of HTTP, HTTPS, HTTP2. No change of this Ingress is applied.',
          command: `kubectl annotate --overwrite service web -n shop 'service.alpha.kubernetes.io/app-protocols={"http":"HTTP2"}'`,
        },
      ],
    },
    {
      name: "HTTP/2 without TLS, which there is none of",
      given: annotated('{"http":"H2C"}'),
      want: [
        {
          text: 'The annotation cloud.google.com/app-protocols {"http":"H2C"} of Service web cannot be used: "H2C" is none of HTTP, HTTPS, HTTP2. No change of this Ingress is applied.',
          command: "(none)",
        },
      ],
    },
    {
      name: "a bare word, which is taken for the port's protocol",
      given: annotated("https"),
      want: [
        {
          text: 'The annotation cloud.google.com/app-protocols https of Service web cannot be used: a value was expected, and "h" stands there. No change of this Ingress is applied.',
          command: `kubectl annotate --overwrite service web -n shop 'cloud.google.com/app-protocols={"http":"HTTPS"}'`,
        },
      ],
    },
    {
      name: "no JSON",
      given: annotated("{http: HTTPS}"),
      want: [
        {
          text: 'The annotation cloud.google.com/app-protocols {http: HTTPS} of Service web cannot be used: a name in double quotes was expected, and "h" stands there. No change of this Ingress is applied.',
          command: `kubectl annotate --overwrite service web -n shop 'cloud.google.com/app-protocols={"http":"HTTPS"}'`,
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
