import { BLOCKING_STAGES } from "./cause.ts";
import type { ExpectedAnswer, RouteDiagnosis } from "./diagnosis.ts";
import { expectedFrontends } from "./expected-frontends.ts";
import { sampleHost } from "./expected-url-map.ts";
import type { Finding } from "./finding.ts";
import { ingressProduct } from "./gke/ingress-class.ts";
import { intendedTable, type LostTarget } from "./gke/intended-table.ts";
import { UrlMatcher } from "./gke/match-url.ts";
import type { BackendTarget } from "./gke/translate.ts";
import type { Backend, Route, Topology } from "./topology.ts";

/** Says for every route of the Ingress what a client is expected to get, and which finding says so. */
export function routeDiagnoses(topology: Topology, findings: readonly Finding[]): readonly RouteDiagnosis[] {
  const ingressDown = ingressOutage(topology, findings);
  const frozen = ingressDown === undefined && isFrozen(topology, findings);
  const outage = ingressDown ?? deadEnd(topology, findings);
  const matcher = new UrlMatcher(intendedTable(topology.ingress, topology.translation));
  return topology.routes.map((route) => {
    const { answer, finding } = outage ?? expectedAnswer(topology, findings, { route, matcher });
    return {
      host: route.host,
      path: route.path,
      pathType: route.pathType,
      ...backendOf(topology, route),
      answer,
      frozen,
      ...(finding === undefined ? {} : { finding: finding.code }),
    };
  });
}

/** True when GKE does not get as far as changing the load balancer. */
export function isFrozen({ translation }: Topology, findings: readonly Finding[]): boolean {
  const blocking = findings.some(({ severity, stage }) => severity === "error" && BLOCKING_STAGES.has(stage));
  return blocking || translation.errors.length > 0;
}

/** What a client gets, and the finding that says so. */
export interface Answer {
  readonly answer: ExpectedAnswer;
  readonly finding?: Finding | undefined;
}

/** No address, or not ours: no request of any route reaches a load balancer. */
export function ingressOutage(topology: Topology, findings: readonly Finding[]): Answer | undefined {
  const blocking = findings.find(
    (finding) => finding.severity === "error" && !finding.consequence && BLOCKING_STAGES.has(finding.stage),
  );
  const served = topology.ownership.kind === "owned" && mayHaveAddress(topology, blocking);
  const gone = blocking?.symptoms.includes("no-load-balancer") ?? false;
  return served && !gone ? undefined : { answer: "none", finding: blocking };
}

/** A manifest that was never applied has no address to miss; only what blocks it would keep it without one. */
function mayHaveAddress({ ingress, sync }: Topology, blocking: Finding | undefined): boolean {
  return ingress.addresses.length > 0 || (blocking === undefined && !sync.known && sync.reason === "offline");
}

/** Plain HTTP is redirected to HTTPS, where nothing listens. */
function deadEnd(topology: Topology, findings: readonly Finding[]): Answer | undefined {
  const { http, https } = expectedFrontends(topology);
  if (http.kind !== "redirect" || https.kind !== "closed") return undefined;
  const finding = findings.find(({ severity, stage }) => severity === "error" && stage === "frontend");
  return { answer: "none", finding };
}

interface RouteMatch {
  readonly route: Route;
  readonly matcher: UrlMatcher<BackendTarget | LostTarget>;
}

function expectedAnswer(
  topology: Topology,
  findings: readonly Finding[],
  { route, matcher }: RouteMatch,
): Answer {
  if (route.backend === undefined) return { answer: "404" };
  const own = findings.find(
    (finding) => finding.severity !== "info" && finding.subject.fieldPath?.startsWith(route.field),
  );
  const request = { scheme: "http", host: sampleHost(route.host), path: samplePath(route) } as const;
  const target = matcher.target(request, ingressProduct(topology.ingress));
  // A path lost to an error stays what it was: nothing, if it is new, and its old backend, if it is not.
  const backend = topology.backends.find(({ key }) => key === target?.key);
  if (backend === undefined) return { answer: "unknown", finding: own };
  return { finding: own, ...backendAnswer(topology, findings, backend) };
}

/** What a request gets that the URL map sends to this backend. */
export function backendAnswer(topology: Topology, findings: readonly Finding[], backend: Backend): Answer {
  const failing = findings.find(
    (finding) =>
      finding.severity === "error" && !finding.settling && finding.backend === backend.key && breaks(finding),
  );
  const failure = ingressProduct(topology.ingress) === "external" ? "502" : "503";
  if (failing) return { answer: failure, finding: failing };
  if (backend.origin === "system-default") {
    // Nobody but the default backend itself says 404; where none of its pods is healthy, nobody says it.
    if (backend.reportedHealth !== "UNHEALTHY") return { answer: "404" };
    return { answer: failure, finding: findings.find((finding) => finding.backend === backend.key) };
  }
  if (!backend.endpoints.known) return { answer: "unknown" };
  return { answer: "served" };
}

function breaks(finding: Finding): boolean {
  return finding.symptoms.includes("502") || finding.symptoms.includes("no-neg");
}

/** A path that the route itself names: its own text without the trailing star. */
export function samplePath({ path }: Pick<Route, "path">): string {
  return path.endsWith("/*") ? path.slice(0, -1) : path === "" ? "/" : path;
}

function backendOf(topology: Topology, route: Route): Pick<RouteDiagnosis, "service" | "port"> {
  const backend = topology.backends.find(({ key }) => key === route.backend);
  const port = backend?.portReference;
  return { service: backend?.serviceName ?? "", port: String(port?.name ?? port?.number ?? "") };
}
