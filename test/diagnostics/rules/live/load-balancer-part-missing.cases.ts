import rule from "../../../../src/diagnostics/rules/live/load-balancer-part-missing.ts";
import { known } from "../../../../src/model/observed.ts";
import {
  freshAnnotations,
  ingress,
  NOW,
  notRead,
  servedAnnotations,
  snapshot,
} from "../../../support/builders.ts";
import { forwardingRule, live } from "../../../support/load-balancers.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

export default ruleCases(rule, {
  healthy: [
    { name: "everything that was built is there", given: live() },
    {
      name: "nothing was built yet",
      given: live({ urlMaps: known([]) }, { ingress: ingress({ annotations: freshAnnotations() }) }),
    },
    {
      name: "HTTPS was asked for a moment ago",
      given: live({}, { ingress: ingress({ tls: [{ hosts: [], secretName: "web-tls" }], changedAt: NOW }) }),
    },
    {
      name: "HTTPS alone is asked for and served",
      given: live(
        { forwardingRules: known([forwardingRule({ name: "k8s2-fs-x-shop-web-y", port: 443 })]) },
        {
          ingress: ingress({
            tls: [{ hosts: [], secretName: "web-tls" }],
            annotations: servedAnnotations({
              "kubernetes.io/ingress.allow-http": "false",
              "ingress.kubernetes.io/forwarding-rule": undefined,
              "ingress.kubernetes.io/https-forwarding-rule": "k8s2-fs-x-shop-web-y",
            }),
          }),
        },
      ),
    },
    {
      name: "a change is still spreading",
      given: live({ urlMaps: known([]) }, { ingress: ingress({ changedAt: NOW }) }),
    },
  ],
  broken: [
    {
      name: "forwarding rule and URL map are gone",
      given: live({ forwardingRules: known([]), urlMaps: known([]) }),
      want: [
        {
          text: "Forwarding rule k8s2-fr-x-shop-web-y, which GKE built for Ingress web, does not exist any more, so requests do not get past it.",
        },
        {
          text: "URL map k8s2-um-x-shop-web-y, which GKE built for Ingress web, does not exist any more, so requests do not get past it.",
        },
      ],
    },
    {
      name: "HTTPS is asked for and was never built",
      given: live({}, { ingress: ingress({ tls: [{ hosts: [], secretName: "web-tls" }] }) }),
      want: [
        {
          text: "Ingress web asks for HTTPS, and its load balancer has no forwarding rule for port 443, only for port 80.",
          subject: "Ingress/web",
          severity: "error",
        },
      ],
    },
  ],
  undecided: [
    { name: "Google is not read", given: snapshot(), source: "loadBalancer" },
    {
      name: "URL maps cannot be read",
      given: live({ urlMaps: notRead("loadBalancer") }),
      source: "loadBalancer",
    },
  ],
});
