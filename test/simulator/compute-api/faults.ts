import { errorBody } from "./answer.ts";

/** A way in which the API, or what stands before it, fails. */
export type Fault =
  | "forbidden"
  | "rate-limited-403"
  | "api-disabled"
  | "not-found"
  | "unauthorized"
  | "too-many-requests"
  | "internal-error"
  | "unavailable"
  | "bad-gateway-page"
  | "empty"
  | "truncated"
  | "reset"
  | "hang"
  | "drip"
  | "flood";

/** Every fault. */
export const FAULTS: readonly Fault[] = [
  "forbidden",
  "rate-limited-403",
  "api-disabled",
  "not-found",
  "unauthorized",
  "too-many-requests",
  "internal-error",
  "unavailable",
  "bad-gateway-page",
  "empty",
  "truncated",
  "reset",
  "hang",
  "drip",
  "flood",
];

/** Which calls fail and how. */
export interface FaultRule {
  readonly fault: Fault;
  /** Name of an RPC such as `UrlMaps.AggregatedList`, or its beginning. @defaultValue every RPC */
  readonly rpc?: string;
  /** How many calls fail before the rule is used up. @defaultValue no end */
  readonly times?: number;
  /** Seconds in `Retry-After` of `too-many-requests`. @defaultValue 1 */
  readonly retryAfter?: number;
}

/** A complete failed answer. */
export interface FaultAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

const PERMISSIONS: Readonly<Record<string, string>> = {
  AggregatedList: "list",
  List: "list",
  Get: "get",
  GetHealth: "get",
  ListNetworkEndpoints: "get",
};

/** The whole answer of a fault that has one; undefined for those that break the exchange itself. */
export function faultAnswer(rule: FaultRule, rpc: string): FaultAnswer | undefined {
  switch (rule.fault) {
    case "forbidden":
      return json(403, "forbidden", `Required '${permissionOf(rpc)}' permission for 'projects/p'`, {
        reason: "IAM_PERMISSION_DENIED",
        metadata: { permission: permissionOf(rpc) },
      });
    case "rate-limited-403":
      return json(403, "rateLimitExceeded", "Rate Limit Exceeded", { reason: "RATE_LIMIT_EXCEEDED" });
    case "api-disabled":
      return json(403, "accessNotConfigured", "Compute Engine API has not been used in project 1 before", {
        reason: "SERVICE_DISABLED",
        metadata: { service: "compute.googleapis.com" },
      });
    case "not-found":
      return json(404, "notFound", "The resource was not found");
    case "unauthorized":
      return json(401, "authError", "Invalid Credentials");
    case "too-many-requests": {
      const answer = json(429, "rateLimitExceeded", "Quota exceeded for quota metric 'Queries'");
      return { ...answer, headers: { "retry-after": String(rule.retryAfter ?? 1) } };
    }
    case "internal-error":
      return json(500, "backendError", "Internal Error");
    case "unavailable":
      return json(503, "backendError", "The service is currently unavailable.");
    case "bad-gateway-page":
      return { status: 502, type: "text/html", body: "<html><title>Error 502</title></html>", headers: {} };
    case "empty":
      return { status: 200, type: "application/json", body: "", headers: {} };
    default:
      return undefined;
  }
}

function json(status: number, reason: string, message: string, info?: object): FaultAnswer {
  const details =
    info === undefined
      ? undefined
      : [{ "@type": "type.googleapis.com/google.rpc.ErrorInfo", domain: "googleapis.com", ...info }];
  const body = JSON.stringify(errorBody(status, reason, message, details));
  return { status, type: "application/json", body, headers: {} };
}

function permissionOf(rpc: string): string {
  const [service = "", method = ""] = rpc.split(".");
  return `compute.${service.charAt(0).toLowerCase()}${service.slice(1)}.${PERMISSIONS[method]}`;
}
