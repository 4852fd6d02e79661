import stuckDeleting from "../../../../src/diagnostics/rules/ingress/stuck-deleting.ts";
import type { KubeEvent } from "../../../../src/model/event.ts";
import { known } from "../../../../src/model/observed.ts";
import { event, ingress, NOW, notRead, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

const MINUTE = 60_000;
const SINCE = "2026-11-23T11:30:00Z";

function deleting(minutes: number, ...events: readonly KubeEvent[]) {
  return snapshot({ ingress: ingress({ deletedAt: NOW - minutes * MINUTE }), events: known(events) });
}

function failure(text: string) {
  return event({ type: "Warning", reason: "GarbageCollection", message: `Error: ${text}` });
}

const IN_USE = failure(
  "googleapi: Error 400: The target_http_proxy resource 'projects/p/global/targetHttpProxies/k8s2-tp-x' is already being used by 'projects/p/global/forwardingRules/by-hand', resourceInUseByAnotherResource",
);

export default ruleCases(stuckDeleting, {
  healthy: [
    { name: "an Ingress that is not being deleted", given: snapshot() },
    { name: "a deletion of the last minutes", given: deleting(5) },
    {
      name: "a deletion that waits for somebody else's finalizer",
      given: snapshot({
        ingress: ingress({ deletedAt: NOW - 30 * MINUTE, finalizers: ["example.com/hold"] }),
      }),
    },
    {
      name: "a failed sync from before a deletion of the last minutes",
      given: deleting(5, event({ type: "Warning", message: "Error syncing to GCP: x" })),
    },
  ],
  broken: [
    {
      name: "a resource that something else uses",
      given: deleting(30, IN_USE),
      want: [
        {
          text: `Ingress web is being deleted since ${SINCE}, but projects/p/global/targetHttpProxies/k8s2-tp-x is still used by projects/p/global/forwardingRules/by-hand, so its load balancer and its finalizer stay.`,
          subject: "Ingress/web#metadata.finalizers",
          severity: "error",
        },
      ],
    },
    {
      name: "another refusal, at once",
      given: snapshot({
        ingress: ingress({ deletedAt: NOW - 30 * MINUTE }),
        events: known([failure("googleapi: Error 403: Required 'x' permission for 'y', forbidden")]),
      }),
      want: [
        {
          text: `Ingress web is being deleted since ${SINCE}, but GKE fails to delete its load balancer, so the finalizer stays: googleapi: Error 403: Required 'x' permission for 'y', forbidden.`,
        },
      ],
    },
    {
      name: "no word from the controller",
      given: deleting(30),
      want: [
        {
          text: `Ingress web is being deleted since ${SINCE} and still carries finalizer networking.gke.io/ingress-finalizer-V2, and no Event says why GKE does not finish.`,
        },
      ],
    },
  ],
  undecided: [
    {
      name: "Events may not be listed",
      given: snapshot({ ingress: ingress({ deletedAt: NOW - 30 * MINUTE }), events: notRead("events") }),
      source: "events",
    },
  ],
});
