import type { BackendService, EndpointHealth, LoadBalancer } from "../model/load-balancer.ts";
import type { BackendDiagnosis, EndpointGroup } from "./diagnosis.ts";
import { describePort, describeSource } from "./health-check-text.ts";
import { liveBackendService } from "./live-backend.ts";
import type { Backend, BackendEndpoints, Topology } from "./topology.ts";

/** Sums up every backend of the Ingress: endpoints as Kubernetes and Google see them, and the health check. */
export function backendDiagnoses(topology: Topology): readonly BackendDiagnosis[] {
  const live = topology.loadBalancer.known ? topology.loadBalancer.value : undefined;
  return topology.backends.map((backend) => {
    const resolved = backend.resolution.known ? backend.resolution.value.backend : undefined;
    const check = backend.healthCheck.known ? backend.healthCheck.value : undefined;
    return {
      service: backend.serviceName,
      port: String(backend.portReference.name ?? backend.portReference.number ?? ""),
      mode: resolved?.mode ?? "unknown",
      protocol: resolved?.protocol ?? "",
      ...endpointsOf(backend, live),
      ...(check === undefined
        ? {}
        : {
            healthCheck: {
              type: check.type.value,
              path: check.path.value,
              port: describePort(check.port.value),
              source: describeSource(check.path.source),
            },
          }),
    };
  });
}

function endpointsOf(
  backend: Backend,
  live: LoadBalancer | undefined,
): Pick<BackendDiagnosis, "endpoints" | "endpointGroups"> {
  const known = backend.endpoints.known ? backend.endpoints.value : undefined;
  const counts = { ready: known?.ready.length ?? 0, notReady: known?.notReady.length ?? 0 };
  const isShared = backend.origin === "system-default";
  const service = liveService(backend, live);
  const health = service?.health.known ? service.health.value : undefined;
  if (service === undefined || health === undefined) {
    const groups = isShared || known === undefined ? [] : kubernetesGroups(known);
    return { endpoints: counts, endpointGroups: groups };
  }
  const healthy = health.filter((endpoint) => endpoint.state === "HEALTHY").length;
  return {
    endpoints: {
      ...counts,
      ...attachedTo(service, health, live),
      healthy,
      unhealthy: health.length - healthy,
    },
    endpointGroups: isShared ? [] : liveGroups(health),
  };
}

/** How many endpoints its NEGs hold, those that no prober has seen included; nothing for instance groups. */
function attachedTo(
  { groups }: BackendService,
  health: readonly EndpointHealth[],
  live: LoadBalancer | undefined,
): { readonly inNeg?: number } {
  const own = groups.filter(({ kind }) => kind === "neg");
  if (own.length === 0) return {};
  const all = live?.negs.known ? live.negs.value : [];
  const negs = own.map((group) => all.find(({ name, zone }) => name === group.name && zone === group.zone));
  const sizes = negs.map((neg) => (neg?.endpoints.known ? neg.endpoints.value.length : undefined));
  const isRead = sizes.every((size) => size !== undefined);
  return { inNeg: isRead ? sizes.reduce((sum, size) => sum + size, 0) : health.length };
}

function liveService(backend: Backend, live: LoadBalancer | undefined): BackendService | undefined {
  if (live === undefined) return undefined;
  const resolved = backend.resolution.known ? backend.resolution.value.backend : undefined;
  const service = backend.service.known ? backend.service.value : undefined;
  const found = liveBackendService({ service, resolved, serviceNegs: backend.serviceNegs }, live);
  return found.known ? found.value : undefined;
}

function kubernetesGroups({ ready, notReady }: BackendEndpoints): readonly EndpointGroup[] {
  const groups = new EndpointGroups(["ready", "not-ready"]);
  for (const { zone = "" } of ready) groups.count(zone, "ready");
  for (const { zone = "" } of notReady) groups.count(zone, "not-ready");
  return groups.sorted();
}

function liveGroups(health: readonly EndpointHealth[]): readonly EndpointGroup[] {
  const groups = new EndpointGroups(["healthy", "unhealthy"]);
  for (const { zone, state } of health) groups.count(zone, SEEN_AS[state] ?? "unknown");
  return groups.sorted();
}

/** A prober that got no answer in time has an answer all the same; draining and unknown endpoints have none. */
const SEEN_AS: Readonly<Record<string, EndpointGroup["state"]>> = {
  HEALTHY: "healthy",
  UNHEALTHY: "unhealthy",
  TIMEOUT: "unhealthy",
};

/** Counts endpoints by zone and state. A backend has few of both, so a list is searched faster than a map. */
class EndpointGroups {
  readonly #always: readonly EndpointGroup["state"][];
  readonly #groups: { readonly zone: string; readonly state: EndpointGroup["state"]; count: number }[] = [];

  /** Each zone gets a count of the states `always`, of zero if need be. */
  constructor(always: readonly EndpointGroup["state"][]) {
    this.#always = always;
  }

  count(zone: string, state: EndpointGroup["state"]): void {
    if (!this.#groups.some((group) => group.zone === zone)) this.#addZone(zone);
    const found = this.#groups.find((group) => group.zone === zone && group.state === state);
    if (found === undefined) this.#groups.push({ zone, state, count: 1 });
    else found.count += 1;
  }

  /** In order of zones; without any endpoint, zeros for no zone in particular. */
  sorted(): readonly EndpointGroup[] {
    if (this.#groups.length === 0) this.#addZone("");
    return this.#groups.sort((a, b) => (a.zone === b.zone ? 0 : a.zone < b.zone ? -1 : 1));
  }

  #addZone(zone: string): void {
    for (const state of this.#always) this.#groups.push({ zone, state, count: 0 });
  }
}
