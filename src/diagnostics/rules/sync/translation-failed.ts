import type { TranslationErrorKind } from "../../gke/translation-error.ts";
import { defineRule } from "../../rule.ts";
import type { SyncCause } from "../../sync/causes.ts";

/** The error of the GKE model that says the same as an Event; a rule reports each of them from the objects. */
const MODELLED: Partial<Record<SyncCause["kind"], TranslationErrorKind>> = {
  "service-missing": "service-not-found",
  "service-port-missing": "service-port-not-found",
  "service-type-unsupported": "service-type",
  "app-protocols-invalid": "app-protocols",
  "backend-config-annotation-invalid": "backend-config",
  "backend-config-missing": "backend-config",
  "backend-config-invalid": "backend-config",
  "path-invalid": "path-type",
  "resource-backend": "resource-backend",
  "system-default-backend-missing": "default-backend",
};

/** Causes that only Events show, each with a rule of its own. */
const OWN_RULE: ReadonlySet<SyncCause["kind"]> = new Set(["secret-missing", "secret-key-missing"]);

export default defineRule({
  code: "GID101",
  slug: "translation-failed",
  severity: "error",
  symptoms: ["no-address", "stale"],
  stage: "translation",
  consequence: true,
  reads: ["sync", "translation", "settling", "ingress"],
  rows: ["SYN-01"],
  summary: "The controller cannot translate the Ingress, for a reason that the objects do not show.",
  why: "One path, Service, port or BackendConfig that the controller refuses stops the whole Ingress: no route, certificate or address of it is built or changed.",
  fix: "Correct the object that the message names, or take its path out of the Ingress.",
  confirm: ["kubectl describe ingress INGRESS -n NAMESPACE"],
  sources: [
    "ingress-gce: pkg/controller/controller.go, sync",
    "ingress-gce: pkg/controller/errors/errors.go",
  ],
  messages: {
    reported: "The controller refuses to translate Ingress {ingress}, so no change of it is applied: {text}.",
  },

  check({ sync, translation, settling, ingress }, report) {
    if (ingress.deletedAt !== undefined || !report.knows(sync)) return;
    const modelled = new Set(translation.errors.map(({ kind }) => kind));
    for (const { phase, cause, text, lastAt } of sync.value.errors) {
      if (phase !== "translation" || OWN_RULE.has(cause.kind)) continue;
      const kind = MODELLED[cause.kind];
      if (kind !== undefined && modelled.has(kind)) continue;
      // The objects were changed since and are in order now; the controller has not said so yet.
      if (kind !== undefined && translation.undecided.length === 0 && settling.changedAt >= lastAt) continue;
      report("reported", { subject: ingress.ref }, { ingress: ingress.ref.name, text });
    }
  },
});
