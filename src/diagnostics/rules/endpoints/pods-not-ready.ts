import { describeTrouble } from "../../pods/describe-trouble.ts";
import type { TroubledPod } from "../../pods/pod-census.ts";
import { newestPodEvent } from "../../pods/pod-events.ts";
import { type PodFailure, podFailures } from "../../pods/pod-failures.ts";
import { NEG_READINESS_GATE, type PodTrouble } from "../../pods/pod-trouble.ts";
import { defineRule } from "../../rule.ts";
import type { Topology } from "../../topology.ts";

const NOT_READY: ReadonlySet<PodTrouble["kind"]> = new Set([
  "refused",
  "starting",
  "probe",
  "unready",
  "gate",
  "node-lost",
]);

export default defineRule({
  code: "GID506",
  slug: "pods-not-ready",
  severity: "error",
  symptoms: ["502", "degraded", "rollout-stuck"],
  stage: "endpoints",
  reads: ["backends", "events", "now"],
  rows: ["SVC-08"],
  summary: "The pods behind a Service run, but do not become ready.",
  why: "An instance group backend sends requests to ready pods only. A NEG keeps unready pods, but its health check usually asks what the readiness probe asks, and fails with it. While none passes, the load balancer answers 502 itself.",
  fix: "Correct what keeps the pods from being ready.",
  confirm: [
    "kubectl get pods -n NAMESPACE",
    "kubectl describe pod POD -n NAMESPACE",
    "kubectl get endpointslices -n NAMESPACE -l kubernetes.io/service-name=SERVICE",
  ],
  sources: [
    "Kubernetes documentation: Configure Liveness, Readiness and Startup Probes",
    "ingress-gce pkg/neg/syncers/utils.go",
  ],
  messages: {
    outage: "No pod of Service {service} can answer, because {share} are not ready: {detail}{said}.",
    reported:
      "{share} pods of Service {service} are not ready: {detail}{said}. The load balancer still reports a healthy endpoint, since it goes by its own health check.",
    rollout:
      "The rollout of {workload} is stuck and only the previous revision serves, because {share} pods of Service {service} are not ready: {detail}{said}.",
    partial: "{share} pods of Service {service} are not ready, while {able} can answer: {detail}{said}.",
  },

  check(topology, report) {
    for (const failure of podFailures(topology, report, isNotReady)) {
      const { impact, place, example, facts } = failure;
      const parameters = { ...facts, detail: describeTrouble(example), said: kubeletSays(example, topology) };
      const fix = { summary: fixFor(example.trouble) };
      if (impact === "outage" && isReportedHealthy(failure)) {
        report("reported", { ...place, severity: "warning", symptoms: ["degraded"], fix }, parameters);
      } else {
        report(impact, { ...place, fix }, parameters);
      }
    }
  },
});

/** Only Google's health check opens the gate of NEGs; `readiness-gate-waiting` reports that one. */
function isNotReady(trouble: PodTrouble): boolean {
  return NOT_READY.has(trouble.kind) && !(trouble.kind === "gate" && trouble.gate === NEG_READINESS_GATE);
}

/** Unready pods stay in a NEG, so its health check may pass where the readiness probe does not. */
function isReportedHealthy({ backend, example }: PodFailure): boolean {
  const { resolution, reportedHealth } = backend;
  const mode = resolution.known ? resolution.value.backend?.mode : undefined;
  return mode === "neg" && reportedHealth === "HEALTHY" && example.trouble.kind === "probe";
}

/** Event reasons of the kubelet that tell more than the pod's status, by the trouble they explain. */
const TELLING: Partial<Record<PodTrouble["kind"], RegExp>> = {
  probe: /^Readiness probe (failed|errored)/i,
  starting: /^(MountVolume|AttachVolume|Unable to attach or mount|Failed to create pod sandbox)/i,
};

function kubeletSays({ pod, trouble }: TroubledPod, { events }: Topology): string {
  const telling = TELLING[trouble.kind];
  if (telling === undefined) return "";
  const event = newestPodEvent(
    events,
    pod,
    ({ type, message }) => type === "Warning" && telling.test(message),
  );
  return event === undefined ? "" : ` (${event.message.trim().replace(/\.+$/, "")})`;
}

function fixFor(trouble: PodTrouble): string {
  switch (trouble.kind) {
    case "probe":
      return `Make the application in container ${trouble.container} answer its readiness probe with success, or correct the probe's path and port.`;
    case "refused":
      return `Create what container ${trouble.container} refers to (ConfigMap, Secret, key), or correct the reference.`;
    case "starting":
      return trouble.init === undefined
        ? "Read the pod's Events, and correct what its containers wait for (volumes, network, images)."
        : `Read the log of init container ${trouble.init}, and correct what it waits for.`;
    case "gate":
      return `Make the controller of readiness gate ${trouble.gate} set it, or remove the gate from the pod template.`;
    case "node-lost":
      return "Repair or remove the node, so that its pods are made anew elsewhere.";
    default:
      return "Read the pod's Events and logs, and correct what keeps it from being ready.";
  }
}
