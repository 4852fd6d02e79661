import changesFrozen from "../../../../src/diagnostics/rules/sync/changes-frozen.ts";
import { known } from "../../../../src/model/observed.ts";
import { event, ingress, NOW, path, rule, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import {
  eventsUnreadable,
  FAILING_SINCE_TEXT,
  frozen,
  neverBuilt,
  recovered,
  syncWarning,
} from "../../../support/sync-failures.ts";

const NO_SECRET = 'error initializing translator env: secrets "web-tls" not found';
const twoRoutes = ingress({ rules: [rule("shop.example.com", path("/"), path("/new", "gone"))] });

export default ruleCases(changesFrozen, {
  healthy: [
    { name: "no error", given: snapshot() },
    { name: "an error that is over", given: recovered(NO_SECRET) },
    {
      name: "an error that the objects deny",
      given: frozen('could not find service "shop/web"', "translation"),
    },
    { name: "a load balancer that was never built, so that nothing is frozen", given: neverBuilt(NO_SECRET) },
    {
      name: "an error beside the sync",
      given: snapshot({
        events: known([event({ type: "Warning", message: "Error: no FrontendConfig for Ingress exists." })]),
      }),
    },
    {
      name: "an Ingress being deleted",
      given: frozen(NO_SECRET, undefined, { ingress: ingress({ deletedAt: NOW - 60_000 }) }),
    },
  ],
  broken: [
    {
      name: "an error that the controller reports",
      given: frozen(NO_SECRET),
      want: [
        {
          text: `Since ${FAILING_SINCE_TEXT} no change of Ingress web reaches its load balancer, which keeps the state of its last sync for 1 route.`,
          subject: "Ingress/web",
          severity: "warning",
        },
      ],
    },
    {
      name: "one bad backend among good ones",
      given: snapshot({
        ingress: twoRoutes,
        events: known([syncWarning('could not find service "shop/gone"', "translation")]),
      }),
      want: [
        {
          text: `Since ${FAILING_SINCE_TEXT} no change of Ingress web reaches its load balancer, which keeps the state of its last sync for 2 routes.`,
        },
      ],
    },
    {
      name: "a mistake that the controller has not reported",
      given: snapshot({ ingress: twoRoutes }),
      want: [
        {
          text: "No change of Ingress web reaches its load balancer, which keeps the state of its last sync for 2 routes.",
        },
      ],
    },
  ],
  undecided: [eventsUnreadable],
});
