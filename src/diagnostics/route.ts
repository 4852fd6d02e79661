import type { ExpectedAnswer } from "./diagnosis.ts";
import type { Product } from "./gke/ingress-class.ts";
import { matchUrl, type UrlMatch, type UrlRequest, type UrlTarget } from "./gke/match-url.ts";
import { type NearMissReason, nearMisses } from "./gke/near-misses.ts";
import type { UrlAssumption } from "./gke/url-assumptions.ts";
import type { UrlMapTable } from "./gke/url-map.ts";
import { requestPort } from "./request-url.ts";

/**
 * Who writes the answer a client gets.
 *
 * - `application`: a pod behind the Ingress;
 * - `gke-default-backend`: GKE's `default-http-backend`, whose 404 says `response 404 (backend NotFound)`;
 * - `load-balancer`: a redirect, or the Envoy of an internal or regional load balancer;
 * - `google-front-end`: Google's own error page, on the classic external product.
 */
export type AnswerProducer = "application" | "gke-default-backend" | "load-balancer" | "google-front-end";

/** Pods behind a backend's Service port; terminating ones are not counted. */
export interface PodCount {
  readonly ready: number;
  readonly total: number;
}

/** What stands behind one target of a URL map. */
export interface RouteBackend {
  readonly namespace: string;
  readonly service: string;
  /** The Service port as the Ingress names it: its name, else its number; empty where no Ingress tells. */
  readonly port: string;
  /** True for GKE's own default backend, which answers 404. */
  readonly systemDefault: boolean;
  /** Undefined when pods or endpoints could not be read. */
  readonly pods: PodCount | undefined;
  /** Whether a request that reaches it gets an answer from a pod; undefined when that is not known. */
  readonly serves: boolean | undefined;
  /** Code of the finding that says so. */
  readonly finding: string | undefined;
}

/** The part of an Ingress that a rule of the URL map was made from. */
export interface RuleSource {
  /** JSON path inside the Ingress, e.g. `spec.rules[0].http.paths[1]`. */
  readonly field: string;
  /** As the Ingress writes it. */
  readonly path: string;
  /** As the Ingress writes it; `ImplementationSpecific` when it is left out. */
  readonly pathType: string;
}

/** What listens for a scheme: nothing, a redirect to https, the URL map, or one of the last two. */
export interface Frontend {
  readonly kind: "closed" | "redirect" | "open" | "unknown";
  /** Code of the finding that says why it is closed. */
  readonly finding: string | undefined;
}

/** Everything that {@link explainRoute} needs to know of a load balancer, whoever tells it. */
export interface RouteInput<T extends UrlTarget> {
  readonly table: UrlMapTable<T>;
  readonly product: Product;
  readonly frontends: Readonly<Record<UrlRequest["scheme"], Frontend>>;
  /** True when the load balancer still holds an older version than `table`. */
  readonly frozen: boolean;
  /** Undefined when nothing is known of the target. */
  readonly backend: (target: T) => RouteBackend | undefined;
  /** Positions are those of `table`; undefined when no part of the Ingress is known to have made the rule. */
  readonly source: (hostIndex: number, pathIndex: number) => RuleSource | undefined;
}

/** A rule of the URL map by what it says, with the part of the Ingress it comes from. */
export interface ExplainedRule {
  readonly host: string;
  readonly path: string;
  readonly source: RuleSource | undefined;
}

/** A rule that should perhaps have taken the request. */
export interface ExplainedNearMiss {
  readonly reason: NearMissReason;
  readonly host: string;
  /** Undefined when only the host came close. */
  readonly path: string | undefined;
  readonly source: RuleSource | undefined;
}

/** The way of one request through a load balancer, and the answer to expect. */
export interface RouteExplanation {
  readonly request: UrlRequest;
  readonly product: Product;
  readonly hostRule: { readonly kind: "exact" | "wildcard" | "catch-all"; readonly host: string } | undefined;
  readonly pathRule:
    | ({ readonly kind: "exact" | "prefix" } & ExplainedRule)
    | { readonly kind: "host-fallback" | "map-fallback" };
  /** Undefined when the fallback that takes the request is not known. */
  readonly backend: RouteBackend | undefined;
  readonly frontend: Frontend;
  readonly answer: ExpectedAnswer;
  /** True when the load balancer still holds an older version, so that the answer may come from there. */
  readonly frozen: boolean;
  /** Undefined when nobody answers, or when it is not known who does. */
  readonly producer: AnswerProducer | undefined;
  /** Code of the finding that says so. */
  readonly finding: string | undefined;
  readonly nearMisses: readonly ExplainedNearMiss[];
  readonly assumptions: readonly UrlAssumption[];
}

/** Follows one request through a load balancer, from listener to pods. */
export function explainRoute<T extends UrlTarget>(
  input: RouteInput<T>,
  request: UrlRequest,
): RouteExplanation {
  const { table, product, source } = input;
  const match = matchUrl(table, request, product);
  const backend = match.target === undefined ? undefined : input.backend(match.target);
  const frontend = frontendFor(input, request);
  return {
    request,
    product,
    hostRule: hostRuleOf(table, match),
    pathRule: pathRuleOf(input, match),
    backend,
    frontend,
    ...answerOf({ frontend, backend, product, path: match.path }),
    frozen: input.frozen,
    nearMisses: nearMisses(table, match).map(({ reason, hostIndex, pathIndex }) => ({
      reason,
      host: table.hosts[hostIndex]?.host ?? "",
      path: pathIndex === undefined ? undefined : table.hosts[hostIndex]?.paths[pathIndex]?.path,
      source: pathIndex === undefined ? undefined : source(hostIndex, pathIndex),
    })),
    assumptions: match.assumptions,
  };
}

/** Load balancers of Ingresses listen on 80 for http and on 443 for https, and nowhere else. */
function frontendFor({ frontends }: Pick<RouteInput<UrlTarget>, "frontends">, request: UrlRequest): Frontend {
  const usual = request.scheme === "https" ? 443 : 80;
  return requestPort(request) === usual ? frontends[request.scheme] : { kind: "closed", finding: undefined };
}

function hostRuleOf(
  table: UrlMapTable<unknown>,
  { hostRule }: UrlMatch<unknown>,
): RouteExplanation["hostRule"] {
  if (hostRule.kind === "none") return undefined;
  return { kind: hostRule.kind, host: table.hosts[hostRule.index]?.host ?? "" };
}

function pathRuleOf<T extends UrlTarget>(
  { table, source }: RouteInput<T>,
  match: UrlMatch<T>,
): RouteExplanation["pathRule"] {
  const { hostRule, pathRule } = match;
  if (pathRule.kind === "map-fallback" || pathRule.kind === "host-fallback") return { kind: pathRule.kind };
  const hostIndex = hostRule.kind === "none" ? -1 : hostRule.index;
  const rule = table.hosts[hostIndex];
  return {
    kind: pathRule.kind,
    host: rule?.host ?? "",
    path: rule?.paths[pathRule.index]?.path ?? "",
    source: source(hostIndex, pathRule.index),
  };
}

interface AnswerInput {
  readonly frontend: Frontend;
  readonly backend: RouteBackend | undefined;
  readonly product: Product;
  readonly path: string;
}

function answerOf(input: AnswerInput): Pick<RouteExplanation, "answer" | "producer" | "finding"> {
  const { frontend, backend, product, path } = input;
  const { kind, finding } = frontend;
  if (kind === "closed") return { answer: "none", producer: undefined, finding };
  if (kind === "redirect") return { answer: "redirect", producer: "load-balancer", finding };
  if (kind === "unknown") return { answer: "unknown", producer: undefined, finding };
  return { ...backendAnswerOf(backend, product, path), finding: backend?.finding };
}

function backendAnswerOf(
  backend: RouteBackend | undefined,
  product: Product,
  path: string,
): Pick<RouteExplanation, "answer" | "producer"> {
  if (backend?.serves === undefined) return { answer: "unknown", producer: undefined };
  if (!backend.serves) {
    return product === "external"
      ? { answer: "502", producer: "google-front-end" }
      : { answer: "503", producer: "load-balancer" };
  }
  if (!backend.systemDefault) return { answer: "served", producer: "application" };
  return { answer: path === DEFAULT_BACKEND_HEALTH ? "served" : "404", producer: "gke-default-backend" };
}

/** The one path on which GKE's default backend answers 200 (ingress-gce, 404-server-with-metrics). */
const DEFAULT_BACKEND_HEALTH = "/healthz";
