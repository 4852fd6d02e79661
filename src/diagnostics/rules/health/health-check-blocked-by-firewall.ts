import { describeHealthCheck } from "../../health-check-text.ts";
import { describeProbe } from "../../pods/describe-trouble.ts";
import { defineRule } from "../../rule.ts";
import { portText } from "../../service-port.ts";
import { unhealthyBackends } from "../../unhealthy-backend.ts";

export default defineRule({
  code: "GID623",
  slug: "health-check-blocked-by-firewall",
  severity: "error",
  symptoms: ["502"],
  stage: "health",
  settles: true,
  reads: ["backends", "ingress", "now", "backendConfigs", "loadBalancer"],
  rows: ["FW-02", "FW-03", "FW-04", "HC-12", "HC-14", "HC-19"],
  summary:
    "The kubelet asks what Google's health check asks and is answered, so the way from Google is closed.",
  why: "Google's probers come from 130.211.0.0/22 and 35.191.0.0/16, the kubelet from the node itself. Where both ask for the same path on the same port and only the kubelet is answered, the difference lies between them: a firewall rule of the network, a hierarchical firewall policy, a network policy or a service mesh.",
  fix: "Allow 130.211.0.0/22 and 35.191.0.0/16 to the port of the health check in the firewall of the nodes' network, and look for deny rules of a higher priority.",
  confirm: [
    "gcloud compute firewall-rules list --filter='direction=INGRESS' --sort-by=priority",
    "kubectl get networkpolicies -n NAMESPACE",
    "gcloud compute backend-services get-health BACKEND_SERVICE --global",
  ],
  sources: [
    "Google Cloud documentation: Health checks overview, Probe IP ranges and firewall rules",
    "ingress-gce pkg/firewalls/controller.go",
    "gcpdiag gke/ERR/2022_003",
  ],
  messages: {
    unanswered:
      "No endpoint of Service {service}, port {port}, passes Google's health check ({check}), while {ready} and the kubelet is answered on the same request ({probe} of container {container}). The probers of 130.211.0.0/22 and 35.191.0.0/16 do not get that answer.",
  },

  check(topology, report) {
    for (const { backend, resolved, reason, ready, check } of unhealthyBackends(topology, report)) {
      if (reason.kind !== "unreachable" || reason.container.readinessProbe === undefined) continue;
      report(
        "unanswered",
        { subject: resolved.service.ref, backend: backend.key },
        {
          service: resolved.service.ref.name,
          port: portText(resolved.port),
          ready,
          check: describeHealthCheck(check),
          probe: describeProbe(reason.container.readinessProbe),
          container: reason.container.name,
        },
      );
    }
  },
});
