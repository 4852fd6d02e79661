import type { KubeEvent } from "./event.ts";
import type {
  BackendConfig,
  FrontendConfig,
  ManagedCertificate,
  NetworkPolicy,
  SecretFacts,
  ServiceNeg,
} from "./gke-config.ts";
import type { Ingress } from "./ingress.ts";
import type { LoadBalancer } from "./load-balancer.ts";
import type { Observed } from "./observed.ts";
import type { Node, Pod, Workload } from "./pod.ts";
import type { ProbeResult } from "./probe.ts";
import type { EndpointSlice, Service } from "./service.ts";

/**
 * Everything one diagnosis may read, at one moment, frozen.
 *
 * A list holds at least every object the Ingress depends on; it may hold more, and its order means nothing.
 * Where something the Ingress names is missing, the gatherer adds the namespace's other objects of that kind,
 * so that a near miss can be named.
 */
export interface Snapshot {
  /** Epoch milliseconds; the only clock a diagnosis has. */
  readonly takenAt: number;
  readonly ingress: Ingress;
  /** Other Ingresses that share an address, a host or a Service with this one. */
  readonly ingresses: Observed<readonly Ingress[]>;
  readonly services: Observed<readonly Service[]>;
  /** `kube-system/default-http-backend`, which answers what no rule matches. */
  readonly systemDefaultBackend: Observed<Service | undefined>;
  readonly endpointSlices: Observed<readonly EndpointSlice[]>;
  readonly pods: Observed<readonly Pod[]>;
  readonly workloads: Observed<readonly Workload[]>;
  readonly backendConfigs: Observed<readonly BackendConfig[]>;
  readonly frontendConfigs: Observed<readonly FrontendConfig[]>;
  readonly managedCertificates: Observed<readonly ManagedCertificate[]>;
  readonly serviceNegs: Observed<readonly ServiceNeg[]>;
  readonly nodes: Observed<readonly Node[]>;
  /** Facts of Secrets; unknown unless the administrator opted in. */
  readonly secrets: Observed<readonly SecretFacts[]>;
  readonly networkPolicies: Observed<readonly NetworkPolicy[]>;
  /** Events about the Ingress, its Services, their Pods and ServiceNetworkEndpointGroups. */
  readonly events: Observed<readonly KubeEvent[]>;
  readonly loadBalancer: Observed<LoadBalancer>;
  readonly probes: Observed<readonly ProbeResult[]>;
}
