import ingressClassUnknown from "../../../../src/diagnostics/rules/ingress/ingress-class-unknown.ts";
import { NOW, snapshot } from "../../../support/builders.ts";
import { leftoversOf, ofClass, untouched } from "../../../support/ingress-classes.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

const text = (value: string, field: string) =>
  `Ingress web has class ${value} in ${field}, which is none of GKE's (gce, gce-internal, gce-regional-external), so GKE builds no load balancer for it.`;
const ANNOTATION = "the annotation kubernetes.io/ingress.class";

export default ruleCases(ingressClassUnknown, {
  healthy: [
    { name: "class gce", given: snapshot() },
    { name: "a class of another controller", given: snapshot({ ingress: ofClass("nginx-internal") }) },
    {
      name: "class gce in the wrong place, which is another finding",
      given: snapshot({ ingress: untouched({}, { className: "gce" }) }),
    },
    {
      name: "a class of its own that somebody serves",
      given: snapshot({ ingress: ofClass("edge", { addresses: ["203.0.113.7"] }) }),
    },
    {
      name: "a class of its own whose controller may still give an address",
      given: snapshot({ ingress: ofClass("edge", { createdAt: NOW - 60_000 }) }),
    },
    {
      name: "a class of its own in a manifest that was never applied",
      given: snapshot({ ingress: ofClass("edge", { uid: "" }) }),
    },
    {
      name: "an Ingress that GKE has given up, which is another finding",
      given: snapshot({ ingress: untouched(leftoversOf("edge")) }),
    },
  ],
  broken: [
    {
      name: "the name of the product for the name of the class",
      given: snapshot({ ingress: ofClass("gke", { createdAt: NOW - 60_000 }) }),
      want: [
        {
          text: text("gke", ANNOTATION),
          subject: "Ingress/web#metadata.annotations[kubernetes.io/ingress.class]",
          severity: "error",
          command: "kubectl annotate --overwrite ingress web -n shop kubernetes.io/ingress.class=gce",
        },
      ],
    },
    {
      name: "the wrong case",
      given: snapshot({ ingress: ofClass("GCE") }),
      want: [
        {
          text: text("GCE", ANNOTATION),
          command: "kubectl annotate --overwrite ingress web -n shop kubernetes.io/ingress.class=gce",
        },
      ],
    },
    {
      name: "a slip of the finger in the field",
      given: snapshot({ ingress: untouched({}, { className: "gce-intrenal" }) }),
      want: [
        {
          text: text("gce-intrenal", "spec.ingressClassName"),
          subject: "Ingress/web#spec.ingressClassName",
          command: `kubectl patch ingress web -n shop --type=merge -p '{"metadata":{"annotations":{"kubernetes.io/ingress.class":"gce-internal"}},"spec":{"ingressClassName":null}}'`,
        },
      ],
    },
    {
      name: "an opposite of gce-internal that does not exist",
      given: snapshot({ ingress: ofClass("gce-external") }),
      want: [
        {
          text: text("gce-external", ANNOTATION),
          command: "kubectl annotate --overwrite ingress web -n shop kubernetes.io/ingress.class=gce",
        },
      ],
    },
    {
      name: "a class that nobody serves",
      given: snapshot({ ingress: ofClass("edge") }),
      want: [{ text: text("edge", ANNOTATION), command: "(none)" }],
    },
  ],
  undecided: [],
});
