import type { Translation } from "../gke/translate.ts";
import type { TranslationErrorKind } from "../gke/translation-error.ts";
import type { SyncCause } from "./causes.ts";

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

/** Causes that also depend on what the model does not see, such as Secrets, so that it cannot deny them. */
const UNDENIABLE: ReadonlySet<SyncCause["kind"]> = new Set([
  "backend-config-invalid",
  "system-default-backend-missing",
]);

/** True when the objects show the error that an Event reports. */
export function isModelled(cause: SyncCause, translation: Translation): boolean {
  const kind = MODELLED[cause.kind];
  return kind !== undefined && translation.errors.some((error) => error.kind === kind);
}

/**
 * True when the objects show that the error of an Event is over: all of them could be read, and the translator
 * would find none of its kind in them. The controller does not say when an error has gone.
 */
export function isDenied(cause: SyncCause, translation: Translation): boolean {
  if (MODELLED[cause.kind] === undefined || UNDENIABLE.has(cause.kind)) return false;
  return translation.undecided.length === 0 && !isModelled(cause, translation);
}
