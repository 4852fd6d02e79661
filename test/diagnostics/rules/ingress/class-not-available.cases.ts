import classNotAvailable from "../../../../src/diagnostics/rules/ingress/class-not-available.ts";
import { known } from "../../../../src/model/observed.ts";
import { event, snapshot } from "../../../support/builders.ts";
import { ofClass } from "../../../support/ingress-classes.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { eventsUnreadable } from "../../../support/sync-failures.ts";

const REFUSED =
  'Ingress class "gce" is not supported in this environment. Please use "gce-regional-external".';

function told(message: string, name = "gce") {
  return snapshot({ ingress: ofClass(name), events: known([event({ type: "Warning", message })]) });
}

export default ruleCases(classNotAvailable, {
  healthy: [
    { name: "no error", given: snapshot() },
    { name: "the class has been changed since", given: told(REFUSED, "gce-regional-external") },
    { name: "another error", given: told("Error: no FrontendConfig for Ingress exists.") },
  ],
  broken: [
    {
      name: "an environment without the global load balancer",
      given: told(REFUSED),
      want: [
        {
          text: "GKE's controller says that this environment does not support the class of Ingress web and names gce-regional-external instead, so nothing is built.",
          subject: "Ingress/web#metadata.annotations[kubernetes.io/ingress.class]",
          severity: "error",
          command:
            "kubectl annotate --overwrite ingress web -n shop kubernetes.io/ingress.class=gce-regional-external",
        },
      ],
    },
    {
      name: "a wording that names no other class",
      given: told('Ingress class "gce" is not supported in this environment.'),
      want: [
        {
          text: "GKE's controller says that this environment does not support the class of Ingress web and names none instead, so nothing is built.",
          command: "(none)",
        },
      ],
    },
  ],
  undecided: [eventsUnreadable],
});
