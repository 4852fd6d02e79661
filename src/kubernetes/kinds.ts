import type { KubeEvent } from "../model/event.ts";
import type { CachedKind, CachedTypes, StatusProjection } from "../reconciler/ports.ts";
import { projectBackendConfig } from "./projections/backend-config.ts";
import { projectDiagnosis } from "./projections/diagnosis.ts";
import { projectEndpointSlice } from "./projections/endpoint-slice.ts";
import { projectEvent } from "./projections/event.ts";
import { projectFrontendConfig } from "./projections/frontend-config.ts";
import { projectIngress } from "./projections/ingress.ts";
import { projectManagedCertificate } from "./projections/managed-certificate.ts";
import { projectNetworkPolicy } from "./projections/network-policy.ts";
import { projectNode } from "./projections/node.ts";
import { projectPod } from "./projections/pod.ts";
import { projectSecret } from "./projections/secret.ts";
import { projectService } from "./projections/service.ts";
import { projectServiceNeg } from "./projections/service-neg.ts";
import { projectDeployment, projectStatefulSet } from "./projections/workload.ts";

/** One kind of object the adapter lists and watches. Several kinds may feed one source (Deployment, StatefulSet). */
export interface WatchedKind<S extends CachedKind = CachedKind> {
  readonly source: S;
  /** API group; empty for core. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  /** Unique in the table. */
  readonly kind: string;
  readonly namespaced: boolean;
  /** False for custom resources: a cluster without their definition is normal. */
  readonly required: boolean;
  /** True for kinds that are read only when the administrator asks for them. */
  readonly optIn: boolean;
  /** Server-side filter that keeps out objects no diagnosis reads. */
  readonly fieldSelector?: string;
  /** Raw API object to model, total over any JSON; undefined for an object no diagnosis reads. */
  readonly project: (raw: unknown) => CachedTypes[S] | undefined;
}

/** Kinds an Event must be about to be kept. */
const EVENT_SUBJECTS: ReadonlySet<string> = new Set([
  "Ingress",
  "Service",
  "Pod",
  "ServiceNetworkEndpointGroup",
]);

/** Kinds with many Events that no diagnosis reads; the server then never sends them. */
const NOISY_EVENT_SUBJECTS = [
  "CronJob",
  "DaemonSet",
  "Deployment",
  "HorizontalPodAutoscaler",
  "Job",
  "Node",
  "PersistentVolumeClaim",
  "ReplicaSet",
  "StatefulSet",
];

function projectKeptEvent(raw: unknown): KubeEvent | undefined {
  const event = projectEvent(raw);
  return EVENT_SUBJECTS.has(event.about.kind) ? event : undefined;
}

/** A kind that every cluster serves. */
function builtIn<S extends CachedKind>(
  source: S,
  [groupVersion, plural, kind]: readonly [groupVersion: string, plural: string, kind: string],
  project: WatchedKind<S>["project"],
): WatchedKind<S> {
  const [version = "", group = ""] = groupVersion.split("/").reverse();
  return {
    source,
    group,
    version,
    plural,
    kind,
    namespaced: true,
    required: true,
    optIn: false,
    project,
  };
}

/** A kind that exists only where its custom resource definition is installed. */
function custom<S extends CachedKind>(
  source: S,
  names: readonly [groupVersion: string, plural: string, kind: string],
  project: WatchedKind<S>["project"],
): WatchedKind<S> {
  return { ...builtIn(source, names, project), required: false };
}

/** Every kind the adapter can watch, in the order in which a diagnosis needs them. */
export const watchedKinds = [
  builtIn("ingresses", ["networking.k8s.io/v1", "ingresses", "Ingress"], projectIngress),
  builtIn("services", ["v1", "services", "Service"], projectService),
  builtIn("endpointSlices", ["discovery.k8s.io/v1", "endpointslices", "EndpointSlice"], projectEndpointSlice),
  builtIn("pods", ["v1", "pods", "Pod"], projectPod),
  builtIn("workloads", ["apps/v1", "deployments", "Deployment"], projectDeployment),
  builtIn("workloads", ["apps/v1", "statefulsets", "StatefulSet"], projectStatefulSet),
  { ...builtIn("nodes", ["v1", "nodes", "Node"], projectNode), namespaced: false },
  builtIn(
    "networkPolicies",
    ["networking.k8s.io/v1", "networkpolicies", "NetworkPolicy"],
    projectNetworkPolicy,
  ),
  {
    ...builtIn("events", ["v1", "events", "Event"], projectKeptEvent),
    fieldSelector: NOISY_EVENT_SUBJECTS.map((kind) => `involvedObject.kind!=${kind}`).join(","),
  },
  custom("backendConfigs", ["cloud.google.com/v1", "backendconfigs", "BackendConfig"], projectBackendConfig),
  custom(
    "frontendConfigs",
    ["networking.gke.io/v1beta1", "frontendconfigs", "FrontendConfig"],
    projectFrontendConfig,
  ),
  custom(
    "managedCertificates",
    ["networking.gke.io/v1", "managedcertificates", "ManagedCertificate"],
    projectManagedCertificate,
  ),
  custom(
    "serviceNegs",
    ["networking.gke.io/v1beta1", "servicenetworkendpointgroups", "ServiceNetworkEndpointGroup"],
    projectServiceNeg,
  ),
  {
    ...builtIn("secrets", ["v1", "secrets", "Secret"], projectSecret),
    required: false,
    optIn: true,
    // A Helm release keeps up to 1 MiB in each of its Secrets; none of them is a certificate.
    fieldSelector: "type!=helm.sh/release.v1",
  },
] as const;

/** The controller's own resource; `status` reduces what it published before. */
export function diagnosisKind(status: StatusProjection): WatchedKind<"diagnoses"> {
  return custom("diagnoses", ["ingressdoctor.dev/v1alpha1", "ingressdiagnoses", "IngressDiagnosis"], (raw) =>
    projectDiagnosis(raw, status),
  );
}
