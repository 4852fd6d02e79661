import { BACKEND_MATCHERS } from "./backend-causes.ts";
import type { CauseMatcher, ErrorText, SyncCause } from "./causes.ts";
import { COMPUTE_MATCHERS } from "./compute-causes.ts";
import { FRONTEND_MATCHERS } from "./frontend-causes.ts";
import { parseGoogleError } from "./google-error.ts";
import { TRANSLATION_MATCHERS } from "./translation-causes.ts";

/** Messages are read up to this many characters: what identifies an error stands at its two ends. */
export const MAX_ERROR_TEXT = 16 * 1024;

/** Refusals of Google come first: whatever the controller was doing, the refusal is the reason. */
const MATCHERS: readonly CauseMatcher[] = [
  ...TRANSLATION_MATCHERS,
  ...COMPUTE_MATCHERS,
  ...FRONTEND_MATCHERS,
  ...BACKEND_MATCHERS,
];

/**
 * Says what one error message of GKE's controllers blames; linear in its length.
 *
 * @param message one error, as an Event or a status condition words it; prefixes do not matter
 */
export function classifySyncError(message: string): SyncCause {
  const text = boundedErrorText(message);
  const error: ErrorText = { text, google: parseGoogleError(text) };
  for (const matcher of MATCHERS) {
    const cause = matcher(error);
    if (cause !== undefined) return cause;
  }
  return { kind: "unrecognized" };
}

/** Keeps both ends of an over-long message. */
export function boundedErrorText(message: string): string {
  if (message.length <= MAX_ERROR_TEXT) return message;
  return `${message.slice(0, MAX_ERROR_TEXT - 512)} ${message.slice(-511)}`;
}

/** Parts in front of an error that say only which routine met it. */
const WRAPPERS: readonly RegExp[] = [
  /^\(combined from similar events\):\s*/,
  /^Error (?:syncing to GCP|during sync|during garbage collection):\s*/i,
  /^Translation failed:\s*(?:invalid ingress spec:\s*)?/i,
  /^error running (?:backend syncing|load balancer syncing|post-process) routine:\s*/i,
  /^loadbalancer \S{1,256} does not exist:\s*/i,
  /^error processing service "[^"]{1,512}":\s*/i,
  /^Error:\s*/,
];

/** The error without the controller's wrapping; "loadbalancer X does not exist:" is one such wrapper. */
export function unwrappedError(message: string): string {
  let text = boundedErrorText(message).trim();
  for (const wrapper of WRAPPERS) text = text.replace(wrapper, "");
  return text;
}
