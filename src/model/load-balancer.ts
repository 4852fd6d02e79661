import type { Observed } from "./observed.ts";

/** Which Compute Engine collection holds a resource: `global` or a region's name. */
export type Scope = string;

/** A forwarding rule: the address and port clients connect to. */
export interface ForwardingRule {
  readonly name: string;
  readonly scope: Scope;
  readonly address: string;
  /** First port of the range, 80 or 443 for an Ingress. */
  readonly port: number;
  /** Name of the target proxy. */
  readonly target: string;
  /** EXTERNAL, EXTERNAL_MANAGED or INTERNAL_MANAGED. */
  readonly scheme: string;
  readonly createdAt: number;
  readonly allowGlobalAccess: boolean;
  /** Ingress named by the JSON description the controller writes, `namespace/name`; undefined when absent. */
  readonly ingress?: string;
}

/** A target HTTP or HTTPS proxy. */
export interface TargetProxy {
  readonly name: string;
  readonly protocol: "HTTP" | "HTTPS";
  /** Name of the URL map. */
  readonly urlMap: string;
  /** Names of the SSL certificates, the default one first. */
  readonly certificates: readonly string[];
  readonly certificateMap?: string;
  readonly sslPolicy?: string;
}

/** One path rule of a path matcher. */
export interface UrlMapPath {
  /** As Compute Engine holds it, e.g. `/foo` or `/foo/*`. */
  readonly path: string;
  /** Name of the backend service; undefined for a redirect. */
  readonly service?: string;
}

/** One host rule with its path matcher flattened in. */
export interface UrlMapHost {
  readonly host: string;
  readonly paths: readonly UrlMapPath[];
  /** Name of the backend service for paths that match no rule. */
  readonly defaultService?: string;
}

/** A URL map. */
export interface UrlMap {
  readonly name: string;
  /** Undefined for a redirect-only map. */
  readonly defaultService?: string;
  readonly redirectsToHttps: boolean;
  readonly hosts: readonly UrlMapHost[];
  readonly createdAt: number;
}

/** Health of one endpoint as Google's probers see it. */
export interface EndpointHealth {
  readonly address: string;
  readonly port: number;
  /** HEALTHY, UNHEALTHY, DRAINING, UNKNOWN, TIMEOUT. */
  readonly state: string;
  readonly zone: string;
  /** Name of the virtual machine. */
  readonly instance?: string;
}

/** A NEG or instance group attached to a backend service. */
export interface BackendGroup {
  readonly kind: "neg" | "instance-group";
  readonly name: string;
  readonly zone: string;
  readonly balancingMode: string;
  readonly capacityScaler: number;
}

/** A backend service with the live health of its endpoints. */
export interface BackendService {
  readonly name: string;
  readonly scope: Scope;
  readonly createdAt: number;
  /** Service named by the JSON description the controller writes, `namespace/name`; undefined when absent. */
  readonly serviceKey?: string;
  readonly protocol: string;
  /** Which named port of an instance group gets the traffic; undefined where no group is one. */
  readonly portName?: string;
  readonly scheme: string;
  readonly timeoutSec: number;
  readonly drainingTimeoutSec: number;
  readonly sessionAffinity: string;
  readonly localityLbPolicy?: string;
  readonly cdnEnabled: boolean;
  readonly iapEnabled: boolean;
  readonly securityPolicy?: string;
  readonly groups: readonly BackendGroup[];
  /** Names of its health checks. */
  readonly healthChecks: readonly string[];
  readonly health: Observed<readonly EndpointHealth[]>;
}

/** A health check as Compute Engine holds it. */
export interface HealthCheck {
  readonly name: string;
  readonly createdAt: number;
  readonly description: string;
  /** HTTP, HTTPS or HTTP2. */
  readonly type: string;
  readonly requestPath: string;
  readonly host: string;
  /** Undefined when the check uses the serving port. */
  readonly port?: number;
  readonly checkIntervalSec: number;
  readonly timeoutSec: number;
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
}

/** A network endpoint group in one zone with its endpoints. */
export interface NetworkEndpointGroup {
  readonly name: string;
  readonly zone: string;
  readonly description: string;
  readonly createdAt: number;
  /** `project/network`; of a Shared VPC, the host project. Undefined when the API left it out. */
  readonly network?: string;
  readonly endpoints: Observed<readonly { readonly address: string; readonly port: number }[]>;
}

/** An instance group in one zone: nodes, and the ports that backend services may send to by name. */
export interface InstanceGroup {
  readonly name: string;
  readonly zone: string;
  /** Instances in it. */
  readonly size: number;
  /** `project/network`, as of a {@link NetworkEndpointGroup}. */
  readonly network?: string;
  readonly namedPorts: readonly { readonly name: string; readonly port: number }[];
}

/** An SSL certificate resource. */
export interface SslCertificate {
  readonly name: string;
  readonly scope: Scope;
  readonly createdAt: number;
  readonly managed: boolean;
  readonly expiresAt?: number;
  readonly dnsNames: readonly string[];
  /** For managed certificates: PROVISIONING, ACTIVE, PROVISIONING_FAILED, ... */
  readonly status?: string;
  readonly domainStatus: readonly { readonly domain: string; readonly status: string }[];
}

/** A reserved IP address. */
export interface Address {
  readonly name: string;
  readonly scope: Scope;
  readonly address: string;
  /** RESERVED or IN_USE. */
  readonly status: string;
  /** EXTERNAL or INTERNAL. */
  readonly type?: string;
  readonly networkTier?: string;
  readonly purpose?: string;
  /** Name of the subnetwork an internal address is in. */
  readonly subnetwork?: string;
  /** Names of the forwarding rules that use it. */
  readonly users: readonly string[];
}

/** A VPC firewall rule for ingress traffic. */
export interface Firewall {
  readonly name: string;
  readonly network: string;
  readonly description: string;
  readonly priority: number;
  readonly disabled: boolean;
  readonly action: "allow" | "deny";
  readonly sourceRanges: readonly string[];
  readonly targetTags: readonly string[];
  readonly targetServiceAccounts: readonly string[];
  /** Undefined ports mean every port of the protocol; protocol `all` means every protocol. */
  readonly rules: readonly { readonly protocol: string; readonly ports: readonly string[] | undefined }[];
}

/** A subnetwork, as far as internal load balancers need it. */
export interface Subnetwork {
  readonly name: string;
  readonly region: string;
  readonly network: string;
  readonly range: string;
  readonly purpose: string;
  readonly role?: string;
}

/** Use and limit of one quota metric. */
export interface Quota {
  readonly metric: string;
  /** `project`, or a region's name. */
  readonly scope: string;
  readonly limit: number;
  readonly usage: number;
}

/** The load balancer of one Ingress, read from Compute Engine and joined by name. */
export interface LoadBalancer {
  readonly readAt: number;
  readonly project: string;
  readonly forwardingRules: Observed<readonly ForwardingRule[]>;
  readonly targetProxies: Observed<readonly TargetProxy[]>;
  /** The maps its proxies and annotations name, redirect map included. */
  readonly urlMaps: Observed<readonly UrlMap[]>;
  readonly backendServices: Observed<readonly BackendService[]>;
  readonly healthChecks: Observed<readonly HealthCheck[]>;
  readonly negs: Observed<readonly NetworkEndpointGroup[]>;
  /** Those behind its backend services; none where every backend has NEGs. */
  readonly instanceGroups: Observed<readonly InstanceGroup[]>;
  /** Every certificate that annotations or proxies of the Ingress name, in any scope. */
  readonly certificates: Observed<readonly SslCertificate[]>;
  /** Addresses whose name an annotation gives (in any scope) or whose IP the Ingress shows. */
  readonly addresses: Observed<readonly Address[]>;
  /**
   * Forwarding rules of others on an address whose name an annotation of the Ingress gives. Their names belong to
   * somebody else and are not for a diagnosis.
   */
  readonly rivals: Observed<readonly ForwardingRule[]>;
  readonly firewalls: Observed<readonly Firewall[]>;
  readonly subnetworks: Observed<readonly Subnetwork[]>;
  readonly quotas: Observed<readonly Quota[]>;
  /** Names of SSL policies that exist. */
  readonly sslPolicies: Observed<readonly string[]>;
}
