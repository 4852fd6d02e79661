import concurrentModification from "../../../../src/diagnostics/rules/sync/concurrent-modification.ts";
import { known } from "../../../../src/model/observed.ts";
import { NOW, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import {
  eventsUnreadable,
  FAILING_SINCE_TEXT,
  frozen,
  neverBuilt,
  recovered,
  syncWarning,
} from "../../../support/sync-failures.ts";

const FINGERPRINT = "googleapi: Error 412: Invalid fingerprint., conditionNotMet";
const NOT_READY =
  "googleapi: Error 400: The resource 'projects/p/global/backendServices/x' is not ready, resourceNotReady";
const EXISTS =
  "googleapi: Error 409: The resource 'projects/p/global/urlMaps/x' already exists, alreadyExists";

const text = (detail: string, error: string) =>
  `Since ${FAILING_SINCE_TEXT} Compute Engine refuses changes because ${detail}, so no change of Ingress web reaches its load balancer: ${error}.`;

export default ruleCases(concurrentModification, {
  healthy: [
    { name: "no error", given: snapshot() },
    { name: "a collision that a later sync got over", given: recovered(FINGERPRINT, "backend") },
    {
      name: "a collision of the last minutes, which the next attempt may get over",
      given: snapshot({
        events: known([{ ...syncWarning(FINGERPRINT, "backend"), firstAt: NOW - 14 * 60_000 }]),
      }),
    },
  ],
  broken: [
    {
      name: "a resource that somebody else keeps changing",
      given: frozen(FINGERPRINT, "backend"),
      want: [
        { text: text("a resource changed between reading and writing it", FINGERPRINT), severity: "warning" },
      ],
    },
    {
      name: "a resource that never gets ready, before there is an address",
      given: neverBuilt(NOT_READY, "backend"),
      want: [{ text: text("a resource is not ready", NOT_READY), severity: "error" }],
    },
    {
      name: "a name that is taken",
      given: neverBuilt(EXISTS),
      want: [{ text: text("a resource of the same name exists", EXISTS) }],
    },
  ],
  undecided: [eventsUnreadable],
});
