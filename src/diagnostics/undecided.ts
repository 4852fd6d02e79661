import type { SourceName, Unknown } from "../model/observed.ts";
import type { Undecided } from "./diagnosis.ts";

/** The question each source answers, as the published diagnosis asks it when the source is unreadable. */
export const QUESTIONS: Readonly<Record<SourceName, string>> = {
  services: "Do the Services the Ingress names exist, with the ports it names?",
  endpointSlices: "Which endpoints stand behind each Service port?",
  pods: "Are the pods behind each Service ready, and if not, why?",
  workloads: "Are the workloads behind each Service scaled up and rolled out?",
  backendConfigs: "Do the BackendConfigs exist, and what health check do they ask for?",
  frontendConfigs: "Does the FrontendConfig exist, and what does it ask for?",
  managedCertificates: "Do the managed certificates exist, and are they issued?",
  serviceNegs: "Are the network endpoint groups created and synced?",
  nodes: "Can every node carry endpoints of the load balancer?",
  secrets: "Do the TLS Secrets hold a valid certificate for the hosts?",
  networkPolicies: "Does a NetworkPolicy keep Google's ranges away from the pods?",
  events: "What did the GKE controllers last report about this Ingress?",
  ingresses: "Does another Ingress compete for the same address or hosts?",
  systemDefaultBackend: "Is GKE's default backend in place?",
  loadBalancer: "What does the live load balancer hold, and which endpoints does Google call healthy?",
  probes: "What do the pods answer to Google's health check request?",
};

/**
 * One entry for each source that some rule needed and could not read, in the order of {@link QUESTIONS}.
 *
 * Parts of one source may lack different things, such as a permission each: all that lack for the first one's reason
 * are named.
 */
export function undecidedQuestions(unknowns: readonly Unknown[]): readonly Undecided[] {
  const bySource = Map.groupBy(unknowns, ({ source }) => source);
  return (Object.keys(QUESTIONS) as SourceName[]).flatMap((source) => {
    const [first, ...others] = bySource.get(source) ?? [];
    if (first === undefined) return [];
    const alike = others.filter(({ reason }) => reason === first.reason);
    const needs = [...new Set([first, ...alike].map((entry) => entry.needs))].join("; ");
    return [{ question: QUESTIONS[source], reason: first.reason, needs }];
  });
}
