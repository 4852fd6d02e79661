import noAddress from "../../../../src/diagnostics/rules/address/no-address.ts";
import { freshAnnotations, ingress, NOW, notRead, snapshot } from "../../../support/builders.ts";
import { ofClass } from "../../../support/ingress-classes.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

const fresh = ingress({ annotations: freshAnnotations(), addresses: [] });
const want = [
  {
    text: "Ingress web has no address in its status, so no client reaches it.",
    subject: "Ingress/web#status.loadBalancer",
    severity: "error",
  },
];

export default ruleCases(noAddress, {
  healthy: [
    { name: "an address", given: snapshot() },
    { name: "an Ingress of another class", given: snapshot({ ingress: ofClass("edge") }) },
    {
      name: "an Ingress being deleted",
      given: snapshot({ ingress: ingress({ addresses: [], deletedAt: NOW - 60_000 }) }),
    },
  ],
  broken: [
    { name: "none yet", given: snapshot({ ingress: fresh }), want },
    {
      name: "none, when Events may not be listed",
      given: snapshot({ ingress: fresh, events: notRead("events") }),
      want,
    },
  ],
  undecided: [
    {
      name: "a manifest that was never applied",
      given: snapshot({ ingress: fresh, events: notRead("events", "offline", "a live cluster") }),
      source: "events",
    },
  ],
});
