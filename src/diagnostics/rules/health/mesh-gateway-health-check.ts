import { configurablePlace } from "../../backend-config-fix.ts";
import { checkedBackends } from "../../checked-backend.ts";
import type { ResolvedBackend } from "../../gke/backend.ts";
import { asksServingPort } from "../../health-check-faults.ts";
import { describeHealthCheck } from "../../health-check-text.ts";
import { type Gateway, gatewayOf } from "../../mesh-gateway.ts";
import { defineRule } from "../../rule.ts";

export default defineRule({
  code: "GID617",
  slug: "mesh-gateway-health-check",
  severity: "warning",
  symptoms: ["502"],
  stage: "health",
  settles: true,
  reads: ["backends"],
  rows: ["HC-18"],
  summary: "Google's health check asks a gateway for / on the port of its traffic.",
  why: "An Istio, Kong or Emissary gateway routes by host name and answers 404 to requests it has no route for, and Google's prober sends the address of the pod as the host. Its health endpoint is on another port or path.",
  fix: "Point the health check at the gateway's own health endpoint in a BackendConfig.",
  confirm: [
    "kubectl get pods -n NAMESPACE --show-labels",
    "gcloud compute health-checks describe BACKEND_SERVICE --global",
  ],
  sources: [
    "Istio documentation: Ingress gateway ports",
    "ingress-gce issue 1665",
    "kubeflow-distribution issue 26",
  ],
  messages: {
    traffic:
      "Service {service} leads to a gateway of {gateway}, whose health endpoint is {path} on port {port}, and Google's health check asks {check}; Google reports the backend {health}.",
  },

  check({ backends }, report) {
    for (const checked of checkedBackends(backends, report)) {
      const { backend, resolved, check, pods } = checked;
      if (backend.reportedHealth === "HEALTHY") continue;
      const gateway = gatewayOf(pods);
      if (gateway === undefined) continue;
      if (check.path.value !== "/" || !asksServingPort(checked)) continue;
      const { ref } = resolved.service;
      report(
        "traffic",
        {
          ...configurablePlace(resolved, "spec.healthCheck.requestPath", gatewayChange(resolved, gateway)),
          backend: backend.key,
          severity: backend.reportedHealth === "UNHEALTHY" ? "warning" : "info",
        },
        {
          service: ref.name,
          gateway: gateway.name,
          path: gateway.path,
          port: gateway.port,
          check: describeHealthCheck(check),
          health: backend.reportedHealth ?? "nowhere yet",
        },
      );
    }
  },
});

/** The gateway's own health endpoint, on a port that the backend's mode can reach; undefined without one. */
function gatewayChange({ mode, service }: ResolvedBackend, { path, port }: Gateway) {
  const nodePort = service.ports.find(({ targetPort }) => targetPort === port)?.nodePort;
  const reached = mode === "neg" ? port : nodePort;
  return reached === undefined
    ? undefined
    : { healthCheck: { type: "HTTP", requestPath: path, port: reached } };
}
