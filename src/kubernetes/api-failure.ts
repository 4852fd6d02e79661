import { list, record, text } from "../model/json.ts";

/**
 * Why a request to the API server gave no result.
 *
 * - `forbidden`, `unauthorized`, `not-found`, `conflict`, `gone` (410 or a version that is no longer served),
 *   `too-many-requests`: as HTTP says;
 * - `invalid`: any other 4xx, the same request will be refused again;
 * - `unavailable`: 5xx; `timeout`: no answer in time; `network`: refused, reset, DNS or TLS;
 * - `malformed`: an answer that is not what the API promises; `aborted`: the caller gave up.
 */
export type FailureKind =
  | "forbidden"
  | "unauthorized"
  | "not-found"
  | "conflict"
  | "gone"
  | "too-many-requests"
  | "invalid"
  | "unavailable"
  | "timeout"
  | "network"
  | "malformed"
  | "aborted";

const MAX_DETAIL = 200;

/** What is known of a failed request beside its kind. */
export interface FailureDetails {
  /** HTTP status; undefined when there was no answer. */
  readonly status?: number;
  /** `reason` of the Status object, such as `AlreadyExists`; empty when the body was none. */
  readonly reason?: string;
  readonly detail?: string;
  readonly retryAfterMs?: number;
}

/** A failed request to the API server. `detail` is foreign text, cut and cleaned; show it only in logs. */
export class ApiFailure extends Error {
  readonly kind: FailureKind;
  readonly status: number | undefined;
  readonly reason: string;
  readonly detail: string;
  /** How long the server asked to wait. */
  readonly retryAfterMs: number | undefined;

  constructor(kind: FailureKind, details: FailureDetails = {}) {
    const reason = clean(details.reason ?? "");
    const detail = clean(details.detail ?? "");
    super([kind, details.status, reason, detail].filter(Boolean).join(" "));
    this.name = "ApiFailure";
    this.kind = kind;
    this.status = details.status;
    this.reason = reason;
    this.detail = detail;
    this.retryAfterMs = details.retryAfterMs;
  }
}

/** Classifies an answer other than 2xx, or a Status object inside a watch stream. */
export function failureOfStatus(status: number, body: unknown, retryAfter?: string): ApiFailure {
  const retryAfterMs = parseRetryAfter(retryAfter);
  return new ApiFailure(kindOfBody(body) ?? kindOfStatus(status), {
    status,
    reason: text(body, "reason") ?? "",
    detail: text(body, "message") ?? "",
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

function kindOfStatus(status: number): FailureKind {
  switch (status) {
    case 401:
      return "unauthorized";
    case 403:
      return "forbidden";
    case 404:
      return "not-found";
    case 408:
      return "timeout";
    case 409:
      return "conflict";
    case 410:
      return "gone";
    case 429:
      return "too-many-requests";
  }
  if (status >= 500) return "unavailable";
  return status >= 400 ? "invalid" : "malformed";
}

/** Answers of status 500 that blame the request: an apply with a field the schema lacks, an object too big. */
const INVALID_REQUESTS = ["failed to create typed patch object", "etcdserver: request is too large"];

/** Kinds that the HTTP status hides. */
function kindOfBody(body: unknown): FailureKind | undefined {
  const causes = list(record(body, "details"), "causes");
  // After a restore from backup the server is behind the version we know; only a new list helps.
  if (causes.some((cause) => text(cause, "reason") === "ResourceVersionTooLarge")) return "gone";
  const message = text(body, "message") ?? "";
  return INVALID_REQUESTS.some((start) => message.startsWith(start)) ? "invalid" : undefined;
}

/** `Retry-After` in whole seconds, as the API server writes it; capped at ten minutes. */
function parseRetryAfter(header: string | undefined): number | undefined {
  if (header === undefined || !/^\d{1,9}$/.test(header)) return undefined;
  return Math.min(Number(header), 600) * 1_000;
}

const TIMEOUT_CODES: ReadonlySet<string> = new Set([
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_BODY_TIMEOUT",
  "ETIMEDOUT",
]);

/** Classifies what undici throws; an error that carries no code comes from no connection but from an answer. */
export function failureOfError(error: unknown): ApiFailure {
  if (error instanceof ApiFailure) return error;
  const code = codeOf(error) ?? codeOf(error instanceof Error ? error.cause : undefined);
  const detail = error instanceof Error ? error.message : "";
  if (code === undefined) return new ApiFailure("malformed", { detail });
  return new ApiFailure(TIMEOUT_CODES.has(code) ? "timeout" : "network", { reason: code, detail });
}

function codeOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for.
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Cuts foreign text and replaces what could forge log lines or terminal output. */
function clean(foreign: string): string {
  return foreign.slice(0, MAX_DETAIL).replace(UNSAFE, "?");
}
