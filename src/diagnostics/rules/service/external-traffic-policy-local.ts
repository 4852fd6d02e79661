import { patchFix } from "../../kubectl.ts";
import { readOwnBackends } from "../../own-backends.ts";
import { defineRule } from "../../rule.ts";
import { portText } from "../../service-port.ts";

export default defineRule({
  code: "GID414",
  slug: "external-traffic-policy-local",
  severity: "info",
  symptoms: ["degraded"],
  stage: "hygiene",
  reads: ["backends", "nodes"],
  rows: ["SVC-10"],
  summary: "A Service behind instance groups takes traffic only on nodes that run its pods.",
  why: "With instance groups the load balancer sends traffic to the node port of every node. With `externalTrafficPolicy: Local` a node without a ready pod drops it, so Google reports that node UNHEALTHY, and requests fail for as long as a health check needs to notice a pod that moved.",
  fix: "Use network endpoint groups, or set externalTrafficPolicy to Cluster.",
  confirm: ["kubectl get service SERVICE -n NAMESPACE -o yaml", "kubectl get pods -n NAMESPACE -o wide"],
  sources: ["Kubernetes documentation: Service, external traffic policy"],
  messages: {
    local:
      "Service {service} has externalTrafficPolicy Local, and {covered} of {nodes} nodes run a ready endpoint of port {port}. Google reports the other nodes UNHEALTHY.",
  },

  check({ backends, nodes }, report) {
    for (const { backend, resolved } of readOwnBackends(backends, report)) {
      if (resolved?.mode !== "instance-group" || resolved.service.externalTrafficPolicy !== "Local") continue;
      if (!report.knows(backend.endpoints) || !report.knows(nodes)) continue;
      const ready = new Set(backend.endpoints.value.ready.map(({ nodeName }) => nodeName ?? ""));
      const eligible = nodes.value.filter((node) => node.ready && !node.excluded);
      const covered = eligible.filter(({ ref }) => ready.has(ref.name)).length;
      if (covered === eligible.length) continue;
      const { service, port } = resolved;
      report(
        "local",
        {
          subject: { ...service.ref, fieldPath: "spec.externalTrafficPolicy" },
          backend: backend.key,
          fix: patchFix(service.ref, [{ op: "add", path: "/spec/externalTrafficPolicy", value: "Cluster" }]),
        },
        { service: service.ref.name, covered, nodes: eligible.length, port: portText(port) },
      );
    }
  },
});
