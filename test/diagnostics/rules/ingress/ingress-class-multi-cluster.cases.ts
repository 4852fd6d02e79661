import ingressClassMultiCluster from "../../../../src/diagnostics/rules/ingress/ingress-class-multi-cluster.ts";
import { snapshot } from "../../../support/builders.ts";
import { ofClass } from "../../../support/ingress-classes.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

export default ruleCases(ingressClassMultiCluster, {
  healthy: [
    { name: "class gce", given: snapshot() },
    {
      name: "a multi-cluster Ingress that another tool gave an address",
      given: snapshot({ ingress: ofClass("gce-multi-cluster", { addresses: ["203.0.113.7"] }) }),
    },
  ],
  broken: [
    {
      name: "a multi-cluster Ingress without an address",
      given: snapshot({ ingress: ofClass("gce-multi-cluster") }),
      want: [
        {
          text: "Ingress web has class gce-multi-cluster, for which GKE builds instance groups and no load balancer, so it has no address.",
          subject: "Ingress/web#metadata.annotations[kubernetes.io/ingress.class]",
          severity: "error",
          command: "kubectl annotate --overwrite ingress web -n shop kubernetes.io/ingress.class=gce",
        },
      ],
    },
  ],
  undecided: [],
});
