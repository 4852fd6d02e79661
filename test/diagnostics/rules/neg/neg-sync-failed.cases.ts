import rule from "../../../../src/diagnostics/rules/neg/neg-sync-failed.ts";
import { known } from "../../../../src/model/observed.ts";
import { NOW, negName, notRead, reportedIngress, snapshot } from "../../../support/builders.ts";
import { failedNeg, negWarning, syncFailure, unmadeNeg } from "../../../support/neg-events.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

const TEXT = "something that nobody has seen before";

export default ruleCases(rule, {
  healthy: [
    { name: "the NEG is synced", given: snapshot() },
    {
      name: "a quota, which is another rule's",
      given: snapshot({
        events: known([syncFailure("googleapi: Error 403: Quota 'X' exceeded. Limit: 5.0, quotaExceeded")]),
      }),
    },
    {
      name: "Google has been failing for a few minutes",
      given: snapshot({
        serviceNegs: known([]),
        events: known([
          { ...syncFailure("googleapi: Error 503: try again, backendError"), firstAt: NOW - 120_000 },
        ]),
      }),
    },
    {
      name: "a retry that is under way",
      given: snapshot({
        serviceNegs: known([]),
        events: known([
          negWarning("RetryFailed", 'Failed to retry NEG sync for "x": retry handler is retrying'),
        ]),
      }),
    },
  ],
  broken: [
    {
      name: "endpoints are not taken over any more, and the backend is unhealthy",
      given: snapshot({ ingress: reportedIngress("UNHEALTHY"), serviceNegs: known([failedNeg(TEXT)]) }),
      want: [
        {
          text: `The NEG controller cannot update the network endpoint groups of Service web, so they keep the endpoints they have: ${TEXT}.`,
          subject: `ServiceNetworkEndpointGroup/${negName("web")}`,
          severity: "error",
        },
      ],
    },
    {
      name: "the backend is healthy still",
      given: snapshot({ serviceNegs: known([failedNeg(TEXT)]) }),
      want: [
        {
          text: `The NEG controller cannot update the network endpoint groups of Service web, so they keep the endpoints they have: ${TEXT}.`,
          severity: "warning",
        },
      ],
    },
    {
      name: "the NEG could not be made",
      given: snapshot({
        ingress: reportedIngress("Unknown"),
        serviceNegs: known([unmadeNeg(`${TEXT}.`)]),
      }),
      want: [
        {
          text: `The NEG controller cannot make the network endpoint groups of Service web: ${TEXT}.`,
          severity: "error",
        },
      ],
    },
  ],
  undecided: [
    { name: "Events may not be listed", given: snapshot({ events: notRead("events") }), source: "events" },
  ],
});
