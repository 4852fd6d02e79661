import type { ObjectRef, StringMap } from "./refs.ts";

/** A declared container port. */
export interface ContainerPort {
  readonly name?: string;
  readonly containerPort: number;
  readonly protocol: string;
}

/** A readiness probe. Only `http` can ever become a load balancer health check. */
export interface Probe {
  readonly kind: "http" | "tcp" | "exec" | "grpc";
  /** For `http`: path as written. */
  readonly path?: string;
  /** For `http` and `tcp`: number, or the name of a container port. */
  readonly port?: number | string;
  /** For `http`: HTTP or HTTPS. */
  readonly scheme?: string;
  readonly host?: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly timeoutSeconds: number;
  readonly periodSeconds: number;
}

/** Why a container is not running, or why it last ended. */
export interface ContainerState {
  readonly reason: string;
  readonly message?: string;
  readonly exitCode?: number;
}

/** A container with the part of its status a diagnosis reads. Init containers are left out. */
export interface Container {
  readonly name: string;
  readonly image: string;
  readonly ports: readonly ContainerPort[];
  readonly readinessProbe?: Probe;
  readonly hasPreStop: boolean;
  /** Seconds a preStop `sleep` handler waits, when it is of that kind. */
  readonly preStopSleepSeconds?: number;
  readonly ready: boolean;
  readonly restartCount: number;
  readonly waiting?: ContainerState;
  readonly terminated?: ContainerState;
  readonly lastTerminated?: ContainerState;
}

/** How far one container has come. */
export type ContainerProgress = Pick<
  Container,
  "name" | "image" | "restartCount" | "waiting" | "terminated" | "lastTerminated"
>;

/** A Pod template's or Pod's condition. */
export interface Condition {
  readonly type: string;
  /** True, False, Unknown, or empty where the writer left it out. */
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  /** Epoch milliseconds; undefined when the writer left it out. */
  readonly since?: number;
}

/** A Pod, narrowed to what a diagnosis reads. */
export interface Pod {
  readonly ref: ObjectRef;
  readonly uid: string;
  readonly createdAt: number;
  readonly deletedAt?: number;
  readonly labels: StringMap;
  readonly phase: string;
  readonly ip?: string;
  readonly nodeName?: string;
  readonly hostNetwork: boolean;
  readonly ready: boolean;
  readonly conditions: readonly Condition[];
  readonly readinessGates: readonly string[];
  readonly containers: readonly Container[];
  /**
   * The first init container that has not done its part, and holds back every container behind it; undefined
   * once all have, or while none has reported.
   */
  readonly pendingInit?: ContainerProgress;
  readonly terminationGracePeriodSeconds: number;
  /** Controlling owner, e.g. kind ReplicaSet. */
  readonly owner?: { readonly kind: string; readonly name: string };
}

/** A Deployment or StatefulSet, narrowed to what a diagnosis reads. */
export interface Workload {
  readonly ref: ObjectRef;
  readonly createdAt: number;
  readonly replicas: number;
  readonly readyReplicas: number;
  readonly updatedReplicas: number;
  /** True while the controller has not finished rolling out the current template. */
  readonly rollingOut: boolean;
  readonly templateLabels: StringMap;
  readonly selector: StringMap;
  /** RollingUpdate, Recreate, OnDelete; empty when unset. */
  readonly strategy: string;
  /** As written: a number or a percentage; undefined when unset. */
  readonly maxUnavailable?: number | string;
  readonly minReadySeconds: number;
  readonly conditions: readonly Condition[];
}

/** A Node, narrowed to what decides whether it can carry load balancer endpoints. */
export interface Node {
  readonly ref: ObjectRef;
  readonly ready: boolean;
  /** From `spec.providerID` (`gce://project/zone/name`); undefined when it is missing or malformed. */
  readonly zone?: string;
  readonly project?: string;
  readonly hasPodCidr: boolean;
  /** Carries a label that keeps it out of load balancers. */
  readonly excluded: boolean;
  /** Carries the cluster autoscaler's ToBeDeleted taint. */
  readonly beingDeleted: boolean;
  /** Label `cloud.google.com/gke-node-pool-subnet`; undefined on the default subnet. */
  readonly subnet?: string;
  /** Internal IP addresses. */
  readonly addresses: readonly string[];
}
