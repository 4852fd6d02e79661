import { describeTrouble } from "../../pods/describe-trouble.ts";
import { podFailures } from "../../pods/pod-failures.ts";
import type { PodTrouble } from "../../pods/pod-trouble.ts";
import { defineRule } from "../../rule.ts";

export default defineRule({
  code: "GID503",
  slug: "pods-crashing",
  severity: "error",
  symptoms: ["502", "degraded", "rollout-stuck"],
  stage: "endpoints",
  reads: ["backends", "now"],
  rows: ["SVC-08"],
  summary: "The containers behind a Service end again and again.",
  why: "A container that is not running answers neither Google's health check nor a request. While no pod runs, the load balancer has no healthy endpoint and answers 502 itself.",
  fix: "Read the log of the container's last run, and correct what ends it.",
  confirm: [
    "kubectl get pods -n NAMESPACE",
    "kubectl logs POD -n NAMESPACE -c CONTAINER --previous",
    "kubectl describe pod POD -n NAMESPACE",
  ],
  sources: ["Kubernetes documentation: Debug Running Pods", "gcpdiag gke/ERR/2023_008"],
  messages: {
    outage: "No pod of Service {service} can answer, because {share} keep crashing: {detail}.",
    rollout:
      "The rollout of {workload} is stuck and only the previous revision serves, because {share} pods of Service {service} keep crashing: {detail}.",
    partial: "{share} pods of Service {service} keep crashing, while {able} can answer: {detail}.",
  },

  check(topology, report) {
    for (const { impact, place, example, facts } of podFailures(
      topology,
      report,
      ({ kind }) => kind === "crash",
    )) {
      report(
        impact,
        { ...place, fix: { summary: fixFor(example.trouble) } },
        { ...facts, detail: describeTrouble(example) },
      );
    }
  },
});

function fixFor(trouble: PodTrouble): string {
  const { container, end } = trouble.kind === "crash" ? trouble : { container: "", end: undefined };
  if (end?.reason === "OOMKilled")
    return `Raise the memory limit of container ${container}, or make the application use less.`;
  if (end?.exitCode === 0)
    return `Make the command of container ${container} stay in the foreground: a server that ends is started again.`;
  if (end?.exitCode === 126 || end?.exitCode === 127 || end?.reason === "StartError")
    return `Correct the command of container ${container}: the image holds no such executable.`;
  return `Read the log of the last run (kubectl logs --previous) of container ${container}, and correct what ends it.`;
}
