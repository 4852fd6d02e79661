import syncErrorUnrecognized from "../../../../src/diagnostics/rules/sync/sync-error-unrecognized.ts";
import { known } from "../../../../src/model/observed.ts";
import { stringMap } from "../../../../src/model/refs.ts";
import {
  backendConfig,
  event,
  freshAnnotations,
  ingress,
  NOW,
  service,
  snapshot,
} from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import {
  eventsUnreadable,
  FAILING_SINCE,
  frozen,
  negFailure,
  negWarning,
  neverBuilt,
  recovered,
  syncWarning,
} from "../../../support/sync-failures.ts";

const NEW = "googleapi: Error 400: Something new., invalid";
const UNAVAILABLE = "googleapi: Error 503: Internal error, backendError";
const REFUSED_CHECK =
  "error ensuring health check: googleapi: Error 400: Invalid value for field 'resource.requestPath': 'x'. No., invalid";
const text = (error: string) => `The controller reports an error on Ingress web: ${error}.`;
const unknownWarning = event({
  type: "Warning",
  reason: "NewReason",
  message: "Something new.",
  firstAt: FAILING_SINCE,
});

export default ruleCases(syncErrorUnrecognized, {
  healthy: [
    { name: "no error", given: snapshot() },
    { name: "an error that is over", given: recovered(NEW) },
    {
      name: "an error with a rule of its own",
      given: neverBuilt(
        "googleapi: Error 403: Quota 'URL_MAPS' exceeded. Limit: 10.0 globally., quotaExceeded",
      ),
    },
    {
      name: "an error of translation, which is another finding",
      given: neverBuilt("something new", "translation"),
    },
    {
      name: "an error about a NEG, which is another finding",
      given: snapshot({ events: known([negWarning(negFailure(NEW))]) }),
    },
    {
      name: "a Warning of another controller",
      given: snapshot({ events: known([{ ...unknownWarning, component: "cert-manager" }]) }),
    },
    {
      name: "a failure of Google's that began minutes ago",
      given: snapshot({ events: known([{ ...syncWarning(UNAVAILABLE), firstAt: NOW - 5 * 60_000 }]) }),
    },
    {
      name: "numbers that Compute Engine refuses in a BackendConfig, which other rules compare",
      given: neverBuilt(REFUSED_CHECK, "backend", {
        services: known([
          service({
            annotations: stringMap({
              "cloud.google.com/neg": '{"ingress":true}',
              "cloud.google.com/backend-config": '{"default":"web-bc"}',
            }),
          }),
        ]),
        backendConfigs: known([backendConfig({ healthCheck: { timeoutSec: 60 } })]),
      }),
    },
    {
      name: "an Ingress being deleted",
      given: frozen(NEW, undefined, { ingress: ingress({ deletedAt: NOW - 60_000 }) }),
    },
  ],
  broken: [
    {
      name: "an error nobody knows",
      given: neverBuilt(NEW),
      want: [{ text: text(NEW), subject: "Ingress/web", severity: "error" }],
    },
    {
      name: "a refused health check without a BackendConfig",
      given: neverBuilt(REFUSED_CHECK, "backend"),
      want: [{ text: text(REFUSED_CHECK), severity: "error" }],
    },
    {
      name: "a Warning that does not say what it stops, on a served Ingress",
      given: snapshot({ events: known([unknownWarning]) }),
      want: [{ text: text("Something new."), severity: "warning" }],
    },
    {
      name: "the same without an address",
      given: snapshot({
        ingress: ingress({ annotations: freshAnnotations(), addresses: [] }),
        events: known([unknownWarning]),
      }),
      want: [{ text: text("Something new."), severity: "error" }],
    },
    {
      name: "a failure of Google's that goes on",
      given: frozen(UNAVAILABLE, "backend"),
      want: [{ text: text(UNAVAILABLE), severity: "warning" }],
    },
  ],
  undecided: [eventsUnreadable],
});
