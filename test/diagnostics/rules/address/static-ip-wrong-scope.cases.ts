import staticIpWrongScope from "../../../../src/diagnostics/rules/address/static-ip-wrong-scope.ts";
import { ingress, servedAnnotations, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import {
  addressNotFound,
  asking,
  GLOBAL_ANNOTATION,
  REGIONAL_ANNOTATION,
  reserved,
  withAddresses,
} from "../../../support/static-addresses.ts";
import { eventsUnreadable } from "../../../support/sync-failures.ts";

const INTERNAL = { "kubernetes.io/ingress.class": "gce-internal" };

export default ruleCases(staticIpWrongScope, {
  healthy: [
    { name: "no reserved address", given: snapshot() },
    {
      name: "the annotation of the other scope, which works while the name is found",
      given: snapshot({
        ingress: ingress({ annotations: servedAnnotations({ [REGIONAL_ANNOTATION]: "web-ip" }) }),
      }),
    },
    {
      name: "a name that is not found in the right annotation, which is another finding",
      given: addressNotFound({ [GLOBAL_ANNOTATION]: "web-ip" }, "web-ip"),
    },
    {
      name: "addresses of the name in both scopes",
      given: addressNotFound({ [GLOBAL_ANNOTATION]: "web-ip" }, "web-ip", {
        loadBalancer: withAddresses(reserved("web-ip", "us-central1"), reserved("web-ip", "global")),
      }),
    },
  ],
  broken: [
    {
      name: "a global address for an internal Ingress",
      given: addressNotFound({ ...INTERNAL, [GLOBAL_ANNOTATION]: "web-ip" }, "web-ip"),
      want: [
        {
          text: "Ingress web names web-ip in kubernetes.io/ingress.global-static-ip-name, the annotation of the other scope; the load balancer needs a regional internal address with purpose SHARED_LOADBALANCER_VIP, and the controller finds none of that name.",
          subject: "Ingress/web#metadata.annotations[kubernetes.io/ingress.global-static-ip-name]",
          severity: "error",
          command: "(none)",
        },
      ],
    },
    {
      name: "the regional annotation on an external Ingress",
      given: addressNotFound({ [REGIONAL_ANNOTATION]: "web-ip" }, "web-ip"),
      want: [
        {
          text: "Ingress web names web-ip in kubernetes.io/ingress.regional-static-ip-name, the annotation of the other scope; the load balancer needs a global external address, and the controller finds none of that name.",
          command: "gcloud compute addresses create web-ip --global",
        },
      ],
    },
    {
      name: "an address that Google has in a region only",
      given: snapshot({
        ingress: asking({ [GLOBAL_ANNOTATION]: "web-ip" }),
        loadBalancer: withAddresses(reserved("web-ip", "us-central1")),
      }),
      want: [
        {
          text: "Annotation kubernetes.io/ingress.global-static-ip-name on Ingress web names web-ip, which is reserved in scope us-central1; the load balancer needs a global external address, so the name is not found.",
        },
      ],
    },
  ],
  undecided: [eventsUnreadable],
});
