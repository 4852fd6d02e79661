// Generated from deploy/crds/ingressdiagnoses.ingressdoctor.dev.yaml by `npm run gen`; do not edit.

/** The finding that explains the others; absent when nothing is wrong or nothing explains it. */
export interface StatusCause {
  /** Code of the finding, e.g. `GID401`. `ingress-doctor explain GID401` tells more. */
  readonly code: string;
  /** CamelCase name of the finding, as used in Events, conditions and metrics. */
  readonly reason: string;
}

/** One point of the checklist. */
export interface StatusCondition {
  /**
   * The question. `Ready`: do all routes work. `Accepted`: does the GKE controller take this Ingress.
   * `AddressAssigned`: is there an address. `RoutesResolved`: does every route lead to a Service port.
   * `EndpointsReady`: do the Services have ready Pods. `HealthChecksPassing`: will the load balancer's health
   * checks pass. `NegsSynced`: do the network endpoint groups follow the Pods. `Settled`: have recent changes
   * had time to arrive.
   */
  readonly type:
    | "Ready"
    | "Accepted"
    | "AddressAssigned"
    | "RoutesResolved"
    | "EndpointsReady"
    | "HealthChecksPassing"
    | "NegsSynced"
    | "Settled";
  /** The answer; `Unknown` when something needed for it could not be read. */
  readonly status: "True" | "False" | "Unknown";
  /** CamelCase reason of the answer, often that of a finding. */
  readonly reason: string;
  /** The answer in words. */
  readonly message: string;
  /** When `status` of this condition last changed. */
  readonly lastTransitionTime: string;
  /** Generation of the Ingress this answer is about. */
  readonly observedGeneration?: number;
}

/** The object to look at. */
export interface StatusSubject {
  /** API version of the object, e.g. `v1`. */
  readonly apiVersion?: string;
  /** Kind of the object, e.g. `Service`. */
  readonly kind: string;
  /** Namespace of the object; absent for one that has none. */
  readonly namespace?: string;
  /** Name of the object. */
  readonly name: string;
  /** JSON path of the field inside the object, e.g. `spec.selector`. */
  readonly fieldPath?: string;
}

/** What to change so that the finding goes away. */
export interface StatusFix {
  /** The change in one sentence. */
  readonly summary: string;
  /** Command that makes the change; read it before running it. */
  readonly command?: string;
  /** The change as a patch or manifest snippet in YAML. */
  readonly patch?: string;
}

/** One fact that is wrong or worth knowing, with the change that removes it. */
export interface StatusFinding {
  /** Stable code of the rule, e.g. `GID401`. `ingress-doctor explain GID401` tells more. */
  readonly code: string;
  /** CamelCase name of the rule, as used in Events, conditions and metrics. */
  readonly reason: string;
  /**
   * `error`: traffic fails now. `warning`: it will or may fail. `info`: a hint that does not change the
   * verdict.
   */
  readonly severity: "error" | "warning" | "info";
  /** What clients or operators see because of it; empty for a hint. */
  readonly symptoms: readonly (
    | "404"
    | "502"
    | "tls"
    | "no-address"
    | "no-load-balancer"
    | "no-neg"
    | "wrong-backend"
    | "degraded"
    | "stale"
    | "rollout-stuck"
    | "stuck-deleting"
  )[];
  /** The object to look at. */
  readonly subject: StatusSubject;
  /** What was found, with the values that were compared, and what follows from it. */
  readonly message: string;
  /** What to change so that the finding goes away. */
  readonly fix: StatusFix;
  /** Code of the finding that explains this one; fix that one first. */
  readonly causedBy?: string;
}

/** One host and path. */
export interface StatusRoute {
  /** Host of the rule; `*` for a rule that applies to every host. */
  readonly host: string;
  /** Path as written in the Ingress. */
  readonly path: string;
  /** How the path is compared, `Exact`, `Prefix` or `ImplementationSpecific`. */
  readonly pathType?: string;
  /** Service the route leads to; absent when it leads to no Service. */
  readonly service?: string;
  /** Name or number of the Service's port. */
  readonly port?: string;
  /**
   * What a client is expected to get: `served` by the Service, a `redirect`, the load balancer's own `404`,
   * `502` or `503`, `none` when nothing answers, `unknown` when it could not be decided.
   */
  readonly answer: "served" | "404" | "502" | "503" | "redirect" | "none" | "unknown";
  /** True when the load balancer still holds an older version of this route. */
  readonly frozen?: boolean;
  /** Code of the finding that explains the answer. */
  readonly finding?: string;
}

/** How many endpoints there are, as each party counts them. */
export interface StatusEndpoints {
  /** Endpoints that are ready in Kubernetes. */
  readonly ready: number;
  /** Endpoints that are not ready in Kubernetes. */
  readonly notReady: number;
  /** Endpoints in the network endpoint groups; absent when Google Cloud was not read. */
  readonly inNeg?: number;
  /** Endpoints the load balancer calls healthy; absent when Google Cloud was not read. */
  readonly healthy?: number;
  /** Endpoints the load balancer calls unhealthy; absent when Google Cloud was not read. */
  readonly unhealthy?: number;
}

/** The health check the load balancer uses for this port. */
export interface StatusHealthCheck {
  /** Protocol of the check, e.g. `HTTP`. */
  readonly type: string;
  /** Path that must answer 200. */
  readonly path: string;
  /** Port that is asked. */
  readonly port: string;
  /** Where these values come from, e.g. `BackendConfig web-bc`. */
  readonly source: string;
}

/** One Service port as the load balancer uses it. */
export interface StatusBackend {
  /** Name of the Service. */
  readonly service: string;
  /** Name or number of the Service's port. */
  readonly port: string;
  /**
   * How the load balancer reaches the Pods: `neg`, directly through network endpoint groups, or
   * `instance-group`, through a node port.
   */
  readonly mode: "neg" | "instance-group" | "unknown";
  /** Protocol the load balancer speaks to the Pods, `HTTP`, `HTTPS` or `HTTP2`. */
  readonly protocol?: string;
  /** How many endpoints there are, as each party counts them. */
  readonly endpoints: StatusEndpoints;
  /** The health check the load balancer uses for this port. */
  readonly healthCheck?: StatusHealthCheck;
}

/** One question that could not be answered. */
export interface StatusUndecided {
  /** The question. */
  readonly question: string;
  /**
   * Why it could not be answered: the API refused (`forbidden`), a first list is missing (`not-synced`), a
   * feature is off or not installed (`not-configured`), there is no cluster (`offline`), or the read
   * `failed`.
   */
  readonly reason: "forbidden" | "not-synced" | "not-configured" | "offline" | "failed";
  /** What would answer it, e.g. a permission. */
  readonly needs: string;
}

/** One ignored finding. */
export interface StatusSuppressed {
  /** Code of the ignored finding. */
  readonly code: string;
  /** The reason given in the annotation. */
  readonly note: string;
  /** Last day on which it is ignored, `YYYY-MM-DD`; absent for no end. */
  readonly until?: string;
}

/** How many findings and routes there are, including those left out of the lists. */
export interface StatusCounts {
  /** Findings of severity `error`. */
  readonly errors: number;
  /** Findings of severity `warning`. */
  readonly warnings: number;
  /** Findings of severity `info`. */
  readonly hints: number;
  /** Routes of the Ingress. */
  readonly routes: number;
  /** Routes that are expected to be served or redirected. */
  readonly routesServed: number;
  /** Findings left out of `findings`; absent when none is. */
  readonly omittedFindings?: number;
  /** Routes left out of `routes`; absent when none is. */
  readonly omittedRoutes?: number;
  /** Service ports left out of `backends`; absent when none is. */
  readonly omittedBackends?: number;
  /** Questions left out of `undecided`; absent when none is. */
  readonly omittedUndecided?: number;
  /** Entries left out of `suppressed`; absent when none is. */
  readonly omittedSuppressed?: number;
}

/**
 * What Ingress Doctor found at its last look. It is computed as a whole and written only when it differs, so
 * an old time does not mean that it is outdated.
 */
export interface IngressDiagnosisStatus {
  /**
   * Whether the Ingress works. `Healthy`: every route is expected to be served. `Degraded`: some routes fail,
   * or a warning says they will. `Broken`: no route works, or there is no address. `Progressing`: a recent
   * change is still on its way to the load balancer. `Unknown`: what could be read does not decide it; see
   * `undecided`.
   */
  readonly verdict: "Healthy" | "Degraded" | "Broken" | "Progressing" | "Unknown";
  /** What clients or operators see of it, e.g. `502`; `none` when nothing is wrong. */
  readonly symptom:
    | "404"
    | "502"
    | "tls"
    | "no-address"
    | "no-load-balancer"
    | "no-neg"
    | "wrong-backend"
    | "degraded"
    | "stale"
    | "rollout-stuck"
    | "stuck-deleting"
    | "none";
  /** The most likely cause in one sentence. */
  readonly summary: string;
  /** The finding that explains the others; absent when nothing is wrong or nothing explains it. */
  readonly cause?: StatusCause;
  /** The checklist a person would walk. `Ready` sums it up, so `kubectl wait --for=condition=Ready` works. */
  readonly conditions: readonly StatusCondition[];
  /**
   * Everything that is wrong or worth knowing, the worst first, at most 50. `counts.omittedFindings` says how
   * many are left out.
   */
  readonly findings: readonly StatusFinding[];
  /**
   * Each host and path of the Ingress with the answer a client is expected to get, at most 100.
   * `counts.omittedRoutes` says how many are left out.
   */
  readonly routes: readonly StatusRoute[];
  /** Routes that are expected to be served or redirected, of all routes, e.g. `2/3`. */
  readonly routesServed: string;
  /**
   * The Service ports the routes lead to, at most 50. `counts.omittedBackends` says how many are left out.
   */
  readonly backends?: readonly StatusBackend[];
  /**
   * Questions that could not be answered, at most 20, and what would answer them. They are not faults of the
   * Ingress. `counts.omittedUndecided` says how many are left out.
   */
  readonly undecided?: readonly StatusUndecided[];
  /**
   * Findings that the annotation `ingressdoctor.dev/ignore` of the Ingress hides, at most 20.
   * `counts.omittedSuppressed` says how many are left out.
   */
  readonly suppressed?: readonly StatusSuppressed[];
  /** Addresses of the load balancer, IP or host name, from the status of the Ingress. */
  readonly addresses?: readonly string[];
  /** How many findings and routes there are, including those left out of the lists. */
  readonly counts: StatusCounts;
  /** Generation of the Ingress that was diagnosed. */
  readonly observedGeneration: number;
  /** When a recent change should have arrived at the load balancer; absent when nothing is under way. */
  readonly settlesAt?: string;
  /** When the verdict or the cause last changed. */
  readonly lastTransitionTime: string;
}

/** Longest lists, by path. */
export const MAX_ITEMS = {
  conditions: 8,
  findings: 50,
  "findings.symptoms": 12,
  routes: 100,
  backends: 50,
  undecided: 20,
  suppressed: 20,
  addresses: 8,
} as const;

/** Longest strings in code points, by path. */
export const MAX_LENGTH = {
  summary: 1024,
  "cause.code": 6,
  "cause.reason": 64,
  "conditions.reason": 64,
  "conditions.message": 1024,
  "findings.code": 6,
  "findings.reason": 64,
  "findings.subject.apiVersion": 317,
  "findings.subject.kind": 63,
  "findings.subject.namespace": 63,
  "findings.subject.name": 253,
  "findings.subject.fieldPath": 512,
  "findings.message": 1024,
  "findings.fix.summary": 1024,
  "findings.fix.command": 4096,
  "findings.fix.patch": 4096,
  "findings.causedBy": 6,
  "routes.host": 253,
  "routes.path": 1024,
  "routes.pathType": 64,
  "routes.service": 253,
  "routes.port": 63,
  "routes.finding": 6,
  routesServed: 15,
  "backends.service": 253,
  "backends.port": 63,
  "backends.protocol": 16,
  "backends.healthCheck.type": 16,
  "backends.healthCheck.path": 1024,
  "backends.healthCheck.port": 63,
  "backends.healthCheck.source": 512,
  "undecided.question": 512,
  "undecided.needs": 512,
  "suppressed.code": 6,
  "suppressed.note": 512,
  "suppressed.until": 10,
  addresses: 253,
} as const;
