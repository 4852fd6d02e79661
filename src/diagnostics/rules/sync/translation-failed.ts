import { defineRule } from "../../rule.ts";
import type { SyncCause } from "../../sync/causes.ts";
import { isDenied, isModelled } from "../../sync/modelled-errors.ts";

/** Causes that only Events show, each with a rule of its own. */
const OWN_RULE: ReadonlySet<SyncCause["kind"]> = new Set(["secret-missing", "secret-key-missing"]);

export default defineRule({
  code: "GID101",
  slug: "translation-failed",
  severity: "error",
  symptoms: ["no-address", "stale"],
  stage: "translation",
  consequence: true,
  reads: ["sync", "translation", "ingress"],
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

  check({ sync, translation, ingress }, report) {
    if (ingress.deletedAt !== undefined || !report.knows(sync)) return;
    for (const { phase, cause, text } of sync.value.errors) {
      if (phase !== "translation" || OWN_RULE.has(cause.kind)) continue;
      if (isModelled(cause, translation) || isDenied(cause, translation)) continue;
      report("reported", { subject: ingress.ref }, { ingress: ingress.ref.name, text });
    }
  },
});
