import type { Ingress } from "../model/ingress.ts";
import type { LoadBalancer } from "../model/load-balancer.ts";
import { mapObserved, type Observed } from "../model/observed.ts";
import { type ObjectKey, refKey } from "../model/refs.ts";

/** Everything read from Compute Engine that Ingresses share, each collection known or unknown by itself. */
export type ComputeState = LoadBalancer;

const STATUS_PREFIX = "ingress.kubernetes.io/";
const STATUS_NAMES = [
  "forwarding-rule",
  "https-forwarding-rule",
  "target-proxy",
  "https-target-proxy",
  "url-map",
  "redirect-url-map",
] as const;
const CERTIFICATE_KEYS = [`${STATUS_PREFIX}ssl-cert`, "ingress.gcp.kubernetes.io/pre-shared-cert"] as const;
const ADDRESS_KEYS = [
  "kubernetes.io/ingress.global-static-ip-name",
  "kubernetes.io/ingress.regional-static-ip-name",
  `${STATUS_PREFIX}static-ip`,
] as const;

/**
 * Picks the load balancer of one Ingress out of the shared state.
 *
 * Objects are joined by the names in the Ingress' status annotations, by the JSON descriptions that the
 * controller writes on forwarding rules and backend services, and from there along the references; never by a
 * name that merely looks right. Firewalls, subnetworks and quotas belong to everybody and pass through.
 *
 * @param services keys of the Services that the Ingress sends traffic to
 */
export function joinLoadBalancer(
  state: ComputeState,
  ingress: Ingress,
  services: readonly ObjectKey[],
): LoadBalancer {
  const wanted = wantedNames(ingress);
  const forwardingRules = keep(
    state.forwardingRules,
    (rule) => wanted.built.has(rule.name) || rule.ingress === refKey(ingress.ref),
  );
  const targets = namesIn(forwardingRules, (rule) => [rule.target]);
  const targetProxies = keep(state.targetProxies, ({ name }) => wanted.built.has(name) || targets.has(name));
  const maps = namesIn(targetProxies, (proxy) => [proxy.urlMap]);
  const urlMaps = keep(state.urlMaps, ({ name }) => wanted.built.has(name) || maps.has(name));
  const routed = namesIn(urlMaps, ({ defaultService, hosts }) => [
    ...(defaultService === undefined ? [] : [defaultService]),
    ...hosts.flatMap((host) => [
      host.defaultService ?? "",
      ...host.paths.map(({ service }) => service ?? ""),
    ]),
  ]);
  const backendServices = keep(
    state.backendServices,
    ({ name, serviceKey }) => routed.has(name) || (serviceKey !== undefined && services.includes(serviceKey)),
  );
  const checks = namesIn(backendServices, (service) => service.healthChecks);
  const groups = namesIn(backendServices, (service) => service.groups.map(({ name }) => name));
  const served = namesIn(targetProxies, (proxy) => proxy.certificates);
  const addresses = new Set(ingress.addresses);
  return {
    ...state,
    forwardingRules,
    targetProxies,
    urlMaps,
    backendServices,
    healthChecks: keep(state.healthChecks, ({ name }) => checks.has(name)),
    negs: keep(state.negs, ({ name }) => groups.has(name)),
    certificates: keep(state.certificates, ({ name }) => wanted.certificates.has(name) || served.has(name)),
    addresses: keep(
      state.addresses,
      ({ name, address }) => wanted.addresses.has(name) || addresses.has(address),
    ),
  };
}

function wantedNames({ annotations }: Ingress) {
  const named = (key: string) => (annotations[key] ?? "").split(",").map((name) => name.trim());
  const set = (keys: readonly string[]) => new Set(keys.flatMap(named).filter((name) => name !== ""));
  return {
    built: set(STATUS_NAMES.map((name) => STATUS_PREFIX + name)),
    certificates: set(CERTIFICATE_KEYS),
    addresses: set(ADDRESS_KEYS),
  };
}

function keep<T>(list: Observed<readonly T[]>, wanted: (item: T) => boolean): Observed<readonly T[]> {
  return mapObserved(list, (items) => items.filter(wanted));
}

function namesIn<T>(
  list: Observed<readonly T[]>,
  names: (item: T) => readonly string[],
): ReadonlySet<string> {
  return new Set(list.known ? list.value.flatMap(names) : []);
}
