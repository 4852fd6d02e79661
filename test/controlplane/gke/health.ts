import { behaviourOf, type Pod, type PodContainer } from "../pod.ts";
import type { EndpointSlice, NamespaceObjects, Service, ServicePort } from "./objects.ts";
import { type Probe, probePod, saysWhatItAnswers } from "./scenario.ts";
import type { Backend } from "./translate.ts";

export type Health = "HEALTHY" | "UNHEALTHY" | "Unknown";

/** One address of a backend that the load balancer sends requests to. */
export interface NegEndpoint {
  readonly address: string;
  readonly port: number;
  readonly zone: string;
  readonly pod: Pod | undefined;
}

/** The part of a health check that decides whether a pod passes. */
export interface HealthCheck {
  readonly path: string;
  readonly type: string;
  /** Undefined: the endpoint's own port. */
  readonly port: number | undefined;
}

/**
 * Endpoints that the NEGs of a Service port hold: the slice port of the same name, ready or not, unless
 * terminating.
 */
export function negEndpoints(objects: NamespaceObjects, service: Service, port: ServicePort): NegEndpoint[] {
  return slicesOf(objects, service).flatMap((slice) => {
    const slicePort = slice.ports?.find((one) => (one.name ?? "") === (port.name ?? ""));
    if (slicePort === undefined) return [];
    const live = (slice.endpoints ?? []).filter((endpoint) => endpoint.conditions.terminating !== true);
    return live.map((endpoint) => ({
      address: endpoint.addresses[0] ?? "",
      port: slicePort.port,
      zone: endpoint.zone ?? "",
      pod: objects.pods.find((pod) => pod.metadata.name === endpoint.targetRef?.name),
    }));
  });
}

function slicesOf(objects: NamespaceObjects, service: Service): EndpointSlice[] {
  const { name } = service.metadata;
  return objects.slices.filter((slice) => slice.metadata.labels?.["kubernetes.io/service-name"] === name);
}

/** Path of the readiness probe that a new health check adopts; undefined when none qualifies. */
export function adoptedPath(objects: NamespaceObjects, backend: Backend): string | undefined {
  const containers = selectedPods(objects, backend.service).flatMap((pod) => pod.spec.containers);
  const probes = containers.map((container) => qualifyingProbe(container, backend));
  const probe = probes.find((one) => one !== undefined);
  return probe === undefined ? undefined : (probe.path ?? "/");
}

/** The container's HTTP readiness probe, if it asks the declared port that the Service sends requests to. */
function qualifyingProbe(container: PodContainer, backend: Backend) {
  const serving = container.ports?.find((port) => matches(port, backend.port.targetPort));
  const probe = container.readinessProbe?.httpGet;
  if (serving === undefined || probe === undefined || !matches(serving, probe.port)) return undefined;
  const scheme = backend.protocol === "HTTP" ? "HTTP" : "HTTPS";
  return (probe.scheme ?? "HTTP") === scheme ? probe : undefined;
}

/** Pods the Service selects, in the order of their age. */
export function selectedPods(objects: NamespaceObjects, service: Service): Pod[] {
  const selector = Object.entries(service.spec.selector ?? {});
  const age = (pod: Pod) => `${pod.metadata.creationTimestamp} ${pod.metadata.name}`;
  return objects.pods
    .filter((pod) => selector.every(([label, value]) => pod.metadata.labels?.[label] === value))
    .sort((a, b) => (age(a) < age(b) ? -1 : 1));
}

function matches(
  port: { readonly name?: string; readonly containerPort: number },
  wanted: string | number,
): boolean {
  return typeof wanted === "number" ? port.containerPort === wanted : port.name === wanted;
}

/** The health check that the BackendConfig makes of the one that exists. */
export function effectiveCheck(backend: Backend, existingPath: string): HealthCheck {
  const override = backend.backendConfig?.spec?.healthCheck;
  return {
    path: override?.requestPath ?? existingPath,
    type: override?.type ?? backend.protocol,
    port: override?.port,
  };
}

/** What the controller writes into `ingress.kubernetes.io/backends` for this backend. */
export function backendHealth(objects: NamespaceObjects, backend: Backend, check: HealthCheck): Health {
  const endpoints = negEndpoints(objects, backend.service, backend.port);
  if (endpoints.some((endpoint) => isHealthy(endpoint, check))) return "HEALTHY";
  // Every Node is a member of an instance group, so such a backend has members even without pods.
  return backend.usesNeg && endpoints.length === 0 ? "Unknown" : "UNHEALTHY";
}

/** Only 200 counts, and only from a pod that serves. */
export function isHealthy(endpoint: NegEndpoint, check: HealthCheck): boolean {
  if (endpoint.pod === undefined || !isServing(endpoint.pod)) return false;
  const probe: Probe = { type: check.type, port: check.port ?? endpoint.port, path: check.path };
  return probePod(endpoint.pod, probe) === 200;
}

/** A pod that is not ready for Kubernetes may still answer the load balancer, if the scenario says what. */
function isServing(pod: Pod): boolean {
  const behaviour = behaviourOf(pod);
  return behaviour === "ready" || (behaviour === "not-ready" && saysWhatItAnswers(pod));
}
