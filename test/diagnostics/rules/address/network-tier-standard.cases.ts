import networkTierStandard from "../../../../src/diagnostics/rules/address/network-tier-standard.ts";
import { snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { asking, GLOBAL_ANNOTATION } from "../../../support/static-addresses.ts";
import { eventsUnreadable, neverBuilt, recovered } from "../../../support/sync-failures.ts";

const TIER =
  "googleapi: Error 400: Invalid value for field 'resource.networkTier': 'STANDARD'. The network tier must be PREMIUM., invalid";

export default ruleCases(networkTierStandard, {
  healthy: [
    { name: "no error", given: snapshot() },
    { name: "an address that was replaced", given: recovered(TIER) },
  ],
  broken: [
    {
      name: "a reserved address",
      given: neverBuilt(TIER, undefined, { ingress: asking({ [GLOBAL_ANNOTATION]: "web-ip" }) }),
      want: [
        {
          text: `Compute Engine refuses the front end of Ingress web because of the network tier of the reserved address web-ip: ${TIER}.`,
          subject: "Ingress/web",
          severity: "error",
          command: "(none)",
        },
      ],
    },
    {
      name: "the project's default",
      given: neverBuilt(TIER),
      want: [
        {
          text: `Compute Engine refuses the front end of Ingress web because of the network tier of the project's default: ${TIER}.`,
          command: "gcloud compute project-info update --default-network-tier=PREMIUM",
        },
      ],
    },
  ],
  undecided: [eventsUnreadable],
});
