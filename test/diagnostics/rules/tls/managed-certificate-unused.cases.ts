import rule from "../../../../src/diagnostics/rules/tls/managed-certificate-unused.ts";
import { snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { annotated } from "../../../support/tls-ingress.ts";

const certificates = { "networking.gke.io/managed-certificates": "web-cert" };
const ofClass = (name: string) =>
  snapshot({ ingress: annotated({ ...certificates, "kubernetes.io/ingress.class": name }) });

export default ruleCases(rule, {
  healthy: [
    { name: "an external Ingress", given: ofClass("gce") },
    {
      name: "another class without managed certificates",
      given: snapshot({ ingress: annotated({ "kubernetes.io/ingress.class": "nginx" }) }),
    },
  ],
  broken: [
    {
      name: "an internal Ingress",
      given: ofClass("gce-internal"),
      want: [
        {
          text: "Ingress web names managed certificates (web-cert), but it is served by an internal or regional load balancer, which never attaches them.",
          severity: "warning",
        },
      ],
    },
    {
      name: "another controller's Ingress",
      given: ofClass("nginx"),
      want: [
        {
          text: "Ingress web names managed certificates (web-cert), but its class nginx belongs to another controller, which never attaches them.",
        },
      ],
    },
  ],
  undecided: [],
});
