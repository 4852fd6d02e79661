import rule from "../../../../src/diagnostics/rules/neg/neg-address-not-in-subnet.ts";
import { known } from "../../../../src/model/observed.ts";
import { negName, notRead, reportedIngress, snapshot } from "../../../support/builders.ts";
import { negWarning } from "../../../support/neg-events.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

/** The Warning that Compute Engine refused endpoints. */
function attachFailed(text: string) {
  return negWarning(
    "AttachFailed",
    `Failed to Attach 2 network endpoint(s) (NEG "${negName("web")}" in zone "us-central1-a"): googleapi: Error 400: Invalid value for field 'resource.ipAddress': ${text}, invalid`,
  );
}

export default ruleCases(rule, {
  healthy: [
    { name: "endpoints are attached", given: snapshot() },
    {
      name: "another refusal",
      given: snapshot({ events: known([attachFailed("'10.4.0.1'. Something else")]) }),
    },
  ],
  broken: [
    {
      name: "a routes-based cluster",
      given: snapshot({
        ingress: reportedIngress("Unknown"),
        events: known([
          attachFailed(
            "'10.4.0.1'. Specified IP address 10.4.0.1 doesn't belong to the (sub)network default or to the instance node-a.",
          ),
        ]),
      }),
      want: [
        {
          text: "Compute Engine refuses address 10.4.0.1 as an endpoint of Service web: it does not belong to the subnetwork of its node.",
          subject: "Service/web",
          severity: "error",
        },
      ],
    },
    {
      name: "without the address",
      given: snapshot({
        ingress: reportedIngress("Unknown"),
        events: known([attachFailed("Specified IP address doesn't belong to the (sub)network default.")]),
      }),
      want: [
        {
          text: "Compute Engine refuses endpoints of Service web: their addresses do not belong to the subnetwork of their nodes.",
        },
      ],
    },
  ],
  undecided: [
    { name: "Events may not be listed", given: snapshot({ events: notRead("events") }), source: "events" },
  ],
});
