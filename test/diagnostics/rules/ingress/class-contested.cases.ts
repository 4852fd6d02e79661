import classContested from "../../../../src/diagnostics/rules/ingress/class-contested.ts";
import { known } from "../../../../src/model/observed.ts";
import { event, ingress, notRead, servedAnnotations, snapshot } from "../../../support/builders.ts";
import { ofClass } from "../../../support/ingress-classes.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

const withoutClass = servedAnnotations({ "kubernetes.io/ingress.class": undefined });
const nginx = event({ component: "nginx-ingress-controller" });

export default ruleCases(classContested, {
  healthy: [
    {
      name: "no class, and only GKE at work",
      given: snapshot({ ingress: ingress({ annotations: withoutClass }) }),
    },
    {
      name: "class gce beside Events of another controller",
      given: snapshot({ events: known([event(), nginx]) }),
    },
    {
      name: "no class, and tools that serve no traffic",
      given: snapshot({
        ingress: ingress({ annotations: withoutClass }),
        events: known([event(), event({ component: "cert-manager-ingress-shim" })]),
      }),
    },
    { name: "another class", given: snapshot({ ingress: ofClass("nginx"), events: known([nginx]) }) },
  ],
  broken: [
    {
      name: "Events of another controller",
      given: snapshot({ ingress: ingress({ annotations: withoutClass }), events: known([event(), nginx]) }),
      want: [
        {
          text: "Ingress web has no class, so GKE takes it, and another controller has left Events of nginx-ingress-controller on it; both write its address.",
          subject: "Ingress/web",
          severity: "warning",
          command: "kubectl annotate --overwrite ingress web -n shop kubernetes.io/ingress.class=gce",
        },
      ],
    },
    {
      name: "a host name in the status and a foreign finalizer",
      given: snapshot({
        ingress: ingress({
          annotations: withoutClass,
          addresses: ["k8s-shop-web.elb.amazonaws.com"],
          finalizers: ["ingress.k8s.aws/resources"],
        }),
      }),
      want: [
        {
          text: "Ingress web has no class, so GKE takes it, and another controller has left finalizer ingress.k8s.aws/resources, host name k8s-shop-web.elb.amazonaws.com in the status on it; both write its address.",
        },
      ],
    },
  ],
  undecided: [
    {
      name: "Events may not be listed",
      given: snapshot({ ingress: ingress({ annotations: withoutClass }), events: notRead("events") }),
      source: "events",
    },
  ],
});
