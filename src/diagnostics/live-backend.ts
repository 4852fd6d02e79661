import type { ServiceNeg } from "../model/gke-config.ts";
import type { BackendService, EndpointHealth, LoadBalancer } from "../model/load-balancer.ts";
import type { Observed } from "../model/observed.ts";
import { objectKey, refKey } from "../model/refs.ts";
import type { Service } from "../model/service.ts";
import type { ResolvedBackend } from "./gke/backend.ts";
import { SYSTEM_DEFAULT_KEY } from "./gke/lookup.ts";

/** What joins a backend of the Ingress to its backend service in Compute Engine. */
export interface BackendIdentity {
  readonly service: Service | undefined;
  readonly resolved: ResolvedBackend | undefined;
  readonly serviceNegs: Observed<readonly ServiceNeg[]>;
}

/**
 * Whether a backend service name is this backend's: the NEG's name, or the node port's for instance groups. The
 * NEG of GKE's default backend is made in another namespace; its name says whose it is.
 */
export function isNameOf({ service, resolved, serviceNegs }: BackendIdentity, name: string): boolean {
  if (service !== undefined && refKey(service.ref) === SYSTEM_DEFAULT_KEY && DEFAULT_NEG.test(name))
    return true;
  if (resolved?.mode === "instance-group") return name.startsWith(`k8s-be-${resolved.port.nodePort}--`);
  return serviceNegs.known && serviceNegs.value.some(({ ref }) => ref.name === name);
}

const DEFAULT_NEG = /^k8s1-[0-9a-f]+-kube-system-default-http-backend-\d+-[0-9a-f]+$/;

/** The live backend service of a backend: by name, else the only one whose description names its Service. */
export function liveBackendService(
  identity: BackendIdentity,
  { backendServices }: LoadBalancer,
): Observed<BackendService | undefined> {
  if (!backendServices.known) return backendServices;
  const named = backendServices.value.find(({ name }) => isNameOf(identity, name));
  if (named !== undefined || identity.service === undefined) return { known: true, value: named };
  const { namespace, name } = identity.service.ref;
  const described = backendServices.value.filter(
    ({ serviceKey }) => serviceKey === objectKey(namespace, name),
  );
  return { known: true, value: described.length === 1 ? described[0] : undefined };
}

/**
 * One word for the health of a backend service, as the controller's annotation would say it: HEALTHY with one
 * healthy endpoint, else UNHEALTHY, and `Unknown` while no prober has reported on any endpoint.
 */
export function healthState(endpoints: readonly EndpointHealth[]): string {
  if (endpoints.some(({ state }) => state === "HEALTHY")) return "HEALTHY";
  return endpoints.some(({ state }) => state === "UNHEALTHY") ? "UNHEALTHY" : "Unknown";
}
