import type { BackendConfig, ServiceNeg } from "../model/gke-config.ts";
import type { PortReference } from "../model/ingress.ts";
import type { Observed } from "../model/observed.ts";
import type { Pod, Workload } from "../model/pod.ts";
import type { Endpoint, EndpointSlice, Service, ServicePort } from "../model/service.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { BackendResolution } from "./gke/backend.ts";
import type { EffectiveHealthCheck } from "./gke/health-check.ts";
import type { IngressOwnership } from "./gke/ingress-class.ts";
import type { Translation } from "./gke/translate.ts";
import type { Moment } from "./moment.ts";
import type { Settling } from "./settling.ts";
import type { NegConditionError } from "./sync/neg-condition-errors.ts";
import type { SyncHistory } from "./sync-events.ts";

/** What the Ingress writes for one host and path, in writing order. */
export interface Route {
  /** `*` for a rule without a host. */
  readonly host: string;
  readonly path: string;
  readonly pathType: string;
  /** JSON path inside the Ingress, e.g. `spec.rules[0].http.paths[1]`. */
  readonly field: string;
  readonly ruleIndex: number;
  readonly pathIndex: number;
  /** Key into {@link Topology.backends}; undefined for a resource backend. */
  readonly backend: string | undefined;
}

/** The endpoints that EndpointSlices hold for one backend's Service port. */
export interface BackendEndpoints {
  /** Slices of the Service, whether or not they carry the port. */
  readonly slices: readonly EndpointSlice[];
  readonly ready: readonly Endpoint[];
  /** Not ready and not terminating. These stay in a NEG: only Google's own health check removes them. */
  readonly notReady: readonly Endpoint[];
  readonly terminating: readonly Endpoint[];
  /** Port numbers that the slices give for this Service port; empty when none of them carries it. */
  readonly ports: readonly number[];
}

/** One Service port that the Ingress sends traffic to, with everything behind it. */
export interface Backend {
  /** `namespace/service:port`, the port as the Ingress names it. */
  readonly key: string;
  /**
   * `system-default` is GKE's own `default-http-backend`, used where the Ingress names no default backend;
   * `standalone` is a port whose Service asks for NEGs of its own, used by no Ingress.
   */
  readonly origin: "rule" | "default" | "system-default" | "standalone";
  /** JSON paths inside the Ingress that name it; empty for the system default backend. */
  readonly fields: readonly string[];
  readonly namespace: string;
  readonly serviceName: string;
  readonly portReference: PortReference;
  readonly service: Observed<Service | undefined>;
  /** The Service port; undefined when the Service is unread, or Service or port is absent. */
  readonly port: ServicePort | undefined;
  /** What the controller makes of it: mode, protocol, BackendConfig, or its errors. */
  readonly resolution: Observed<BackendResolution>;
  /** The BackendConfig chosen for the port; undefined when none is, or when the named one is absent. */
  readonly backendConfig: Observed<BackendConfig | undefined>;
  readonly healthCheck: Observed<EffectiveHealthCheck | undefined>;
  readonly endpoints: Observed<BackendEndpoints>;
  /** Pods the selector matches, terminating ones included; empty without a Service or selector. */
  readonly pods: Observed<readonly Pod[]>;
  /** Those of them that are there to serve, neither being deleted nor ended, in order of name. */
  readonly livePods: Observed<readonly Pod[]>;
  /** Deployments and StatefulSets whose pod template the selector matches. */
  readonly workloads: Observed<readonly Workload[]>;
  readonly serviceNegs: Observed<readonly ServiceNeg[]>;
  /** What the conditions of these NEGs say went wrong; empty where they are unread. */
  readonly negErrors: readonly NegConditionError[];
  /**
   * HEALTHY (at least one healthy endpoint), UNHEALTHY, Unknown, or another word of Google's: what Google says
   * now where the load balancer was read, else what the `ingress.kubernetes.io/backends` annotation says, which
   * is as old as the last successful sync. Undefined when neither says anything.
   */
  readonly reportedHealth: string | undefined;
  /** What the annotation alone says: the controller has seen the result of its own last sync. */
  readonly annotatedHealth: string | undefined;
}

/**
 * The snapshot, indexed along the request path and judged by the GKE model once, so that no rule derives
 * anything twice. Sources that only some rules read pass through as the snapshot holds them.
 */
export interface Topology
  extends Pick<
    Snapshot,
    | "ingress"
    | "ingresses"
    | "services"
    | "systemDefaultBackend"
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
    | "loadBalancer"
    | "probes"
  > {
  /** When the snapshot was taken. */
  readonly now: Moment;
  readonly ownership: IngressOwnership;
  /** The URL map the controller would build, with its errors and with the reads that leave errors open. */
  readonly translation: Translation;
  readonly routes: readonly Route[];
  /** In order of first use; the system default backend, if used, comes last. */
  readonly backends: readonly Backend[];
  /** What the controllers' Events about this Ingress and its Services say now. */
  readonly sync: Observed<SyncHistory>;
  readonly settling: Settling;
}
