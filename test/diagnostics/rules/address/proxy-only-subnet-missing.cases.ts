import proxyOnlySubnetMissing from "../../../../src/diagnostics/rules/address/proxy-only-subnet-missing.ts";
import { snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { eventsUnreadable, neverBuilt, recovered } from "../../../support/sync-failures.ts";

const missing = (target: string, sentence: string) =>
  `googleapi: Error 400: Invalid value for field 'resource.target': '${target}'. ${sentence} is required in the same region and VPC as the forwarding rule., invalid`;
const OLD = missing(
  "https://compute.example/projects/p/regions/us-central1/targetHttpProxies/x",
  "A reserved and active subnetwork",
);
const NEW = missing("x", "An active proxy-only subnetwork");

export default ruleCases(proxyOnlySubnetMissing, {
  healthy: [
    { name: "no error", given: snapshot() },
    { name: "a subnet that was created since", given: recovered(OLD) },
  ],
  broken: [
    {
      name: "a message that names the region",
      given: neverBuilt(OLD),
      want: [
        {
          text: "Compute Engine finds no active proxy-only subnet in region us-central1, so Ingress web gets no front end.",
          subject: "Ingress/web",
          severity: "error",
        },
      ],
    },
    {
      name: "a newer wording without a region",
      given: neverBuilt(NEW),
      want: [{ text: "Compute Engine finds no active proxy-only subnet, so Ingress web gets no front end." }],
    },
  ],
  undecided: [eventsUnreadable],
});
