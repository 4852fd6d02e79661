import type { BackendService, LoadBalancer, UrlMap } from "../model/load-balancer.ts";
import { known, type Observed } from "../model/observed.ts";
import type { Finding } from "./finding.ts";
import { ingressProduct } from "./gke/ingress-class.ts";
import type { UrlRequest } from "./gke/match-url.ts";
import { builtObjects } from "./gke/status-annotations.ts";
import type { UrlMapTable } from "./gke/url-map.ts";
import { healthState, isNameOf, liveBackendService } from "./live-backend.ts";
import {
  explainRoute,
  type Frontend,
  type RouteBackend,
  type RouteExplanation,
  type RouteInput,
} from "./route.ts";
import { backendOfRoute, routeInput, ruleSource } from "./route-url.ts";
import type { Backend, Topology } from "./topology.ts";

/** The way of one request by the URL map that the load balancer holds now. */
export interface LiveRoute {
  /** Name of the URL map. */
  readonly urlMap: string;
  readonly explanation: RouteExplanation;
  /** Whether a request ends elsewhere than the Ingress says. */
  readonly differs: boolean;
}

/** A rule of the live URL map. */
export interface LiveRule {
  readonly host: string;
  readonly path: string;
  readonly backend: RouteBackend | undefined;
}

/** Routes by the live URL map, beside the ones that the Ingress asks for. */
export interface LiveRoutes {
  readonly urlMap: string;
  /** Rules of the map, as Compute Engine holds them, that the Ingress does not ask for. */
  readonly strays: readonly LiveRule[];
  /** Follows one request. */
  follow(request: UrlRequest): LiveRoute;
}

/**
 * What the live load balancer routes; undefined when it has no URL map, unknown when it could not be read.
 *
 * @param findings what the rules found in the same topology; they decide which backends answer
 */
export function liveRoutes(
  topology: Topology,
  findings: readonly Finding[],
): Observed<LiveRoutes | undefined> {
  const { loadBalancer } = topology;
  if (!loadBalancer.known) return loadBalancer;
  const { urlMaps, backendServices } = loadBalancer.value;
  if (!urlMaps.known) return urlMaps;
  if (!backendServices.known) return backendServices;
  const map = routingMap(topology, urlMaps.value);
  if (map === undefined) return known(undefined);
  const intended = routeInput(topology, findings);
  const live = liveInput(topology, findings, { map, loadBalancer: loadBalancer.value });
  return known({
    urlMap: map.name,
    strays: live.table.hosts.flatMap(({ host, paths }) => {
      const asked = intended.table.hosts.find((one) => one.host === host)?.paths ?? [];
      const strays = paths.filter(({ path }) => asked.every((one) => one.path !== path));
      return strays.map(({ path, target }) => ({ host, path, backend: live.backend(target) }));
    }),
    follow: (request) => {
      const explanation = explainRoute(live, request);
      return { urlMap: map.name, explanation, differs: differ(explainRoute(intended, request), explanation) };
    },
  });
}

/** The map that the controller says it built, else the only one that does more than redirect. */
function routingMap({ ingress }: Topology, maps: readonly UrlMap[]): UrlMap | undefined {
  const { urlMap } = builtObjects(ingress);
  const named = maps.find(({ name }) => name === urlMap);
  const routing = maps.filter(({ redirectsToHttps }) => !redirectsToHttps);
  return named ?? (routing.length === 1 ? routing[0] : undefined);
}

interface LiveParts {
  readonly map: UrlMap;
  readonly loadBalancer: LoadBalancer;
}

function liveInput(topology: Topology, findings: readonly Finding[], parts: LiveParts): RouteInput<string> {
  const table = tableOf(parts.map);
  const intended = routeInput(topology, findings);
  return {
    table,
    product: ingressProduct(topology.ingress),
    frontends: liveFrontends(parts.loadBalancer),
    frozen: false,
    backend: (name) => liveBackend(topology, findings, { name, loadBalancer: parts.loadBalancer }),
    source: (hostIndex, pathIndex) => {
      const rule = table.hosts[hostIndex];
      const path = rule?.paths[pathIndex]?.path;
      const same = intended.table.hosts.find(({ host }) => host === rule?.host);
      const origin = same?.paths.find((one) => one.path === path)?.target.origin;
      return origin && ruleSource(topology, origin);
    },
  };
}

/** A rule without a backend service redirects; no backend has an empty name. */
function tableOf({ hosts, defaultService }: UrlMap): UrlMapTable<string> {
  return {
    hosts: hosts.map(({ host, paths, defaultService: fallback }) => ({
      host,
      paths: paths.map(({ path, service = "" }) => ({ path, target: service })),
      fallback,
    })),
    fallback: defaultService,
  };
}

function liveFrontends(balancer: LoadBalancer): Readonly<Record<UrlRequest["scheme"], Frontend>> {
  return { http: liveFrontend(balancer, 80), https: liveFrontend(balancer, 443) };
}

function liveFrontend({ forwardingRules, targetProxies, urlMaps }: LoadBalancer, port: number): Frontend {
  const finding = undefined;
  if (!forwardingRules.known || !targetProxies.known || !urlMaps.known) return { kind: "unknown", finding };
  const rule = forwardingRules.value.find((one) => one.port === port);
  if (rule === undefined) return { kind: "closed", finding };
  const proxy = targetProxies.value.find(({ name }) => name === rule.target);
  const map = urlMaps.value.find(({ name }) => name === proxy?.urlMap);
  if (map === undefined) return { kind: "unknown", finding };
  return { kind: map.redirectsToHttps ? "redirect" : "open", finding };
}

interface NamedBackend {
  readonly name: string;
  readonly loadBalancer: LoadBalancer;
}

function liveBackend(
  topology: Topology,
  findings: readonly Finding[],
  { name, loadBalancer }: NamedBackend,
): RouteBackend | undefined {
  const own = topology.backends.find((backend) => isServedBy(backend, name, loadBalancer));
  if (own !== undefined) return backendOfRoute(topology, findings, own);
  const services = loadBalancer.backendServices.known ? loadBalancer.backendServices.value : [];
  const live = services.find((service) => service.name === name);
  return live && foreignBackend(live);
}

function isServedBy(backend: Backend, name: string, loadBalancer: LoadBalancer): boolean {
  const service = backend.service.known ? backend.service.value : undefined;
  const resolved = backend.resolution.known ? backend.resolution.value.backend : undefined;
  const identity = { service, resolved, serviceNegs: backend.serviceNegs };
  if (isNameOf(identity, name)) return true;
  const live = liveBackendService(identity, loadBalancer);
  return live.known && live.value?.name === name;
}

/** One that the Ingress does not name, any more or yet; its pods are not read. */
function foreignBackend({ serviceKey = "/", name, health }: BackendService): RouteBackend {
  const [namespace = "", service = ""] = serviceKey.split("/");
  const state = health.known ? healthState(health.value) : "Unknown";
  return {
    namespace,
    service: service === "" ? name : service,
    port: "",
    systemDefault: false,
    pods: undefined,
    serves: state === "Unknown" ? undefined : state === "HEALTHY",
    finding: undefined,
  };
}

/** Whether two ways end at different places. What is not known of one of them tells no difference. */
function differ(intended: RouteExplanation, live: RouteExplanation): boolean {
  const kinds = [intended.frontend.kind, live.frontend.kind];
  if (kinds[0] !== kinds[1]) return !kinds.includes("unknown");
  if (intended.backend === undefined || live.backend === undefined) return false;
  const place = ({ namespace, service, port }: RouteBackend) => `${namespace}/${service}:${port}`;
  return place(intended.backend) !== place(live.backend);
}
