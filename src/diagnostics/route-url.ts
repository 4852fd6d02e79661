import type { PortReference } from "../model/ingress.ts";
import { expectedFrontends } from "./expected-frontends.ts";
import type { Finding } from "./finding.ts";
import { ingressProduct } from "./gke/ingress-class.ts";
import { intendedTable, type LostTarget } from "./gke/intended-table.ts";
import type { UrlRequest } from "./gke/match-url.ts";
import type { BackendTarget, RouteOrigin } from "./gke/translate.ts";
import {
  explainRoute,
  type Frontend,
  type RouteBackend,
  type RouteExplanation,
  type RouteInput,
  type RuleSource,
} from "./route.ts";
import { backendAnswer, ingressOutage, isFrozen } from "./route-diagnosis.ts";
import type { Backend, Topology } from "./topology.ts";

/**
 * Follows one request through the load balancer that an Ingress asks for.
 *
 * @param findings what the rules found in the same topology; they decide which backends answer
 */
export function routeUrl(
  topology: Topology,
  findings: readonly Finding[],
  request: UrlRequest,
): RouteExplanation {
  return explainRoute(routeInput(topology, findings), request);
}

/** What {@link routeUrl} knows of the load balancer that an Ingress asks for, ready for many requests. */
export function routeInput(
  topology: Topology,
  findings: readonly Finding[],
): RouteInput<BackendTarget | LostTarget> {
  const { ingress, translation } = topology;
  const table = intendedTable(ingress, translation);
  const outage = ingressOutage(topology, findings);
  return {
    table,
    product: ingressProduct(ingress),
    frontends: outage === undefined ? expectedFrontends(topology) : closedFrontends(outage.finding?.code),
    frozen: outage === undefined && isFrozen(topology, findings),
    backend: (target) => routeBackend(topology, findings, target),
    source: (hostIndex, pathIndex) => {
      const origin = table.hosts[hostIndex]?.paths[pathIndex]?.target.origin;
      return origin && ruleSource(topology, origin);
    },
  };
}

function closedFrontends(finding: string | undefined): Readonly<Record<UrlRequest["scheme"], Frontend>> {
  return { http: { kind: "closed", finding }, https: { kind: "closed", finding } };
}

function routeBackend(
  topology: Topology,
  findings: readonly Finding[],
  target: BackendTarget | LostTarget,
): RouteBackend | undefined {
  if ("lost" in target) return lostBackend(topology, findings, target);
  const backend = topology.backends.find(({ key }) => key === target.key);
  return backend && backendOfRoute(topology, findings, backend);
}

/** A backend of the Ingress as the route explainer shows it. */
export function backendOfRoute(
  topology: Topology,
  findings: readonly Finding[],
  backend: Backend,
): RouteBackend {
  const { answer, finding } = backendAnswer(topology, findings, backend);
  return {
    namespace: backend.namespace,
    service: backend.serviceName,
    port: portText(backend.portReference),
    systemDefault: backend.origin === "system-default",
    pods: podCount(backend),
    serves: answer === "unknown" ? undefined : answer !== "502" && answer !== "503",
    finding: finding?.code,
  };
}

/** The backend that a path names, though GKE refuses the path; what answers there is not known. */
function lostBackend(
  { ingress }: Topology,
  findings: readonly Finding[],
  { origin }: LostTarget,
): RouteBackend | undefined {
  const backend = ingress.rules[origin.ruleIndex]?.paths?.[origin.pathIndex]?.backend;
  if (backend?.kind !== "service") return undefined;
  return {
    namespace: ingress.ref.namespace,
    service: backend.service,
    port: portText(backend.port),
    systemDefault: false,
    pods: undefined,
    serves: undefined,
    finding: findings.find(({ subject }) => subject.fieldPath?.startsWith(origin.field))?.code,
  };
}

function portText({ name, number }: PortReference): string {
  return String(name ?? number ?? "");
}

/** Counted only where a selector says which pods they are; GKE's own default backend is not looked into. */
function podCount({ pods, service, origin }: Backend): RouteBackend["pods"] {
  const selects = service.known && service.value?.selector !== undefined;
  if (!pods.known || !selects || origin === "system-default") return undefined;
  const staying = pods.value.filter(({ deletedAt }) => deletedAt === undefined);
  return { ready: staying.filter(({ ready }) => ready).length, total: staying.length };
}

/** The path of the Ingress that a rule of the URL map comes from; undefined for a rule no path makes. */
export function ruleSource({ ingress }: Topology, origin: RouteOrigin): RuleSource | undefined {
  if (origin.kind !== "path") return undefined;
  const written = ingress.rules[origin.ruleIndex]?.paths?.[origin.pathIndex];
  if (written === undefined) return undefined;
  const { path, pathType = "ImplementationSpecific" } = written;
  return { field: origin.field, path, pathType };
}
