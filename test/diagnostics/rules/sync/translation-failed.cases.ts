import translationFailed from "../../../../src/diagnostics/rules/sync/translation-failed.ts";
import { known } from "../../../../src/model/observed.ts";
import { ingress, NOW, notRead, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { eventsUnreadable, frozen, neverBuilt, recovered } from "../../../support/sync-failures.ts";

const MISSING = 'could not find service "shop/web"';
const text = (error: string) =>
  `The controller refuses to translate Ingress web, so no change of it is applied: ${error}.`;

export default ruleCases(translationFailed, {
  healthy: [
    { name: "no error", given: snapshot() },
    { name: "an error that is over", given: recovered(MISSING, "translation") },
    {
      name: "a missing Service, which another rule shows from the objects",
      given: neverBuilt(MISSING, "translation", { services: known([]) }),
    },
    {
      name: "a Secret of a BackendConfig, which another rule shows from the Event",
      given: neverBuilt(
        'BackendConfig shop/bc is not valid: error retrieving secret key: secrets "key" not found',
        "translation",
      ),
    },
    { name: "a Service that is there again, whatever the Event says", given: frozen(MISSING, "translation") },
    {
      name: "an Ingress being deleted",
      given: frozen("something new", "translation", { ingress: ingress({ deletedAt: NOW - 60_000 }) }),
    },
  ],
  broken: [
    {
      name: "an error that the model does not know",
      given: neverBuilt("something new", "translation"),
      want: [{ text: text("something new"), subject: "Ingress/web", severity: "error" }],
    },
    {
      name: "a missing Service when Services may not be listed",
      given: neverBuilt(MISSING, "translation", { services: notRead("services") }),
      want: [{ text: text(MISSING) }],
    },
    {
      name: "an invalid BackendConfig in which the objects show no mistake",
      given: neverBuilt("BackendConfig shop/bc is not valid: something new", "translation"),
      want: [{ text: text("BackendConfig shop/bc is not valid: something new") }],
    },
    {
      name: "the one of two errors that no other rule shows",
      given: neverBuilt(`${MISSING}; something new`, "translation", { services: known([]) }),
      want: [{ text: text("something new") }],
    },
  ],
  undecided: [eventsUnreadable],
});
