import type { WriteFailure } from "../reconciler/ports.ts";
import { type ApiFailure, failureOfError } from "./api-failure.ts";
import type { RequestBudget } from "./request-budget.ts";

/** Runs one write within its budget; never rejects. */
export async function writeWithin<T>(
  budget: RequestBudget,
  signal: AbortSignal,
  write: () => Promise<T>,
): Promise<T | WriteFailure> {
  if (!(await budget.take(signal))) return { outcome: "aborted" };
  try {
    return await write();
  } catch (error) {
    const failure = failureOfError(error);
    if (failure.retryAfterMs !== undefined) budget.pauseFor(failure.retryAfterMs);
    return writeFailureOf(failure);
  }
}

/** What a refused write means to the one who asked for it. */
export function writeFailureOf(failure: ApiFailure): WriteFailure {
  switch (failure.kind) {
    case "aborted":
    case "conflict":
    case "forbidden":
      return { outcome: failure.kind };
    case "not-found":
      // The server answers a Status for a missing object or namespace, and plain text for a path it does not serve.
      return { outcome: failure.reason === "NotFound" ? "gone" : "unserved" };
    case "invalid":
      return { outcome: "rejected" };
    case "too-many-requests":
      return { outcome: "throttled", retryAfterMs: failure.retryAfterMs };
    default:
      return { outcome: "failed" };
  }
}
