import type { GoogleError } from "./google-error.ts";

/**
 * What a message of GKE's controllers blames, with the details it gives. Every string comes from the cluster and
 * is uncleaned; whoever shows it cleans it. Names of Services are `namespace/name`, as the controller writes them.
 */
export type SyncCause = TranslationCause | ComputeCause | FrontendCause | OtherCause;

/** Why the controller could not turn the Ingress into a load balancer configuration. */
export type TranslationCause =
  | { readonly kind: "service-missing"; readonly service: string }
  | { readonly kind: "service-port-missing"; readonly service: string; readonly port: string }
  | { readonly kind: "service-type-unsupported"; readonly service: string; readonly type: string }
  | { readonly kind: "app-protocols-invalid"; readonly service: string; readonly problem: string }
  | {
      readonly kind: "backend-config-annotation-invalid";
      readonly service: string;
      readonly port: string;
      readonly problem: string;
    }
  | { readonly kind: "backend-config-missing"; readonly service: string; readonly port: string }
  | { readonly kind: "backend-config-invalid"; readonly backendConfig: string; readonly problem: string }
  | { readonly kind: "resource-backend" }
  | { readonly kind: "path-invalid"; readonly pathType: string; readonly path: string }
  | { readonly kind: "service-annotation-invalid"; readonly problem: string }
  | { readonly kind: "system-default-backend-missing"; readonly service: string }
  | SecretCause;

/** A Secret that is not there or lacks what is needed. `backendConfig` is set when that, not TLS, names it. */
export type SecretCause =
  | { readonly kind: "secret-missing"; readonly secret: string; readonly backendConfig?: string }
  | {
      readonly kind: "secret-key-missing";
      readonly secret: string;
      readonly key: string;
      readonly backendConfig?: string;
    }
  /** A `spec.tls` entry names no Secret at all. */
  | { readonly kind: "secret-unnamed" };

/** Why Compute Engine refused a call, whatever the call was for. */
export type ComputeCause =
  /** A resource quota is used up. `limit` as written, e.g. `5.0 globally`. */
  | { readonly kind: "quota"; readonly metric?: string; readonly limit?: string }
  | { readonly kind: "permission"; readonly permission?: string; readonly resource?: string }
  | { readonly kind: "org-policy"; readonly constraint?: string }
  | { readonly kind: "api-disabled"; readonly billing: boolean }
  | { readonly kind: "rate-limited" }
  | { readonly kind: "concurrent-change"; readonly detail: "fingerprint" | "not-ready" | "already-exists" }
  | { readonly kind: "resource-in-use"; readonly resource?: string; readonly by?: string }
  | { readonly kind: "node-in-multiple-groups"; readonly instance?: string }
  | { readonly kind: "balancing-mode-conflict" }
  /** Something else was not found. */
  | { readonly kind: "resource-missing"; readonly collection: string; readonly name: string }
  /** Google's side failed (5xx, time-out); nothing of the user's is to blame. */
  | { readonly kind: "google-unavailable"; readonly status: number };

/** What is wrong with the front end: name, address, map, certificates, policies. */
export type FrontendCause =
  | { readonly kind: "class-unavailable"; readonly instead?: string }
  | { readonly kind: "name-invalid"; readonly name: string }
  | { readonly kind: "static-ip-missing"; readonly name: string }
  | { readonly kind: "static-ip-annotations-conflict" }
  | { readonly kind: "address-in-use"; readonly address?: string }
  | { readonly kind: "address-invalid"; readonly address?: string }
  | { readonly kind: "network-tier" }
  | { readonly kind: "proxy-only-subnet-missing" }
  | { readonly kind: "protocols-disabled" }
  | { readonly kind: "internal-protocols" }
  /** Too many elements in a field: `max` and `actual` where the text says them. */
  | {
      readonly kind: "url-map-too-large";
      readonly field: string;
      readonly max?: number;
      readonly actual?: number;
    }
  | { readonly kind: "url-map-refused"; readonly field?: string; readonly value?: string }
  | { readonly kind: "too-many-certificates"; readonly max?: number; readonly actual?: number }
  | { readonly kind: "certificate-missing"; readonly name: string; readonly location: string }
  | {
      readonly kind: "certificate-refused";
      readonly certificate?: string;
      /** `key-mismatch`: key and certificate do not belong together; `malformed`: one of them does not parse. */
      readonly problem: "malformed" | "key-mismatch" | "key-size" | "other";
    }
  | { readonly kind: "ssl-policy-missing"; readonly name: string }
  | { readonly kind: "frontend-config-missing" }
  | { readonly kind: "redirect-on-internal" }
  | { readonly kind: "redirect-needs-v2-names" }
  | { readonly kind: "redirect-code-invalid"; readonly value?: string }
  | { readonly kind: "managed-certificate-missing"; readonly name: string };

/** What is wrong with backends and their groups, and everything nobody has taught this parser. */
export type OtherCause =
  | { readonly kind: "neg-missing"; readonly neg: string; readonly zone?: string }
  | { readonly kind: "neg-annotation-invalid" }
  | { readonly kind: "neg-port-missing"; readonly port: string }
  | { readonly kind: "neg-custom-name-with-ingress" }
  | { readonly kind: "neg-name-conflict"; readonly neg?: string; readonly owner?: string }
  | { readonly kind: "neg-ipv6-only" }
  | { readonly kind: "neg-address-outside-subnet"; readonly address?: string }
  | { readonly kind: "neg-endpoint-node"; readonly node?: string; readonly endpointSlice?: string }
  | { readonly kind: "neg-node-without-zone"; readonly node?: string }
  | { readonly kind: "neg-degraded" }
  | { readonly kind: "instance-group-missing" }
  | { readonly kind: "node-port-missing"; readonly port?: string }
  | { readonly kind: "health-check-protocol-flip"; readonly healthCheck?: string }
  | { readonly kind: "health-check-type-invalid"; readonly type: string }
  | { readonly kind: "health-check-refused"; readonly field?: string; readonly value?: string }
  | { readonly kind: "security-policy-missing"; readonly name: string }
  | { readonly kind: "security-policy-unsupported" }
  | { readonly kind: "iap-credentials-switched" }
  | { readonly kind: "transparent-health-check" }
  | { readonly kind: "unrecognized" };

/** An error message with what was read out of it once, for the matchers. */
export interface ErrorText {
  /** Bounded in length by whoever builds it. */
  readonly text: string;
  readonly google: GoogleError | undefined;
}

/** Recognizes one cause, or answers undefined. Every pattern must run in linear time. */
export type CauseMatcher = (error: ErrorText) => SyncCause | undefined;

/** Captured groups of a pattern; undefined when it does not match. Unset groups are empty strings. */
export function captures(text: string, pattern: RegExp): readonly string[] | undefined {
  const match = pattern.exec(text);
  return match === null ? undefined : match.slice(1).map((group) => group ?? "");
}
