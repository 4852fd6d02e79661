import type { UnknownReason } from "../model/observed.ts";
import type { ObjectRef } from "../model/refs.ts";
import type { Finding, Symptom } from "./finding.ts";
import type { UrlMapFreshness } from "./url-map-drift.ts";

/**
 * - `Healthy`: every route is expected to be served;
 * - `Degraded`: some routes fail, or a warning says they will;
 * - `Broken`: no route works, or there is no address;
 * - `Progressing`: inside the propagation window, and nothing contradicts it;
 * - `Unknown`: what was readable does not decide it.
 */
export type Verdict = "Healthy" | "Degraded" | "Broken" | "Progressing" | "Unknown";

/** The checklist a person walks, as condition types in walking order. */
export const CONDITION_TYPES = [
  "Ready",
  "Accepted",
  "AddressAssigned",
  "RoutesResolved",
  "EndpointsReady",
  "HealthChecksPassing",
  "NegsSynced",
  "Settled",
] as const;

/** One of {@link CONDITION_TYPES}. */
export type ConditionType = (typeof CONDITION_TYPES)[number];

/** A condition without its transition time, which belongs to whoever publishes it. */
export interface DiagnosisCondition {
  readonly type: ConditionType;
  readonly status: "True" | "False" | "Unknown";
  /** CamelCase from a bounded set: a finding's reason, or one of a few fixed words. */
  readonly reason: string;
  readonly message: string;
}

/** What a client of one route is expected to get. */
export type ExpectedAnswer = "served" | "404" | "502" | "503" | "redirect" | "none" | "unknown";

/** One host and path of the Ingress with the answer expected for it. */
export interface RouteDiagnosis {
  /** `*` for a rule without a host. */
  readonly host: string;
  readonly path: string;
  readonly pathType: string;
  /** Service name; empty when the backend is no Service. */
  readonly service: string;
  readonly port: string;
  readonly answer: ExpectedAnswer;
  /** True when the load balancer still holds an older version of this route. */
  readonly frozen: boolean;
  /** Code of the finding that says so. */
  readonly finding?: string;
}

/**
 * Endpoints of one backend in one zone and one state: as Google's probers see them where Google was read, else as
 * Kubernetes does.
 */
export interface EndpointGroup {
  /** Empty where the zone is not known. */
  readonly zone: string;
  readonly state: "healthy" | "unhealthy" | "unknown" | "ready" | "not-ready";
  readonly count: number;
}

/** One Service port behind the Ingress. */
export interface BackendDiagnosis {
  readonly service: string;
  readonly port: string;
  readonly mode: "neg" | "instance-group" | "unknown";
  readonly protocol: string;
  readonly endpoints: {
    readonly ready: number;
    readonly notReady: number;
    /** Endpoints in the NEGs; undefined where Google was not read, and for instance groups. */
    readonly inNeg?: number;
    readonly healthy?: number;
    readonly unhealthy?: number;
  };
  /**
   * By zone and state; the states that matter are there with a count of zero, too. Empty where endpoints are not
   * known, and for GKE's own default backend, which all Ingresses share.
   */
  readonly endpointGroups: readonly EndpointGroup[];
  readonly healthCheck?: {
    readonly type: string;
    readonly path: string;
    readonly port: string;
    /** Where the path comes from, e.g. `BackendConfig web-bc`. */
    readonly source: string;
  };
}

/** A question that could not be answered, and what would answer it. */
export interface Undecided {
  readonly question: string;
  readonly reason: UnknownReason;
  readonly needs: string;
}

/** A finding somebody chose to ignore. */
export interface Suppressed {
  readonly code: string;
  readonly note: string;
  /** `YYYY-MM-DD`, the last day it holds; undefined for no end. */
  readonly until?: string;
}

/** Everything the engine says about one Ingress. Same snapshot, same value. */
export interface Diagnosis {
  readonly ingress: ObjectRef;
  readonly uid: string;
  readonly observedGeneration: number;
  /** False when another controller serves this Ingress, so that nothing needs to be published. */
  readonly applicable: boolean;
  readonly verdict: Verdict;
  /** `none` when nothing is wrong. */
  readonly symptom: Symptom | "none";
  /** One sentence: the most likely cause. */
  readonly summary: string;
  readonly cause?: { readonly code: string; readonly reason: string };
  readonly conditions: readonly DiagnosisCondition[];
  /** All findings in their total order; bounding is the publisher's. */
  readonly findings: readonly Finding[];
  readonly routes: readonly RouteDiagnosis[];
  readonly backends: readonly BackendDiagnosis[];
  readonly undecided: readonly Undecided[];
  readonly suppressed: readonly Suppressed[];
  readonly addresses: readonly string[];
  /** Undefined where the live URL map was not read or cannot be compared. */
  readonly urlMap?: UrlMapFreshness;
  /** Epoch milliseconds at which the propagation window closes; undefined when it is closed. */
  readonly settlesAt?: number;
  /**
   * Epoch milliseconds at which the diagnosis of the very same objects may be another one, because a window or a
   * grace period ends or a certificate expires; undefined when no such time is ahead.
   */
  readonly lookAgainAt?: number;
}
