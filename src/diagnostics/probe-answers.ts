import type { ProbeResult } from "../model/probe.ts";
import { type CheckedBackend, checkedBackends } from "./checked-backend.ts";
import { checkedRequest, isSameRequest } from "./probe-targets.ts";
import type { Report } from "./rule.ts";
import type { Topology } from "./topology.ts";

/** An unhealthy backend with what its pods answered; results that say nothing about a pod are left out. */
export interface ProbedBackend extends CheckedBackend {
  /** To the request of the health check, in order of the pods' names; never empty. */
  readonly answers: readonly ProbeResult[];
  /** A request that every asked pod answers with 200, where it is another one. */
  readonly passing: ProbeResult | undefined;
}

/** The user's backends that Google calls unhealthy and whose pods were asked. */
export function probedBackends(
  { backends, probes, loadBalancer }: Pick<Topology, "backends" | "probes" | "loadBalancer">,
  report: Pick<Report<never>, "knows">,
): readonly ProbedBackend[] {
  const unhealthy = backends.filter(({ reportedHealth }) => reportedHealth === "UNHEALTHY");
  return checkedBackends(unhealthy, report).flatMap((checked) => {
    if (!report.knows(probes)) return [];
    const results = resultsOf(checked, probes.value);
    const request = checkedRequest(checked, loadBalancer);
    // Answers to what the health check asked earlier say nothing about what it asks now.
    const answers = results.filter(
      (result) => result.asks === "health-check" && request !== undefined && isSameRequest(result, request),
    );
    if (answers.length === 0) return [];
    const others = results.filter(({ asks }) => asks === "readiness-probe");
    const isPassing = others.length === answers.length && others.every(passes);
    return [{ ...checked, answers, passing: isPassing ? others[0] : undefined }];
  });
}

function resultsOf({ resolved }: CheckedBackend, probes: readonly ProbeResult[]): readonly ProbeResult[] {
  const { ref } = resolved.service;
  return probes
    .filter(({ service, servicePort }) => service === ref.name && servicePort === resolved.port.port)
    .filter(({ outcome }) => outcome.kind !== "blocked" && outcome.kind !== "unreachable")
    .sort((a, b) => (a.pod < b.pod ? -1 : 1));
}

/** Whether Google's prober would be content: status 200 and nothing else. */
export function passes({ outcome }: ProbeResult): boolean {
  return outcome.kind === "answered" && outcome.status === 200;
}

/** What was asked, e.g. `HTTP GET / on port 8080`. */
export function requestText({ scheme, path, port, host }: ProbeResult): string {
  return `${scheme} GET ${path} on port ${port}${host === "" ? "" : ` with Host ${host}`}`;
}

/** What came back, as a clause whose subject is the pod, e.g. `answers 301, a redirect to /login`. */
export function answerText({ outcome, scheme, path, port }: ProbeResult): string {
  switch (outcome.kind) {
    case "answered":
      return `answers ${outcome.status}${redirectText(outcome.redirect, scheme, path)}`;
    case "refused":
      return `refuses the connection, because nothing listens on port ${port}`;
    case "timeout":
      return `does not answer within ${outcome.waitedMs / 1000} s`;
    case "reset":
      return "closes the connection without an answer";
    case "tls-error":
      return "fails the TLS handshake";
    case "not-http":
      return scheme === "HTTP2" ? "does not speak HTTP/2 over TLS" : `does not speak ${scheme}`;
    case "unreachable":
    case "blocked":
      return "was not asked";
  }
}

type Answered = Extract<ProbeResult["outcome"], { kind: "answered" }>;

function redirectText(redirect: Answered["redirect"], scheme: ProbeResult["scheme"], path: string): string {
  if (redirect === undefined) return "";
  const isUpgrade = redirect.scheme === "https" && scheme === "HTTP";
  if (isUpgrade && redirect.path === path) return ", a redirect to HTTPS";
  return `, a redirect to ${redirect.path}${isUpgrade ? " on HTTPS" : ""}`;
}
