import { field, list, record, text } from "../model/json.ts";
import { type Unknown, unknown } from "../model/observed.ts";

/**
 * Why a read of Google Cloud gave no result; the set is closed.
 *
 * - `no-project`: nothing says which project the cluster is in;
 * - `no-credentials`: there are none, or Google is not where this process runs;
 * - `identity-denied`: the metadata server or token service refused a token;
 * - `identity-unreachable`: the token service did not answer in time;
 * - `denied`: the Compute API refused the permission; `api-disabled`: the project does not use the API;
 * - `not-found`: the API answered that the resource does not exist;
 * - `throttled`: a rate quota is used up; `unavailable`: 5xx or no connection; `timeout`: no answer in time;
 * - `partial`: the answer leaves out a region or zone that matters;
 * - `malformed`: an answer that is not what the API promises; `unauthorized`: the token was not accepted;
 * - `rejected`: any other refusal, the same request will be refused again.
 */
export type ComputeFailureKind =
  | "no-project"
  | "no-credentials"
  | "identity-denied"
  | "identity-unreachable"
  | "denied"
  | "api-disabled"
  | "not-found"
  | "throttled"
  | "unavailable"
  | "timeout"
  | "partial"
  | "malformed"
  | "unauthorized"
  | "rejected";

/** A failed read of Google Cloud. Carries no foreign text, so it may be logged. */
export class ComputeFailure extends Error {
  readonly kind: ComputeFailureKind;
  /** How long the API asked to wait. */
  readonly retryAfterMs: number | undefined;

  constructor(kind: ComputeFailureKind, retryAfterMs?: number) {
    super(kind);
    this.name = "ComputeFailure";
    this.kind = kind;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Reasons, of `errors[].reason` or ErrorInfo, with which Compute Engine says that a rate quota is used up. */
const RATE_REASONS: ReadonlySet<string> = new Set([
  "rateLimitExceeded",
  "userRateLimitExceeded",
  "quotaExceeded",
  "RATE_LIMIT_EXCEEDED",
  "RESOURCE_EXHAUSTED",
]);
const DISABLED_REASONS: ReadonlySet<string> = new Set([
  "accessNotConfigured",
  "SERVICE_DISABLED",
  "BILLING_DISABLED",
]);

/** Longest pause the API may ask for. */
const MAX_RETRY_AFTER_MS = 600_000;

/**
 * Classifies an answer other than 2xx. Status 403 has three meanings that only the reasons in the body tell apart.
 *
 * @param body the parsed JSON of the answer; anything else, such as a proxy's page, counts as no body
 */
export function failureOfAnswer(status: number, body: unknown, retryAfter: string | null): ComputeFailure {
  return new ComputeFailure(kindOfAnswer(status, body), parseRetryAfter(retryAfter));
}

function kindOfAnswer(status: number, body: unknown): ComputeFailureKind {
  if (status === 401) return "unauthorized";
  if (status === 429) return "throttled";
  if (status === 408 || status === 504) return "timeout";
  if (status >= 500) return "unavailable";
  const reasons = reasonsOf(body);
  if (status === 403) {
    if (reasons.some((reason) => RATE_REASONS.has(reason))) return "throttled";
    return reasons.some((reason) => DISABLED_REASONS.has(reason)) ? "api-disabled" : "denied";
  }
  // A proxy's page with status 404 says nothing about a resource.
  if (status === 404) return record(body, "error") === undefined ? "malformed" : "not-found";
  return status >= 400 ? "rejected" : "malformed";
}

function reasonsOf(body: unknown): readonly string[] {
  const error = field(body, "error");
  return [...list(error, "errors"), ...list(error, "details")].flatMap(
    (entry) => text(entry, "reason") ?? [],
  );
}

/** `Retry-After` in seconds or as an HTTP date is allowed; Google writes seconds, so a date is ignored. */
function parseRetryAfter(header: string | null): number | undefined {
  if (header === null || !/^\d{1,6}$/.test(header)) return undefined;
  return Math.min(Number(header) * 1_000, MAX_RETRY_AFTER_MS);
}

/** gRPC status DEADLINE_EXCEEDED, which the client library gives its own deadline. */
const DEADLINE_EXCEEDED = 4;

/** Classifies whatever the client library throws; failures of our own transport are found inside. */
export function failureOfError(error: unknown): ComputeFailure {
  if (error instanceof ComputeFailure) return error;
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof ComputeFailure) return cause;
  if (field(error, "code") === DEADLINE_EXCEEDED) return new ComputeFailure("timeout");
  // Our transport rejects with a failure or answers a complete 2xx body, so what is left failed while decoding it.
  return new ComputeFailure("malformed");
}

/** Says what a failed read means for a diagnosis: never a foreign text, always what would make it readable. */
export function unknownOf(failure: ComputeFailure, permission: string): Unknown {
  const source = "loadBalancer";
  switch (failure.kind) {
    case "no-project":
      return unknown(source, "not-configured", "the Google Cloud project of the cluster");
    case "no-credentials":
      return unknown(
        source,
        "not-configured",
        "Google credentials: Workload Identity in a cluster, gcloud auth application-default login elsewhere",
      );
    case "identity-denied":
      return unknown(source, "forbidden", "an identity that Google gives a token to");
    case "identity-unreachable":
      return unknown(source, "failed", "an answer of the metadata server in time");
    case "denied":
      return unknown(source, "forbidden", `role with ${permission}`);
    case "api-disabled":
      return unknown(source, "forbidden", "the Compute Engine API enabled in the project");
    case "unauthorized":
      return unknown(source, "forbidden", "a token that the Compute Engine API accepts");
    case "not-found":
      return unknown(source, "failed", "the id of a project that exists");
    case "throttled":
      return unknown(source, "failed", "read quota of the Compute Engine API");
    case "unavailable":
      return unknown(source, "failed", "the Compute Engine API to be available");
    case "timeout":
      return unknown(source, "failed", "an answer of the Compute Engine API in time");
    case "partial":
      return unknown(source, "failed", "an answer of the Compute Engine API for every zone of the cluster");
    case "malformed":
      return unknown(source, "failed", "a complete answer of the Compute Engine API");
    case "rejected":
      return unknown(source, "failed", "a request that the Compute Engine API accepts");
  }
}
