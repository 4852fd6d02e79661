import type { Severity, Symptom } from "../../finding.ts";
import { describeHealthCheck } from "../../health-check-text.ts";
import { type PodCensus, takeCensus } from "../../pods/pod-census.ts";
import { closedGates, NEG_READINESS_GATE } from "../../pods/pod-trouble.ts";
import { workloadOf } from "../../pods/pod-workload.ts";
import { defineRule } from "../../rule.ts";
import type { Backend } from "../../topology.ts";

export default defineRule({
  code: "GID510",
  slug: "readiness-gate-waiting",
  severity: "error",
  symptoms: ["rollout-stuck", "502"],
  stage: "endpoints",
  reads: ["backends", "now"],
  rows: ["NEG-03"],
  consequence: true,
  settles: true,
  summary: "Pods wait for the load balancer to call them healthy.",
  why: "GKE puts a readiness gate on pods behind a NEG. It opens when Google's own health check passes, so containers that are ready for Kubernetes and not for Google hold up the rollout: for ten minutes a pod, then the gate opens by itself.",
  fix: "Make the load balancer's health check pass: its path, port and protocol, and the firewall in front of the pods.",
  confirm: [
    "kubectl get pods -n NAMESPACE -o wide",
    "kubectl describe pod POD -n NAMESPACE",
    "gcloud compute backend-services get-health BACKEND_SERVICE --global",
  ],
  sources: [
    "ingress-gce pkg/neg/readiness/reflector.go",
    "Google Cloud documentation: Container-native load balancing",
  ],
  messages: {
    all: "The containers of {waiting} pods of Service {service} are ready, and the load balancer has called none of them healthy: readiness gate {gate} of pod {pod} is closed{check}.",
    some: "The rollout of {workload} waits: the containers of {waiting} pods of Service {service} are ready, and the load balancer does not call them healthy, so readiness gate {gate} of pod {pod} is closed{check}.",
  },

  check(topology, report) {
    for (const backend of topology.backends) {
      if (backend.origin === "system-default" || !report.knows(backend.pods)) continue;
      if (backend.pods.value.every(({ ready }) => ready)) continue;
      const census = takeCensus(backend.pods.value, topology.now);
      const waiting = census.failing.filter(({ pod }) => census.able.includes(pod));
      const [first] = waiting;
      if (first === undefined) continue;
      const subject = workloadOf(first.pod, backend.workloads)?.ref ?? first.pod.ref;
      const facts = {
        waiting: `${waiting.length} of ${census.live.length}`,
        service: backend.serviceName,
        gate: NEG_READINESS_GATE,
        pod: first.pod.ref.name,
        check: checkOf(backend),
      };
      const place = { subject, backend: backend.key, ...effectOf(backend, census) };
      if (hasPassed(census)) report("some", place, { ...facts, workload: `${subject.kind} ${subject.name}` });
      else report("all", place, facts);
    }
  },
});

/** What the pods have to answer, where that can be told. */
function checkOf({ healthCheck }: Backend): string {
  const check = healthCheck.known ? healthCheck.value : undefined;
  return check === undefined ? "" : `; Google asks ${describeHealthCheck(check)}`;
}

/** True when the load balancer has called some pod of the backend healthy. */
function hasPassed({ able }: PodCensus): boolean {
  return able.some((pod) => closedGates(pod).length === 0);
}

function effectOf(
  { reportedHealth }: Backend,
  census: PodCensus,
): { readonly severity: Severity; readonly symptoms: readonly Symptom[] } {
  if (hasPassed(census)) return { severity: "warning", symptoms: ["rollout-stuck"] };
  const contradicted = reportedHealth === "HEALTHY";
  return { severity: contradicted ? "warning" : "error", symptoms: ["502", "rollout-stuck"] };
}
