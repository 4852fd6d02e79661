import type { Ingress } from "../model/ingress.ts";
import type {
  Address,
  BackendService,
  ForwardingRule,
  HealthCheck,
  InstanceGroup,
  LoadBalancer,
  NetworkEndpointGroup,
  SslCertificate,
  TargetProxy,
  UrlMap,
} from "../model/load-balancer.ts";
import { mapObserved, type Observed } from "../model/observed.ts";
import { type ObjectKey, refKey } from "../model/refs.ts";
import type { ItemIndex } from "./item-index.ts";

/** Everything read from Compute Engine that Ingresses share, each collection known or unknown by itself. */
export type ComputeState = LoadBalancer;

/** {@link ComputeState} with what is joined by name ready to be looked up. */
export interface IndexedCompute {
  /** What belongs to everybody, and passes through. */
  readonly shared: Pick<
    ComputeState,
    "readAt" | "project" | "firewalls" | "subnetworks" | "quotas" | "sslPolicies"
  >;
  readonly forwardingRules: Observed<ItemIndex<ForwardingRule>>;
  readonly targetProxies: Observed<ItemIndex<TargetProxy>>;
  readonly urlMaps: Observed<ItemIndex<UrlMap>>;
  readonly backendServices: Observed<ItemIndex<BackendService>>;
  readonly healthChecks: Observed<ItemIndex<HealthCheck>>;
  readonly negs: Observed<ItemIndex<NetworkEndpointGroup>>;
  readonly instanceGroups: Observed<ItemIndex<InstanceGroup>>;
  readonly certificates: Observed<ItemIndex<SslCertificate>>;
  readonly addresses: Observed<ItemIndex<Address>>;
}

/** Collections of the whole project that show what belongs to nobody any more. */
export type Holdings = Pick<
  ComputeState,
  | "forwardingRules"
  | "targetProxies"
  | "urlMaps"
  | "backendServices"
  | "healthChecks"
  | "negs"
  | "certificates"
>;

/** Every item of the joined collections, in the order of the lists. */
export function holdingsOf(compute: IndexedCompute): Holdings {
  const items = <T>(index: Observed<ItemIndex<T>>) => mapObserved(index, (all) => all.items);
  return {
    forwardingRules: items(compute.forwardingRules),
    targetProxies: items(compute.targetProxies),
    urlMaps: items(compute.urlMaps),
    backendServices: items(compute.backendServices),
    healthChecks: items(compute.healthChecks),
    negs: items(compute.negs),
    certificates: items(compute.certificates),
  };
}

/** Under which keys the items of each joined collection are found: names, and `kind:` references to objects. */
export const INDEX_KEYS = {
  forwardingRules: ({ name, ingress, address }: ForwardingRule) => [
    name,
    ...reference("ingress", ingress),
    ...reference("address", address),
  ],
  targetProxies: nameKeys,
  urlMaps: nameKeys,
  backendServices: ({ name, serviceKey }: BackendService) => [name, ...reference("service", serviceKey)],
  healthChecks: nameKeys,
  negs: nameKeys,
  instanceGroups: nameKeys,
  certificates: nameKeys,
  addresses: ({ name, address }: Address) => [name, ...reference("address", address)],
} as const;

function nameKeys({ name }: { readonly name: string }): readonly string[] {
  return [name];
}

/** A colon is no part of a Compute Engine name, so a reference is never taken for one. */
function reference(kind: string, value: string | undefined): readonly string[] {
  return value === undefined || value === "" ? [] : [`${kind}:${value}`];
}

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
  compute: IndexedCompute,
  ingress: Ingress,
  services: readonly ObjectKey[],
): LoadBalancer {
  const wanted = wantedNames(ingress);
  const forwardingRules = having(compute.forwardingRules, [
    ...wanted.built,
    ...reference("ingress", refKey(ingress.ref)),
  ]);
  const targets = namesIn(forwardingRules, (rule) => [rule.target]);
  const targetProxies = having(compute.targetProxies, [...wanted.built, ...targets]);
  const maps = namesIn(targetProxies, (proxy) => [proxy.urlMap]);
  const urlMaps = having(compute.urlMaps, [...wanted.built, ...maps]);
  const backendServices = having(compute.backendServices, [
    ...namesIn(urlMaps, routedNames),
    ...services.flatMap((key) => reference("service", key)),
  ]);
  const groups = namesIn(backendServices, (service) => service.groups.map(({ name }) => name));
  const reserved = having(compute.addresses, wanted.addresses);
  const served = namesIn(targetProxies, (proxy) => proxy.certificates);
  return {
    ...compute.shared,
    forwardingRules,
    targetProxies,
    urlMaps,
    backendServices,
    healthChecks: having(
      compute.healthChecks,
      namesIn(backendServices, (service) => service.healthChecks),
    ),
    negs: having(compute.negs, groups),
    instanceGroups: having(compute.instanceGroups, groups),
    certificates: having(compute.certificates, [...wanted.certificates, ...served]),
    addresses: having(compute.addresses, [
      ...wanted.addresses,
      ...ingress.addresses.flatMap((address) => reference("address", address)),
    ]),
    rivals: rivalsOf(compute.forwardingRules, forwardingRules, reserved),
  };
}

/** Users of the reserved addresses that are not among the Ingress' own forwarding rules. */
function rivalsOf(
  index: IndexedCompute["forwardingRules"],
  own: Observed<readonly ForwardingRule[]>,
  reserved: Observed<readonly Address[]>,
): Observed<readonly ForwardingRule[]> {
  if (!reserved.known) return reserved;
  // Two networks may use one internal address, so the address must name the rule as its user, too.
  const users = new Set(
    reserved.value.flatMap(({ scope, users: names }) => names.map((name) => `${scope}/${name}`)),
  );
  const addressed = having(
    index,
    reserved.value.flatMap(({ address }) => reference("address", address)),
  );
  return mapObserved(addressed, (rules) =>
    rules.filter(
      (rule) => users.has(`${rule.scope}/${rule.name}`) && !(own.known && own.value.includes(rule)),
    ),
  );
}

function routedNames({ defaultService, hosts }: UrlMap): readonly string[] {
  const routed = hosts.flatMap((host) => [host.defaultService, ...host.paths.map(({ service }) => service)]);
  return [defaultService, ...routed].filter((name) => name !== undefined);
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

function having<T>(index: Observed<ItemIndex<T>>, keys: Iterable<string>): Observed<readonly T[]> {
  return mapObserved(index, (items) => items.having(keys));
}

function namesIn<T>(list: Observed<readonly T[]>, names: (item: T) => readonly string[]): readonly string[] {
  return list.known ? list.value.flatMap(names) : [];
}
