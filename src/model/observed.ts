/** Everything a diagnosis may be unable to read; each has one question in the published diagnosis. */
export type SourceName =
  | "services"
  | "endpointSlices"
  | "pods"
  | "workloads"
  | "backendConfigs"
  | "frontendConfigs"
  | "managedCertificates"
  | "serviceNegs"
  | "nodes"
  | "secrets"
  | "networkPolicies"
  | "events"
  | "ingresses"
  | "systemDefaultBackend"
  | "loadBalancer"
  | "probes";

/**
 * Why a source could not be read.
 *
 * - `forbidden`: the API answered, and refused;
 * - `not-synced`: a first complete list has not arrived yet;
 * - `not-configured`: the feature is switched off or has no credentials;
 * - `offline`: the diagnosis runs on manifests, where this state does not exist;
 * - `failed`: the read was tried and failed (timeout, 5xx, quota).
 */
export type UnknownReason = "forbidden" | "not-synced" | "not-configured" | "offline" | "failed";

/** A value that was read. Absence is a value too: `Known<undefined>` means "looked, and it is not there". */
export interface Known<T> {
  readonly known: true;
  readonly value: T;
}

/** A value that could not be read. It is never evidence for or against anything. */
export interface Unknown {
  readonly known: false;
  readonly source: SourceName;
  readonly reason: UnknownReason;
  /** What would make it readable, e.g. `permission to list pods`; own words, never a foreign error text. */
  readonly needs: string;
}

/** Three answers in one type: there, not there, and could not look. */
export type Observed<T> = Known<T> | Unknown;

/** Wraps a value that was read. */
export function known<T>(value: T): Known<T> {
  return { known: true, value };
}

/** Builds the answer for a source that could not be read. */
export function unknown(source: SourceName, reason: UnknownReason, needs: string): Unknown {
  return { known: false, source, reason, needs };
}

/** Applies `project` to a known value and passes an unknown one through unchanged. */
export function mapObserved<T, U>(observed: Observed<T>, project: (value: T) => U): Observed<U> {
  return observed.known ? known(project(observed.value)) : observed;
}
