import clusterIpWithoutNeg from "../../../../src/diagnostics/rules/service/cluster-ip-without-neg.ts";
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

function withNeg(annotation: string | undefined, type = "ClusterIP", uid = "uid-service-web") {
  const annotations = stringMap(annotation === undefined ? {} : { "cloud.google.com/neg": annotation });
  return snapshot({
    services: known([service({ uid, annotations, type, ports: [servicePort({ nodePort: 30080 })] })]),
  });
}

export default ruleCases(clusterIpWithoutNeg, {
  healthy: [
    { name: "with the annotation", given: withNeg('{"ingress": true}') },
    { name: "the annotation in Go's spelling", given: withNeg('{"Ingress":true}') },
    { name: "a NodePort Service", given: withNeg(undefined, "NodePort") },
    { name: "a LoadBalancer Service", given: withNeg('{"ingress": false}', "LoadBalancer") },
    { name: "an unreadable annotation, which is another finding", given: withNeg('{"ingress": true') },
    { name: "an ExternalName Service, which is another finding", given: withNeg(undefined, "ExternalName") },
    {
      name: "an internal Ingress, which is another finding",
      given: {
        ...withNeg(undefined),
        ingress: ingress({
          annotations: freshAnnotations({ "kubernetes.io/ingress.class": "gce-internal" }),
        }),
      },
    },
  ],
  broken: [
    {
      name: "no annotation",
      given: withNeg(undefined),
      want: [
        {
          text: "Service web is of type ClusterIP and has no annotation cloud.google.com/neg, so it has neither network endpoint groups nor node ports. No change of this Ingress is applied.",
          subject: "Service/web#metadata.annotations[cloud.google.com/neg]",
          severity: "error",
          command: `kubectl annotate --overwrite service web -n shop 'cloud.google.com/neg={"ingress":true}'`,
        },
      ],
    },
    {
      name: "ingress false",
      given: withNeg('{"ingress": false}'),
      want: [
        {
          text: 'Service web is of type ClusterIP, and its annotation cloud.google.com/neg {"ingress": false} does not switch on NEGs for Ingresses. No change of this Ingress is applied.',
          command: `kubectl annotate --overwrite service web -n shop 'cloud.google.com/neg={"ingress":true}'`,
        },
      ],
    },
    {
      name: "a standalone NEG only; the fix keeps it",
      given: withNeg('{"exposed_ports": {"80":{}}}'),
      want: [
        {
          text: 'Service web is of type ClusterIP, and its annotation cloud.google.com/neg {"exposed_ports": {"80":{}}} does not switch on NEGs for Ingresses. No change of this Ingress is applied.',
          command: `kubectl annotate --overwrite service web -n shop 'cloud.google.com/neg={"ingress":true,"exposed_ports":{"80":{}}}'`,
        },
      ],
    },
    {
      name: "a named standalone NEG, which excludes NEGs for Ingresses",
      given: withNeg('{"exposed_ports":{"80":{"name":"web-neg"}}}'),
      want: [
        {
          text: 'Service web is of type ClusterIP, and its annotation cloud.google.com/neg {"exposed_ports":{"80":{"name":"web-neg"}}} does not switch on NEGs for Ingresses. No change of this Ingress is applied.',
          command: "(none)",
        },
      ],
    },
    {
      name: "a manifest that was never applied, which many clusters complete",
      given: withNeg(undefined, "ClusterIP", ""),
      want: [
        {
          text: "Service web is of type ClusterIP and has no annotation cloud.google.com/neg, so it has neither network endpoint groups nor node ports. No change of this Ingress is applied.",
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
