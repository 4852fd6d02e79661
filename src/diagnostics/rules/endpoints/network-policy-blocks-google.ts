import type { NetworkPolicy } from "../../../model/gke-config.ts";
import { admissionOf } from "../../admitted-sources.ts";
import type { Fix } from "../../finding.ts";
import { GOOGLE_RANGES } from "../../google-ranges.ts";
import { patchFix } from "../../kubectl.ts";
import { negBackends } from "../../pods/neg-gate.ts";
import { firstPod } from "../../pods/pod-census.ts";
import { defineRule } from "../../rule.ts";
import { listed } from "../../text.ts";
import type { Backend } from "../../topology.ts";

export default defineRule({
  code: "GID520",
  slug: "network-policy-blocks-google",
  severity: "warning",
  symptoms: ["502"],
  stage: "network",
  reads: ["backends", "networkPolicies"],
  rows: ["FW-05"],
  summary: "NetworkPolicies admit no traffic from Google's load balancer to the pods.",
  why: "With NEGs, health checks and requests reach a pod from Google's own addresses, 130.211.0.0/22 and 35.191.0.0/16. Where policies are enforced and none admits these, every health check fails although the pods are ready.",
  fix: "Admit 130.211.0.0/22 and 35.191.0.0/16 to the serving port in a NetworkPolicy of the pods.",
  confirm: [
    "kubectl get networkpolicies -n NAMESPACE -o yaml",
    "gcloud compute backend-services get-health BACKEND_SERVICE --global",
  ],
  sources: [
    "Kubernetes documentation: Network Policies",
    "Google Cloud documentation: Troubleshoot Ingress health checks",
  ],
  messages: {
    refused:
      "The NetworkPolicies of the pods of Service {service} ({policies}) admit nothing from {ranges} to port {port}, where Google's health checks and requests come from{reported}.",
  },

  check(topology, report) {
    for (const { backend, pods } of negBackends(topology, report)) {
      const port = servingPort(backend);
      const pod = firstPod(pods);
      if (pod === undefined || port === undefined || !report.knows(topology.networkPolicies)) continue;
      const { policies, refused } = admissionOf(topology.networkPolicies.value, pod, port, GOOGLE_RANGES);
      const [first] = policies;
      if (first === undefined || refused.length === 0) continue;
      // A cluster may hold policies and not enforce them; failing health checks are what speaks for it.
      const unhealthy = backend.reportedHealth === "UNHEALTHY";
      report(
        "refused",
        {
          subject: first.ref,
          backend: backend.key,
          severity: unhealthy ? "warning" : "info",
          fix: admit(first, refused, port),
        },
        {
          service: backend.serviceName,
          policies: listed(policies.map(({ ref }) => ref.name)),
          ranges: refused.join(" and "),
          port,
          reported: unhealthy ? ", and the load balancer reports the backend UNHEALTHY" : "",
        },
      );
    }
  },
});

/** The container port that endpoints serve on; undefined while it is not known as one number. */
function servingPort({ endpoints, port }: Backend): number | undefined {
  const [served] = endpoints.known ? endpoints.value.ports : [];
  return served ?? (typeof port?.targetPort === "number" ? port.targetPort : undefined);
}

function admit({ ref, ingress }: NetworkPolicy, ranges: readonly string[], port: number): Partial<Fix> {
  const rule = {
    from: ranges.map((cidr) => ({ ipBlock: { cidr } })),
    ports: [{ protocol: "TCP", port }],
  };
  const step =
    ingress.length === 0
      ? { path: "/spec/ingress", value: [rule] }
      : { path: "/spec/ingress/-", value: rule };
  return patchFix(ref, [{ op: "add", ...step }]);
}
