/** The part of Kubernetes objects that scenarios build and faults change. Everything here is mutable. */

export interface Metadata {
  name: string;
  namespace?: string;
  uid?: string;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  generation?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  finalizers?: string[];
  ownerReferences?: object[];
  managedFields?: object[];
}

interface Base<Kind extends string> {
  apiVersion: string;
  kind: Kind;
  metadata: Metadata;
}

export interface BackendReference {
  service?: { name: string; port: { name?: string; number?: number } };
  resource?: { apiGroup: string; kind: string; name: string };
}

export interface PathRule {
  path?: string;
  pathType: string;
  backend: BackendReference;
}

export interface HostRule {
  host?: string;
  http?: { paths: PathRule[] };
}

export interface Ingress extends Base<"Ingress"> {
  spec: {
    ingressClassName?: string;
    defaultBackend?: BackendReference;
    rules?: HostRule[];
    tls?: { hosts?: string[]; secretName?: string }[];
  };
  status: { loadBalancer: { ingress?: { ip: string }[] } };
}

export interface ServicePort {
  name?: string;
  port: number;
  protocol: string;
  targetPort: number | string;
  nodePort?: number;
}

export interface Service extends Base<"Service"> {
  spec: {
    type: string;
    clusterIP?: string;
    externalName?: string;
    selector?: Record<string, string>;
    ports: ServicePort[];
    ipFamilies?: string[];
  };
}

export interface Endpoint {
  addresses: string[];
  conditions: { ready: boolean; serving: boolean; terminating: boolean };
  nodeName?: string;
  zone?: string;
  targetRef?: { kind: string; namespace: string; name: string };
}

export interface EndpointSlice extends Base<"EndpointSlice"> {
  addressType: string;
  ports: { name: string; port: number; protocol: string }[];
  endpoints: Endpoint[];
}

export interface HttpProbe {
  httpGet?: { path: string; port: number | string; scheme: string };
  tcpSocket?: { port: number | string };
  timeoutSeconds: number;
  periodSeconds: number;
}

export interface Container {
  name: string;
  image: string;
  ports: { name?: string; containerPort: number; protocol: string }[];
  readinessProbe?: HttpProbe;
  lifecycle?: object;
}

export interface PodSpec {
  containers: Container[];
  nodeName?: string;
  nodeSelector?: Record<string, string>;
  readinessGates?: { conditionType: string }[];
  terminationGracePeriodSeconds: number;
}

export interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
  lastTransitionTime: string | null;
}

export interface ContainerStatus {
  name: string;
  image: string;
  ready: boolean;
  restartCount: number;
  state: object;
  lastState: object;
}

export interface Pod extends Base<"Pod"> {
  spec: PodSpec;
  status: {
    phase: string;
    podIP?: string;
    conditions: Condition[];
    containerStatuses?: ContainerStatus[];
    initContainerStatuses?: ContainerStatus[];
  };
}

interface WorkloadShape<Kind extends string> extends Base<Kind> {
  spec: {
    replicas: number;
    selector: { matchLabels: Record<string, string> };
    template: { metadata: { labels: Record<string, string> }; spec: PodSpec };
    strategy?: object;
  };
  status: {
    observedGeneration: number;
    replicas?: number;
    readyReplicas?: number;
    updatedReplicas?: number;
    availableReplicas?: number;
    unavailableReplicas?: number;
    conditions: Condition[];
  };
}

export type Deployment = WorkloadShape<"Deployment">;
export type StatefulSet = WorkloadShape<"StatefulSet">;

export interface BackendConfig extends Base<"BackendConfig"> {
  spec: {
    timeoutSec?: number;
    healthCheck?: {
      requestPath?: string;
      port?: number;
      type?: string;
      checkIntervalSec?: number;
      timeoutSec?: number;
    };
    iap?: { enabled: boolean; oauthclientCredentials: { secretName: string } };
    cdn?: { enabled: boolean; signedUrlKeys?: { keyName: string; secretName: string }[] };
    securityPolicy?: { name: string };
    sessionAffinity?: { affinityType: string };
    connectionDraining?: { drainingTimeoutSec: number };
  };
}

export interface FrontendConfig extends Base<"FrontendConfig"> {
  spec: { sslPolicy?: string; redirectToHttps?: { enabled: boolean; responseCodeName?: string } };
}

export interface ManagedCertificate extends Base<"ManagedCertificate"> {
  spec: { domains: string[] };
  status: {
    certificateStatus: string;
    certificateName: string;
    expireTime?: string;
    domainStatus: { domain: string; status: string }[];
  };
}

export interface ServiceNeg extends Base<"ServiceNetworkEndpointGroup"> {
  spec: object;
  status: {
    networkEndpointGroups?: { selfLink: string; networkEndpointType: string }[];
    conditions: Condition[];
    lastSyncTime?: string;
  };
}

export interface Secret extends Base<"Secret"> {
  type: string;
  data: Record<string, string>;
}

export interface Node extends Base<"Node"> {
  spec: { podCIDR: string; providerID: string };
  status: { conditions: Condition[]; addresses: object[] };
}

export interface Event extends Base<"Event"> {
  involvedObject: { kind: string; namespace: string; name: string; uid?: string };
  type: string;
  reason: string;
  message: string;
  source: { component: string };
  reportingComponent: string;
  count: number;
  firstTimestamp: string;
  lastTimestamp: string;
}

export type AnyObject =
  | Ingress
  | Service
  | EndpointSlice
  | Pod
  | Deployment
  | StatefulSet
  | BackendConfig
  | FrontendConfig
  | ManagedCertificate
  | ServiceNeg
  | Secret
  | Node
  | Event;

export type KindName = AnyObject["kind"];
export type ObjectOf<Kind extends KindName> = Extract<AnyObject, { kind: Kind }>;
