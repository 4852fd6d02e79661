import appProtocolsConflict from "../../../../src/diagnostics/rules/service/app-protocols-conflict.ts";
import { known } from "../../../../src/model/observed.ts";
import { stringMap } from "../../../../src/model/refs.ts";
import { ingress, notRead, servedAnnotations, service, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

function annotated(alpha: string | undefined, current: string | undefined) {
  return snapshot({
    services: known([
      service({
        annotations: stringMap({
          "cloud.google.com/neg": '{"ingress":true}',
          "service.alpha.kubernetes.io/app-protocols": alpha,
          "cloud.google.com/app-protocols": current,
        }),
      }),
    ]),
  });
}

const differing = {
  ...annotated('{"http":"HTTP"}', '{"http":"HTTPS"}'),
  ingress: ingress({ annotations: servedAnnotations({ "ingress.kubernetes.io/backends": undefined }) }),
};

export default ruleCases(appProtocolsConflict, {
  healthy: [
    { name: "one annotation", given: annotated(undefined, '{"http":"HTTPS"}') },
    { name: "both alike", given: annotated('{"http":"HTTPS"}', '{"http":"HTTPS"}') },
    { name: "HTTP in words and by default", given: annotated("{}", '{"http":"HTTP"}') },
  ],
  broken: [
    {
      name: "the old one says otherwise",
      given: differing,
      want: [
        {
          text: "Service web gives port http (80) the protocol HTTPS in cloud.google.com/app-protocols and HTTP in service.alpha.kubernetes.io/app-protocols. The load balancer speaks HTTP.",
          subject: "Service/web#metadata.annotations[service.alpha.kubernetes.io/app-protocols]",
          severity: "warning",
          command:
            "kubectl annotate --overwrite service web -n shop service.alpha.kubernetes.io/app-protocols-",
        },
      ],
    },
    {
      name: "and the backend is healthy with it",
      given: annotated('{"http":"HTTP"}', '{"http":"HTTPS"}'),
      want: [
        {
          text: "Service web gives port http (80) the protocol HTTPS in cloud.google.com/app-protocols and HTTP in service.alpha.kubernetes.io/app-protocols. The load balancer speaks HTTP.",
          severity: "info",
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
