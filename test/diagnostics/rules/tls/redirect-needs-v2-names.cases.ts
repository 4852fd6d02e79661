import rule from "../../../../src/diagnostics/rules/tls/redirect-needs-v2-names.ts";
import { known } from "../../../../src/model/observed.ts";
import { notRead, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { frontEndError } from "../../../support/tls-ingress.ts";

export default ruleCases(rule, {
  healthy: [
    { name: "no error", given: snapshot() },
    {
      name: "a redirect on an internal Ingress",
      given: snapshot({
        events: known([
          frontEndError("ensureRedirectUrlMap() = error: cannot enable HTTPS Redirects with L7 ILB"),
        ]),
      }),
    },
  ],
  broken: [
    {
      name: "a load balancer with names of the first scheme",
      given: snapshot({
        events: known([
          frontEndError(
            "ensureRedirectUrlMap() = error: cannot enable HTTPS Redirects with the V1 Ingress naming scheme.  Please recreate your ingress to use the newest naming scheme.",
          ),
        ]),
      }),
      want: [
        {
          text: "Ingress web has a load balancer of the first naming scheme, which takes no redirect to HTTPS, so its sync stops.",
        },
      ],
    },
  ],
  undecided: [
    { name: "Events cannot be read", given: snapshot({ events: notRead("events") }), source: "events" },
  ],
});
