import ingressClassNameIgnored from "../../../../src/diagnostics/rules/ingress/ingress-class-name-ignored.ts";
import { snapshot } from "../../../support/builders.ts";
import { leftoversOf, ofClass, untouched } from "../../../support/ingress-classes.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

export default ruleCases(ingressClassNameIgnored, {
  healthy: [
    { name: "the annotation", given: snapshot() },
    {
      name: "the annotation and the field",
      given: snapshot({ ingress: ofClass("gce", { className: "gce" }) }),
    },
    { name: "no class at all", given: snapshot({ ingress: untouched({}) }) },
    {
      name: "a class of another controller",
      given: snapshot({ ingress: untouched({}, { className: "nginx" }) }),
    },
    {
      name: "an Ingress that somebody serves",
      given: snapshot({ ingress: untouched({}, { className: "gce", addresses: ["203.0.113.7"] }) }),
    },
    {
      name: "an Ingress that GKE has given up, which is another finding",
      given: snapshot({ ingress: untouched(leftoversOf(""), { className: "gce" }) }),
    },
  ],
  broken: [
    {
      name: "class gce in the field only",
      given: snapshot({ ingress: untouched({}, { className: "gce" }) }),
      want: [
        {
          text: "Ingress web names class gce in spec.ingressClassName only; GKE reads the annotation kubernetes.io/ingress.class instead, so it builds no load balancer for it.",
          subject: "Ingress/web#spec.ingressClassName",
          severity: "error",
          command: `kubectl patch ingress web -n shop --type=merge -p '{"metadata":{"annotations":{"kubernetes.io/ingress.class":"gce"}},"spec":{"ingressClassName":null}}'`,
        },
      ],
    },
    {
      name: "an internal class beside an empty annotation",
      given: snapshot({ ingress: ofClass("", { className: "gce-internal" }) }),
      want: [
        {
          text: "Ingress web names class gce-internal in spec.ingressClassName only; GKE reads the annotation kubernetes.io/ingress.class instead, so it builds no load balancer for it.",
        },
      ],
    },
  ],
  undecided: [],
});
