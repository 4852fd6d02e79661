import type { Severity } from "../../finding.ts";
import { negBackends, negGateReason } from "../../pods/neg-gate.ts";
import { firstPod } from "../../pods/pod-census.ts";
import { defineRule } from "../../rule.ts";

export default defineRule({
  code: "GID511",
  slug: "readiness-gate-timed-out",
  severity: "error",
  symptoms: ["502"],
  stage: "endpoints",
  reads: ["backends"],
  rows: ["NEG-04"],
  consequence: true,
  summary: "Pods became ready only because their readiness gate ran out of time.",
  why: "Ten minutes after a pod's creation the NEG controller opens its readiness gate although the load balancer never called the pod healthy. Kubernetes then shows the pod ready and ends the old ones, while Google sends it nothing.",
  fix: "Make the load balancer's health check pass: its path, port and protocol, and the firewall in front of the pods.",
  confirm: [
    "kubectl get pod POD -n NAMESPACE -o jsonpath='{.status.conditions}'",
    "gcloud compute backend-services get-health BACKEND_SERVICE --global",
  ],
  sources: ["ingress-gce pkg/neg/readiness/reflector.go"],
  messages: {
    timedOut:
      "{share} pods of Service {service} became ready after ten minutes without the load balancer ever calling them healthy, e.g. {pod} (LoadBalancerNegTimeout); the load balancer reports the backend {health}.",
  },

  check(topology, report) {
    for (const { backend, pods } of negBackends(topology, report)) {
      const timedOut = pods.filter((pod) => negGateReason(pod) === "LoadBalancerNegTimeout");
      const first = firstPod(timedOut);
      // Reported health is joined by the names of NEGs.
      if (first === undefined || !report.knows(backend.serviceNegs)) continue;
      const { serviceName, reportedHealth, key } = backend;
      report(
        "timedOut",
        {
          subject: first.ref,
          backend: key,
          severity: severityOf(reportedHealth, timedOut.length === pods.length),
        },
        {
          share: `${timedOut.length} of ${pods.length}`,
          service: serviceName,
          pod: first.ref.name,
          health: reportedHealth ?? "in no state yet",
        },
      );
    }
  },
});

/** The reason stays on a pod for good, also where its health check passes by now. */
function severityOf(reportedHealth: string | undefined, all: boolean): Severity {
  if (reportedHealth === "HEALTHY") return "info";
  return all && reportedHealth === "UNHEALTHY" ? "error" : "warning";
}
