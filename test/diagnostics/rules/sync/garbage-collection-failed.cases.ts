import garbageCollectionFailed from "../../../../src/diagnostics/rules/sync/garbage-collection-failed.ts";
import { known } from "../../../../src/model/observed.ts";
import { event, ingress, NOW, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { eventsUnreadable, FAILING_SINCE, FAILING_SINCE_TEXT } from "../../../support/sync-failures.ts";

const IN_USE =
  "googleapi: Error 400: The url_map resource 'a' is already being used by 'b', resourceInUseByAnotherResource";
const failure = event({
  type: "Warning",
  reason: "GarbageCollection",
  message: `Error during garbage collection: ${IN_USE}`,
  firstAt: FAILING_SINCE,
});

export default ruleCases(garbageCollectionFailed, {
  healthy: [
    { name: "no error", given: snapshot() },
    {
      name: "a failure that a later sync did not repeat",
      given: snapshot({
        events: known([{ ...failure, lastAt: NOW - 20 * 60_000 }, event({ lastAt: NOW - 5 * 60_000 })]),
      }),
    },
    {
      name: "an Ingress being deleted, which is another finding",
      given: snapshot({ ingress: ingress({ deletedAt: NOW - 60_000 }), events: known([failure]) }),
    },
  ],
  broken: [
    {
      name: "leftovers that something else uses",
      given: snapshot({ events: known([failure]) }),
      want: [
        {
          text: `Since ${FAILING_SINCE_TEXT} GKE cannot delete resources that Ingress web no longer needs: ${IN_USE}.`,
          subject: "Ingress/web",
          severity: "warning",
        },
      ],
    },
  ],
  undecided: [eventsUnreadable],
});
