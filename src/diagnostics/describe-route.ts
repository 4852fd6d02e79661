import type { NearMissReason } from "./gke/near-misses.ts";
import type { UrlAssumption } from "./gke/url-assumptions.ts";
import type { ExplainedNearMiss, RouteBackend, RouteExplanation, RuleSource } from "./route.ts";
import { cleanText, counted } from "./text.ts";

/** Longest part of a request or rule that a sentence quotes. */
const MAX_QUOTED = 200;

/**
 * Tells one explanation in sentences, in the order the request travels: listener, host rule, path rule,
 * backend, answer; then the rules that came close, and what was assumed. Safe to print.
 */
export function describeRoute(explanation: RouteExplanation): string[] {
  return [
    ...frontendSentences(explanation),
    hostSentence(explanation),
    ...pathSentences(explanation),
    backendSentence(explanation),
    ...answerSentences(explanation),
    ...explanation.nearMisses.map((miss) => nearMissSentence(miss, explanation)),
    ...explanation.assumptions.map(assumptionSentence),
  ];
}

function frontendSentences({ frontend, request }: RouteExplanation): string[] {
  const origin = `${request.scheme}://${quote(request.host)}`;
  if (frontend.kind === "closed") return [`Nothing listens for ${origin}.`];
  if (frontend.kind === "redirect")
    return [`The load balancer redirects ${origin} to https; the rules below hold there.`];
  if (frontend.kind === "unknown")
    return [`Whether the load balancer redirects ${origin} to https could not be read.`];
  return [];
}

function hostSentence({ hostRule, request }: RouteExplanation): string {
  const host = quote(request.host);
  if (hostRule === undefined) return `No host rule covers ${host}.`;
  if (hostRule.kind === "catch-all")
    return `The rule without a host takes ${host}, since no other host rule covers it.`;
  const rule = quote(hostRule.host);
  return hostRule.kind === "wildcard"
    ? `Host rule ${rule} covers ${host}.`
    : `Host rule ${rule} takes the request.`;
}

function pathSentences({ pathRule, hostRule, request }: RouteExplanation): string[] {
  const path = quote(pathOnly(request.path));
  switch (pathRule.kind) {
    case "map-fallback":
      return [];
    case "host-fallback":
      return [`No path rule of ${hostName(hostRule?.host ?? "*")} covers ${path}.`];
    case "exact":
      return [`Path rule ${ruleText(pathRule.path, pathRule.source)} is equal to the path.`];
    case "prefix":
      return [`Path rule ${ruleText(pathRule.path, pathRule.source)} covers ${path}.`];
  }
}

function backendSentence({ backend, pathRule }: RouteExplanation): string {
  const fallback = pathRule.kind === "host-fallback" || pathRule.kind === "map-fallback";
  if (backend === undefined) return `The ${fallback ? "default " : ""}backend could not be resolved.`;
  const pods = podText(backend);
  const port = backend.port === "" ? "" : `, port ${backend.port}`;
  const service = `Service ${backend.namespace}/${backend.service}${port}`;
  if (backend.systemDefault) return `The request falls to GKE's default backend${pods}.`;
  return fallback
    ? `The request falls to the default backend, ${service}${pods}.`
    : `Backend: ${service}${pods}.`;
}

function podText({ pods }: RouteBackend): string {
  return pods === undefined ? "" : ` (${pods.ready} of ${counted(pods.total, "pod")} ready)`;
}

function answerSentences(explanation: RouteExplanation): string[] {
  const finding = explanation.finding === undefined ? "" : ` (${explanation.finding})`;
  const answer = `Expected answer: ${answerText(explanation)}${finding}.`;
  if (!explanation.frozen) return [answer];
  return [answer, "The load balancer still holds an older version of this Ingress, and answers from that."];
}

function answerText({ answer, producer }: RouteExplanation): string {
  switch (answer) {
    case "served":
      return `whatever ${producer === "gke-default-backend" ? "GKE's default backend" : "the application"} sends`;
    case "404":
      return "404, written by GKE's default backend";
    case "502":
    case "503": {
      const writer = producer === "google-front-end" ? "Google's front end" : "the load balancer";
      return `${answer}, written by ${writer}, because no endpoint can take the request`;
    }
    case "redirect":
      return "a redirect to https, written by the load balancer";
    case "none":
      return "none, because the connection fails";
    case "unknown":
      return "not known";
  }
}

/** Why the rule did not take the request, after its name; `path` and `host` are those of the request. */
const NEAR_MISS_CLAUSES: Readonly<Record<NearMissReason, (path: string, host: string) => string>> = {
  "literal-path": (path) => `matches that path only; ${path} lies below it`,
  "prefix-without-itself": (path) => `covers what lies below ${path}, not ${path} itself`,
  "trailing-slash": (path) => `differs from ${path} in the slash at the end`,
  "path-case": (path) => `differs from ${path} in upper and lower case`,
  "path-expression": (path) =>
    `is written as a pattern, but is compared as plain text, so ${path} does not match`,
  "host-port": (_, host) => `differs from ${host} in the port, which this load balancer compares too`,
  "host-www": (_, host) => `differs from ${host} in www.`,
  "bare-domain": (_, host) => `covers names below ${host}, not ${host} itself`,
  "host-characters": (_, host) => `covers letters, digits, - and . only, and ${host} has other characters`,
  "host-case": (_, host) => `has upper case letters, and ${host} is compared in lower case`,
  "bare-address": (_, host) => `names a host, and the request names the address ${host}`,
  "host-spelling": (_, host) => `is spelt almost like ${host}`,
  "other-host": (path, host) => `covers ${path}, but belongs to another host than ${host}`,
};

function nearMissSentence(miss: ExplainedNearMiss, { request }: RouteExplanation): string {
  const clause = NEAR_MISS_CLAUSES[miss.reason](quote(pathOnly(request.path)), quote(request.host));
  const rule = miss.path === undefined ? "" : ruleText(miss.path, miss.source);
  if (PATH_REASONS.has(miss.reason)) return `Came close: path rule ${rule} ${clause}.`;
  const serves = rule === "" ? "" : `; its path rule is ${rule}`;
  return `Came close: host rule ${hostName(miss.host)} ${clause}${serves}.`;
}

const PATH_REASONS: ReadonlySet<NearMissReason> = new Set([
  "literal-path",
  "prefix-without-itself",
  "trailing-slash",
  "path-case",
  "path-expression",
]);

function assumptionSentence(assumption: UrlAssumption): string {
  return `Assumed, since Google does not document it: ${assumptionClause(assumption)}.`;
}

function assumptionClause(assumption: UrlAssumption): string {
  switch (assumption.kind) {
    case "exact-host-first":
      return `the whole host name wins over host rule ${quote(assumption.rival)}`;
    case "longest-wildcard-first":
      return `the longer wildcard wins over host rule ${quote(assumption.rival)}`;
    case "host-case":
      return `${quote(assumption.otherwise)} is compared in lower case`;
    case "host-characters":
      return "the rule without a host covers hosts with any characters";
    case "repeated-slashes":
      return `repeated slashes stay, and the path is not read as ${quote(assumption.otherwise)}`;
    case "dot-segments":
      return `. and .. segments stay, and the path is not read as ${quote(assumption.otherwise)}`;
    case "percent-encoding":
      return `percent-encoding stays, and the path is not read as ${quote(assumption.otherwise)}`;
  }
}

/** The rule of the URL map, and how the Ingress writes it where that says more. */
function ruleText(path: string, source: RuleSource | undefined): string {
  if (source === undefined) return quote(path);
  const written = source.path === path ? source.pathType : `${source.pathType} ${quote(source.path)}`;
  return `${quote(path)} (${written}, ${source.field})`;
}

function hostName(host: string): string {
  return host === "*" ? "* (the rule without a host)" : quote(host);
}

function pathOnly(path: string): string {
  return path.slice(0, path.search(/[?#]|$/));
}

function quote(text: string): string {
  return cleanText(text, MAX_QUOTED);
}
