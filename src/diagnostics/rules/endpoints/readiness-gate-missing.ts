import { negBackends } from "../../pods/neg-gate.ts";
import { firstPod } from "../../pods/pod-census.ts";
import { NEG_READINESS_GATE } from "../../pods/pod-trouble.ts";
import { defineRule } from "../../rule.ts";

export default defineRule({
  code: "GID513",
  slug: "readiness-gate-missing",
  severity: "info",
  symptoms: ["502"],
  stage: "hygiene",
  reads: ["backends"],
  rows: ["NEG-06"],
  summary: "Pods behind a NEG have no readiness gate.",
  why: "GKE adds the readiness gate when a pod is created, and only to pods that a Service with a NEG selects at that moment. Without it a rolling update ends old pods before the load balancer has found the new ones.",
  fix: "Restart the workload (kubectl rollout restart), so that its pods are created with the gate.",
  confirm: ["kubectl get pods -n NAMESPACE -o custom-columns=NAME:.metadata.name,GATES:.spec.readinessGates"],
  sources: [
    "Google Cloud documentation: Container-native load balancing",
    "ingress-gce pkg/neg/readiness/reflector.go",
  ],
  messages: {
    missing:
      "{share} pods of Service {service} have no readiness gate {gate}, e.g. {pod}, so a rollout does not wait until the load balancer has found its new pods.",
  },

  check(topology, report) {
    for (const { backend, pods } of negBackends(topology, report)) {
      const without = pods.filter(({ readinessGates }) => !readinessGates.includes(NEG_READINESS_GATE));
      const first = firstPod(without);
      if (first === undefined) continue;
      report(
        "missing",
        { subject: first.ref, backend: backend.key },
        {
          share: `${without.length} of ${pods.length}`,
          service: backend.serviceName,
          gate: NEG_READINESS_GATE,
          pod: first.ref.name,
        },
      );
    }
  },
});
