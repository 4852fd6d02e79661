import type { ObjectRef, StringMap } from "./refs.ts";

/** One `spec.ports[]` entry of a Service. */
export interface ServicePort {
  readonly name?: string;
  readonly port: number;
  readonly protocol: string;
  /** Number, or the name of a container port. Defaults to `port`. */
  readonly targetPort: number | string;
  readonly nodePort?: number;
  readonly appProtocol?: string;
}

/** A Service, narrowed to what a diagnosis reads. */
export interface Service {
  readonly ref: ObjectRef;
  readonly uid: string;
  readonly createdAt: number;
  readonly deletedAt?: number;
  readonly changedAt: number;
  readonly annotations: StringMap;
  /** ClusterIP, NodePort, LoadBalancer or ExternalName. */
  readonly type: string;
  readonly headless: boolean;
  /** Undefined when the Service has no selector, which is different from an empty one. */
  readonly selector: StringMap | undefined;
  readonly ports: readonly ServicePort[];
  readonly externalTrafficPolicy?: string;
  readonly externalName?: string;
  readonly ipFamilies: readonly string[];
}

/** One address of an EndpointSlice. Missing conditions follow the API's defaults (ready, serving, not terminating). */
export interface Endpoint {
  readonly addresses: readonly string[];
  readonly ready: boolean;
  readonly serving: boolean;
  readonly terminating: boolean;
  readonly nodeName?: string;
  readonly zone?: string;
  /** Name of the Pod in `targetRef`; absent for hand-written endpoints. */
  readonly pod?: string;
}

/** One port of an EndpointSlice. */
export interface EndpointPort {
  /** Name of the Service port; empty for an unnamed one. */
  readonly name: string;
  readonly port?: number;
  readonly protocol: string;
}

/** An EndpointSlice, narrowed to what a diagnosis reads. */
export interface EndpointSlice {
  readonly ref: ObjectRef;
  readonly createdAt: number;
  readonly changedAt: number;
  /** Label `kubernetes.io/service-name`; empty when absent. */
  readonly service: string;
  /** Label `endpointslice.kubernetes.io/managed-by`; empty when absent. */
  readonly managedBy: string;
  readonly addressType: string;
  readonly ports: readonly EndpointPort[];
  readonly endpoints: readonly Endpoint[];
}
