import internalServiceWithoutNeg from "../../../../src/diagnostics/rules/service/internal-service-without-neg.ts";
import { known } from "../../../../src/model/observed.ts";
import { stringMap } from "../../../../src/model/refs.ts";
import {
  freshAnnotations,
  ingress,
  notRead,
  service,
  servicePort,
  snapshot,
} from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

function internal(annotation: string | undefined, type: string, ingressClass = "gce-internal") {
  const annotations = stringMap(annotation === undefined ? {} : { "cloud.google.com/neg": annotation });
  return snapshot({
    ingress: ingress({ annotations: freshAnnotations({ "kubernetes.io/ingress.class": ingressClass }) }),
    services: known([service({ annotations, type, ports: [servicePort({ nodePort: 30080 })] })]),
  });
}

export default ruleCases(internalServiceWithoutNeg, {
  healthy: [
    { name: "with the annotation", given: internal('{"ingress":true}', "ClusterIP") },
    { name: "an external Ingress on node ports", given: internal(undefined, "NodePort", "gce") },
    {
      name: "a standalone NEG, which has the name that the Ingress looks for",
      given: internal('{"exposed_ports":{"80":{}}}', "NodePort"),
    },
    { name: "an unreadable annotation, which is another finding", given: internal("{", "NodePort") },
    { name: "an ExternalName Service, which is another finding", given: internal(undefined, "ExternalName") },
  ],
  broken: [
    {
      name: "a ClusterIP Service",
      given: internal(undefined, "ClusterIP"),
      want: [
        {
          text: "Service web of type ClusterIP has no annotation cloud.google.com/neg. Ingress class gce-internal needs network endpoint groups, so no change of this Ingress is applied.",
          subject: "Service/web#metadata.annotations[cloud.google.com/neg]",
          severity: "error",
          command: `kubectl annotate --overwrite service web -n shop 'cloud.google.com/neg={"ingress":true}'`,
        },
      ],
    },
    {
      name: "a NodePort Service, which passes translation and waits for ever",
      given: internal(undefined, "NodePort", "gce-regional-external"),
      want: [
        {
          text: "Service web of type NodePort has no annotation cloud.google.com/neg. Ingress class gce-regional-external needs network endpoint groups, so no change of this Ingress is applied.",
        },
      ],
    },
    {
      name: "the annotation says no",
      given: internal('{"ingress":false}', "NodePort"),
      want: [
        {
          text: 'Service web of type NodePort has the annotation cloud.google.com/neg {"ingress":false}, which does not switch on NEGs for Ingresses. Ingress class gce-internal needs them, so no change of this Ingress is applied.',
        },
      ],
    },
  ],
  undecided: [
    {
      name: "Services may not be listed",
      given: { ...internal(undefined, "ClusterIP"), services: notRead("services") },
      source: "services",
    },
  ],
});
