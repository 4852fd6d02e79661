import staticIpNotFound from "../../../../src/diagnostics/rules/address/static-ip-not-found.ts";
import { ingress, NOW, servedAnnotations, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import {
  addressNotFound,
  asking,
  GLOBAL_ANNOTATION,
  REGIONAL_ANNOTATION,
  reserved,
  withAddresses,
} from "../../../support/static-addresses.ts";
import { eventsUnreadable, recovered } from "../../../support/sync-failures.ts";

export default ruleCases(staticIpNotFound, {
  healthy: [
    { name: "no reserved address", given: snapshot() },
    {
      name: "a reserved address that is in use",
      given: snapshot({
        ingress: ingress({ annotations: servedAnnotations({ [GLOBAL_ANNOTATION]: "web-ip" }) }),
      }),
    },
    {
      name: "an address that was reserved since",
      given: {
        ...recovered("the given static IP name web-ip doesn't translate to an existing static IP."),
        ingress: ingress({ annotations: servedAnnotations({ [GLOBAL_ANNOTATION]: "web-ip" }) }),
      },
    },
    {
      name: "an error about a name that the annotation no longer holds",
      given: addressNotFound({ [GLOBAL_ANNOTATION]: "web-ip" }, "old-ip"),
    },
    {
      name: "a name of the other scope, which is another finding",
      given: addressNotFound({ [REGIONAL_ANNOTATION]: "web-ip" }, "web-ip"),
    },
    {
      name: "an address that may have been reserved after the last list",
      given: snapshot({
        ingress: asking({ [GLOBAL_ANNOTATION]: "web-ip" }, { changedAt: NOW }),
        loadBalancer: withAddresses(),
      }),
    },
    {
      name: "an address that Google now has",
      given: addressNotFound({ [GLOBAL_ANNOTATION]: "web-ip" }, "web-ip", {
        loadBalancer: withAddresses(reserved("web-ip", "global")),
      }),
    },
  ],
  broken: [
    {
      name: "a name that nobody reserved",
      given: addressNotFound({ [GLOBAL_ANNOTATION]: "web-ip" }, "web-ip"),
      want: [
        {
          text: "Annotation kubernetes.io/ingress.global-static-ip-name on Ingress web names web-ip, and the controller finds no reserved address of that name; it needs a global external address.",
          subject: "Ingress/web#metadata.annotations[kubernetes.io/ingress.global-static-ip-name]",
          severity: "error",
          command: "gcloud compute addresses create web-ip --global",
        },
      ],
    },
    {
      name: "a name that Google does not have in any scope",
      given: addressNotFound({ [REGIONAL_ANNOTATION]: "web-ip" }, "web-ip", {
        loadBalancer: withAddresses(),
      }),
      want: [
        {
          text: "Annotation kubernetes.io/ingress.regional-static-ip-name on Ingress web names web-ip, and the controller finds no reserved address of that name; it needs a global external address.",
        },
      ],
    },
    {
      name: "a name that Google does not have, before the controller says so",
      given: snapshot({ ingress: asking({ [GLOBAL_ANNOTATION]: "web-ip" }), loadBalancer: withAddresses() }),
      want: [
        {
          text: "Annotation kubernetes.io/ingress.global-static-ip-name on Ingress web names web-ip, and project demo-project has no reserved address of that name in any scope; the load balancer needs a global external address.",
          severity: "error",
          command: "gcloud compute addresses create web-ip --global",
        },
      ],
    },
    {
      name: "an address that was released under an Ingress that is served",
      given: snapshot({
        ingress: ingress({ annotations: servedAnnotations({ [GLOBAL_ANNOTATION]: "web-ip" }) }),
        loadBalancer: withAddresses(reserved("other-ip", "global")),
      }),
      want: [
        {
          text: "Annotation kubernetes.io/ingress.global-static-ip-name on Ingress web names web-ip, and project demo-project has no reserved address of that name in any scope; the load balancer needs a global external address.",
          severity: "warning",
        },
      ],
    },
    {
      name: "a name for an internal load balancer",
      given: addressNotFound(
        { "kubernetes.io/ingress.class": "gce-internal", [REGIONAL_ANNOTATION]: "web-ip" },
        "web-ip",
      ),
      want: [
        {
          text: "Annotation kubernetes.io/ingress.regional-static-ip-name on Ingress web names web-ip, and the controller finds no reserved address of that name; it needs a regional internal address with purpose SHARED_LOADBALANCER_VIP.",
          command: "(none)",
        },
      ],
    },
    {
      name: "an IP address for a name",
      given: snapshot({ ingress: asking({ [GLOBAL_ANNOTATION]: "203.0.113.10" }) }),
      want: [
        {
          text: "Annotation kubernetes.io/ingress.global-static-ip-name on Ingress web holds 203.0.113.10, an IP address; GKE looks for a reserved address of that name and finds none.",
          command: "(none)",
        },
      ],
    },
  ],
  undecided: [eventsUnreadable],
});
