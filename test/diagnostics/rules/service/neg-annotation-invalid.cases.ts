import negAnnotationInvalid from "../../../../src/diagnostics/rules/service/neg-annotation-invalid.ts";
import { known } from "../../../../src/model/observed.ts";
import { stringMap } from "../../../../src/model/refs.ts";
import { notRead, service, servicePort, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

function withNeg(annotation: string, type = "ClusterIP", ports = [servicePort({ nodePort: 30080 })]) {
  const annotations = stringMap({ "cloud.google.com/neg": annotation });
  return snapshot({ services: known([service({ annotations, type, ports })]) });
}

export default ruleCases(negAnnotationInvalid, {
  healthy: [
    { name: "readable", given: withNeg('{"ingress": true}') },
    { name: "readable, and off", given: withNeg('{"ingress": false}', "NodePort") },
    { name: "an ExternalName Service, which is another finding", given: withNeg("{", "ExternalName") },
    { name: "a missing port, which comes first", given: withNeg("{", "NodePort", []) },
  ],
  broken: [
    {
      name: "a brace is missing",
      given: withNeg('{"ingress": true'),
      want: [
        {
          text: 'The annotation cloud.google.com/neg {"ingress": true of Service web cannot be read: "," or "}" was expected, and its end stands there. GKE treats it as absent, and a Service of type ClusterIP is then no backend, so no change of this Ingress is applied.',
          subject: "Service/web#metadata.annotations[cloud.google.com/neg]",
          severity: "error",
          command: `kubectl annotate --overwrite service web -n shop 'cloud.google.com/neg={"ingress":true}'`,
        },
      ],
    },
    {
      name: "a quoted boolean",
      given: withNeg('{"ingress": "true"}'),
      want: [
        {
          text: 'The annotation cloud.google.com/neg {"ingress": "true"} of Service web cannot be read: true or false was expected, and the text "true" stands there. GKE treats it as absent, and a Service of type ClusterIP is then no backend, so no change of this Ingress is applied.',
          command: `kubectl annotate --overwrite service web -n shop 'cloud.google.com/neg={"ingress":true}'`,
        },
      ],
    },
    {
      name: "a bare word, where the repaired text has to switch NEGs on",
      given: withNeg("{ingress: false,"),
      want: [
        {
          text: 'The annotation cloud.google.com/neg {ingress: false, of Service web cannot be read: a name in double quotes was expected, and "i" stands there. GKE treats it as absent, and a Service of type ClusterIP is then no backend, so no change of this Ingress is applied.',
          command: `kubectl annotate --overwrite service web -n shop 'cloud.google.com/neg={"ingress":true}'`,
        },
      ],
    },
    {
      name: "a NodePort Service falls back to instance groups",
      given: withNeg("{ingress: true}", "NodePort"),
      want: [
        {
          text: 'The annotation cloud.google.com/neg {ingress: true} of Service web cannot be read: a name in double quotes was expected, and "i" stands there. GKE treats it as absent and sends traffic through node ports instead of network endpoint groups.',
          severity: "warning",
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
