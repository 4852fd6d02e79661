import type { TranslationErrorKind } from "../../src/diagnostics/gke/translation-error.ts";

/** What two translation errors have in common, whatever their wording. */
export interface ErrorIdentity {
  readonly kind: TranslationErrorKind | "unrecognised";
  readonly object: string;
}

/** The controller's texts; the first group is the object, where the text names one. */
const TEXTS: readonly (readonly [RegExp, TranslationErrorKind])[] = [
  [/^could not find service "([^"]*)"$/, "service-not-found"],
  [/^could not find port ".*" in service "([^"]*)"$/, "service-port-not-found"],
  [/^service "([^"]*)" is type ".*", expected /, "service-type"],
  [/^could not parse ".*" annotation on service "([^"]*)", err: /s, "app-protocols"],
  [/^error getting BackendConfig for port ".*" on service "([^"]*)", err: /s, "backend-config"],
  [/^BackendConfig (\S+) is not valid: /s, "backend-config"],
  [/^failed to validate (?:exact|prefix) path (.*) due to invalid wildcard$/s, "path-type"],
  [/^failed to validate (?:exact|prefix) path type due to empty path$/, "path-type"],
  [/^unsupported path type: (.*)$/s, "path-type"],
  [/^Ingress Backend is not a service$/, "resource-backend"],
  [/^failed to retrieve the system default backend service "([^"]*)" with port /s, "default-backend"],
];

/** Reads one recorded error text; a text of no known form is kept whole, so that it never agrees by chance. */
export function identifyRecordedError(text: string): ErrorIdentity {
  for (const [pattern, kind] of TEXTS) {
    const match = pattern.exec(text);
    if (match !== null) return { kind, object: match[1] ?? "" };
  }
  return { kind: "unrecognised", object: text };
}
