import ingressClassChanged from "../../../../src/diagnostics/rules/ingress/ingress-class-changed.ts";
import { stringMap } from "../../../../src/model/refs.ts";
import { ingress, snapshot } from "../../../support/builders.ts";
import { leftoversOf, ofClass, untouched } from "../../../support/ingress-classes.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

const LEFT = "ingress.kubernetes.io/backends, ingress.kubernetes.io/url-map";

export default ruleCases(ingressClassChanged, {
  healthy: [
    { name: "class gce", given: snapshot() },
    { name: "another class that never was GKE's", given: snapshot({ ingress: ofClass("edge") }) },
    {
      name: "an annotation of another controller with GKE's prefix",
      given: snapshot({
        ingress: ingress({
          annotations: stringMap({
            "kubernetes.io/ingress.class": "nginx",
            "ingress.kubernetes.io/ssl-redirect": "true",
          }),
          finalizers: [],
        }),
      }),
    },
  ],
  broken: [
    {
      name: "the old address of a load balancer that is gone",
      given: snapshot({ ingress: untouched(leftoversOf("none"), { addresses: ["203.0.113.7"] }) }),
      want: [
        {
          text: `Ingress web has class none, which is none of GKE's, but still carries ${LEFT} from GKE; GKE deletes the load balancer of such an Ingress, so only its old address 203.0.113.7 is left.`,
          subject: "Ingress/web#metadata.annotations",
          severity: "error",
          command: "kubectl annotate --overwrite ingress web -n shop kubernetes.io/ingress.class=gce",
        },
      ],
    },
    {
      name: "a class that only the field names now, before the finalizer is gone",
      given: snapshot({
        ingress: untouched({}, { className: "gce", finalizers: ["networking.gke.io/ingress-finalizer-V2"] }),
      }),
      want: [
        {
          text: "Ingress web has class gce, which is none of GKE's, but still carries networking.gke.io/ingress-finalizer-V2 from GKE; GKE deletes the load balancer of such an Ingress, so nothing serves it.",
          command: `kubectl patch ingress web -n shop --type=merge -p '{"metadata":{"annotations":{"kubernetes.io/ingress.class":"gce"}},"spec":{"ingressClassName":null}}'`,
        },
      ],
    },
    {
      name: "an address that another controller may have written",
      given: snapshot({ ingress: untouched(leftoversOf("nginx"), { addresses: ["203.0.113.7"] }) }),
      want: [
        {
          text: `Ingress web has class nginx of ingress-nginx, but still carries ${LEFT} from GKE; address 203.0.113.7 is GKE's old one unless ingress-nginx has replaced it.`,
          severity: "warning",
        },
      ],
    },
  ],
  undecided: [],
});
