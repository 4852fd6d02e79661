import { describeTrouble } from "../../pods/describe-trouble.ts";
import { podFailures } from "../../pods/pod-failures.ts";
import type { PodTrouble } from "../../pods/pod-trouble.ts";
import { defineRule } from "../../rule.ts";

export default defineRule({
  code: "GID505",
  slug: "pods-unschedulable",
  severity: "error",
  symptoms: ["502", "degraded", "rollout-stuck"],
  stage: "endpoints",
  reads: ["backends", "now"],
  rows: ["SVC-08"],
  summary: "No node takes the pods behind a Service.",
  why: "A pod without a node has no address, so it never becomes an endpoint. While no pod runs, the load balancer has no endpoint and answers 502 itself.",
  fix: "Give the pods a node they fit on, or ask for less in the pod template.",
  confirm: [
    "kubectl get pods -n NAMESPACE -o wide",
    "kubectl describe pod POD -n NAMESPACE",
    "kubectl get nodes --show-labels",
  ],
  sources: ["Kubernetes documentation: Kubernetes Scheduler", "Kubernetes documentation: Debug Pods"],
  messages: {
    outage: "No pod of Service {service} can answer, because {share} fit on no node: {detail}.",
    rollout:
      "The rollout of {workload} is stuck and only the previous revision serves, because {share} pods of Service {service} fit on no node: {detail}.",
    partial: "{share} pods of Service {service} fit on no node, while {able} can answer: {detail}.",
  },

  check(topology, report) {
    for (const { impact, place, example, facts } of podFailures(
      topology,
      report,
      ({ kind }) => kind === "unschedulable",
    )) {
      // Surplus replicas that wait for room take no request from anybody.
      const severity = impact === "partial" ? ({ severity: "info" } as const) : {};
      report(
        impact,
        { ...place, ...severity, fix: { summary: fixFor(example.trouble) } },
        { ...facts, detail: describeTrouble(example) },
      );
    }
  },
});

/** Advice by the scheduler's words, most telling first. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [
    /SchedulingGated|scheduling gate/i,
    "Remove the scheduling gate, or correct the controller that ought to.",
  ],
  [
    /persistentvolumeclaim|unbound immediate|volume node affinity/i,
    "Make the volume claim of the pods bind, in a zone that has nodes for them.",
  ],
  [
    /affinity|selector|topology spread/i,
    "Correct nodeSelector, affinity or topology spread in the pod template, or label nodes to match them.",
  ],
  [
    /untolerated taint/i,
    "Add a toleration to the pod template, or remove the taint from nodes meant for these pods.",
  ],
  [/Insufficient|Too many pods/i, "Add nodes, or lower the resource requests in the pod template."],
  [/host ports?|free ports/i, "Remove hostPort from the pod template, or add nodes."],
];

function fixFor(trouble: PodTrouble): string {
  const text = trouble.kind === "unschedulable" ? `${trouble.reason} ${trouble.message}` : "";
  return (
    ADVICE.find(([pattern]) => pattern.test(text))?.[1] ??
    "Give the pods a node they fit on, or ask for less in the pod template."
  );
}
