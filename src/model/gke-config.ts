import type { Condition } from "./pod.ts";
import type { ObjectRef } from "./refs.ts";

/** `spec.healthCheck` of a BackendConfig; an undefined field keeps what the health check already has. */
export interface BackendConfigHealthCheck {
  readonly checkIntervalSec?: number;
  readonly timeoutSec?: number;
  readonly healthyThreshold?: number;
  readonly unhealthyThreshold?: number;
  readonly type?: string;
  readonly requestPath?: string;
  readonly port?: number;
}

/** A BackendConfig, narrowed to what a diagnosis reads. */
export interface BackendConfig {
  readonly ref: ObjectRef;
  readonly createdAt: number;
  readonly changedAt: number;
  readonly deletedAt?: number;
  readonly healthCheck?: BackendConfigHealthCheck;
  readonly timeoutSec?: number;
  readonly drainingTimeoutSec?: number;
  readonly sessionAffinity?: { readonly type?: string; readonly cookieTtlSec?: number };
  readonly iap?: { readonly enabled: boolean; readonly secretName?: string };
  readonly cdn?: {
    readonly enabled: boolean;
    readonly signedUrlSecrets: readonly string[];
    readonly cacheMode?: string;
    readonly negativeCaching?: boolean;
  };
  /** Undefined: the field is absent, and the load balancer keeps what it has; empty: detach the policy. */
  readonly securityPolicy?: string;
  readonly logging?: { readonly enable?: boolean; readonly sampleRate?: number };
  readonly customRequestHeaders: readonly string[];
}

/** A FrontendConfig, narrowed to what a diagnosis reads. */
export interface FrontendConfig {
  readonly ref: ObjectRef;
  readonly createdAt: number;
  readonly changedAt: number;
  readonly sslPolicy?: string;
  readonly redirectToHttps?: { readonly enabled: boolean; readonly responseCodeName?: string };
}

/** A ManagedCertificate, narrowed to what a diagnosis reads. */
export interface ManagedCertificate {
  readonly ref: ObjectRef;
  readonly createdAt: number;
  readonly domains: readonly string[];
  /** Empty until its controller has reported. */
  readonly status: string;
  readonly certificateName?: string;
  readonly expiresAt?: number;
  readonly domainStatus: readonly { readonly domain: string; readonly status: string }[];
}

/** One zone's NEG in the status of a ServiceNetworkEndpointGroup. */
export interface ServiceNegZone {
  readonly zone: string;
  /** ACTIVE, INACTIVE, TO_BE_DELETED; empty counts as ACTIVE. */
  readonly state: string;
}

/** A ServiceNetworkEndpointGroup: what the NEG controller says of one Service port. */
export interface ServiceNeg {
  /** The object's name is the NEG's name in Compute Engine. */
  readonly ref: ObjectRef;
  readonly createdAt: number;
  readonly deletedAt?: number;
  /** Label `networking.gke.io/service-name`. */
  readonly service: string;
  /** Label `networking.gke.io/service-port`: the Service port number. */
  readonly servicePort: string;
  readonly zones: readonly ServiceNegZone[];
  readonly conditions: readonly Condition[];
  readonly lastSyncAt?: number;
}

/** What may be known of a Secret without reading private data. */
export interface SecretFacts {
  readonly ref: ObjectRef;
  readonly type: string;
  /** Key names only, sorted. */
  readonly keys: readonly string[];
  /** Facts of the public certificate in `tls.crt`; undefined when it is absent or does not parse. */
  readonly certificate?: CertificateFacts;
}

/** Facts of a public X.509 certificate. */
export interface CertificateFacts {
  readonly expiresAt: number;
  readonly dnsNames: readonly string[];
}

/** The part of a NetworkPolicy that decides whether Google's ranges reach a pod. */
export interface NetworkPolicy {
  readonly ref: ObjectRef;
  /** Labels a pod must carry; empty selects every pod of the namespace. */
  readonly podSelector: LabelSelector;
  /** True when the policy restricts ingress traffic. */
  readonly restrictsIngress: boolean;
  readonly ingress: readonly NetworkPolicyRule[];
}

/** One ingress rule of a NetworkPolicy. */
export interface NetworkPolicyRule {
  /** CIDR blocks allowed; undefined when the rule has no `from` and so allows every source. */
  readonly from: readonly { readonly cidr: string; readonly except: readonly string[] }[] | undefined;
  /** Ports allowed; undefined when the rule names none and so allows every port. */
  readonly ports: readonly NetworkPolicyPort[] | undefined;
}

/** One port of a NetworkPolicy rule; `port` undefined means every port of the protocol. */
export interface NetworkPolicyPort {
  readonly protocol: string;
  readonly port?: number | string;
  readonly endPort?: number;
}

/** A Kubernetes label selector. */
export interface LabelSelector {
  readonly matchLabels: Readonly<Record<string, string>>;
  readonly matchExpressions: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values: readonly string[];
  }[];
}
