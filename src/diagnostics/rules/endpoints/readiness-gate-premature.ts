import { negBackends, negGateReason } from "../../pods/neg-gate.ts";
import { firstPod } from "../../pods/pod-census.ts";
import { defineRule } from "../../rule.ts";
import { CREATION_WINDOW_MS } from "../../settling.ts";

export default defineRule({
  code: "GID512",
  slug: "readiness-gate-premature",
  severity: "info",
  symptoms: ["502"],
  stage: "hygiene",
  reads: ["backends", "now"],
  rows: ["NEG-05"],
  summary: "New pods became ready before any load balancer health check watched them.",
  why: "The NEG controller opens the readiness gate at once where the pod's NEG is attached to no backend service yet: with a new Ingress, or with the first pod in a zone. Requests may fail for about a minute until Google's probers have found the pod.",
  fix: "Set minReadySeconds on the workload, keep one pod in every zone, and give pods a preStop sleep, so that old pods outlast the gap.",
  confirm: ["kubectl get pod POD -n NAMESPACE -o jsonpath='{.status.conditions}'"],
  sources: ["ingress-gce pkg/neg/readiness/reflector.go", "kubernetes/ingress-gce issue 1718"],
  messages: {
    premature:
      "{share} pods of Service {service} are new and became ready before a load balancer health check watched them, e.g. {pod} (LoadBalancerNegWithoutHealthCheck).",
  },

  check(topology, report) {
    for (const { backend, pods } of negBackends(topology, report)) {
      const premature = pods.filter(
        (pod) =>
          !topology.now.hasCome(pod.createdAt + CREATION_WINDOW_MS) &&
          negGateReason(pod) === "LoadBalancerNegWithoutHealthCheck",
      );
      const first = firstPod(premature);
      if (first === undefined) continue;
      report(
        "premature",
        { subject: first.ref, backend: backend.key },
        {
          share: `${premature.length} of ${pods.length}`,
          service: backend.serviceName,
          pod: first.ref.name,
        },
      );
    }
  },
});
