import ingressClassOtherController from "../../../../src/diagnostics/rules/ingress/ingress-class-other-controller.ts";
import { known } from "../../../../src/model/observed.ts";
import { event, notRead, snapshot } from "../../../support/builders.ts";
import { leftoversOf, ofClass, untouched } from "../../../support/ingress-classes.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

const text = (value: string, owner: string) =>
  `Ingress web has class ${value}, which is ${owner}'s, so GKE leaves it alone, and no other controller has given it an address.`;

export default ruleCases(ingressClassOtherController, {
  healthy: [
    { name: "class gce", given: snapshot() },
    {
      name: "class nginx, served",
      given: snapshot({ ingress: ofClass("nginx", { addresses: ["203.0.113.7"] }) }),
    },
    {
      name: "class nginx, whose controller has seen it",
      given: snapshot({
        ingress: ofClass("nginx"),
        events: known([event({ component: "nginx-ingress-controller" })]),
      }),
    },
    {
      name: "class alb, whose controller guards it",
      given: snapshot({
        ingress: ofClass("alb", { finalizers: ["ingress.k8s.aws/resources"] }),
        events: known([]),
      }),
    },
    { name: "a class of nobody, which is another finding", given: snapshot({ ingress: ofClass("edge") }) },
    {
      name: "an Ingress that GKE has given up, which is another finding",
      given: snapshot({ ingress: untouched(leftoversOf("nginx")) }),
    },
  ],
  broken: [
    {
      name: "class nginx that nobody serves",
      given: snapshot({ ingress: ofClass("nginx"), events: known([]) }),
      want: [
        {
          text: text("nginx", "ingress-nginx"),
          subject: "Ingress/web#metadata.annotations[kubernetes.io/ingress.class]",
          severity: "warning",
        },
      ],
    },
    {
      name: "class traefik in the field, with Events of a tool that serves nothing",
      given: snapshot({
        ingress: untouched({}, { className: "traefik-internal" }),
        events: known([event({ component: "cert-manager-ingress-shim" })]),
      }),
      want: [{ text: text("traefik-internal", "Traefik"), subject: "Ingress/web#spec.ingressClassName" }],
    },
  ],
  undecided: [
    {
      name: "Events may not be listed",
      given: snapshot({ ingress: ofClass("nginx"), events: notRead("events") }),
      source: "events",
    },
  ],
});
