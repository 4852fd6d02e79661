import { checkedBackends } from "../../checked-backend.ts";
import { probePath, servingPorts } from "../../health-check-faults.ts";
import { probePort } from "../../pods/listening-ports.ts";
import { defineRule } from "../../rule.ts";
import { portText } from "../../service-port.ts";
import { listed } from "../../text.ts";
import type { Backend } from "../../topology.ts";

export default defineRule({
  code: "GID616",
  slug: "probes-differ",
  severity: "info",
  symptoms: [],
  stage: "hygiene",
  reads: ["backends"],
  rows: ["HC-11"],
  summary: "Pods of one Service have different readiness probes, and GKE copies one of them for all.",
  why: "When GKE makes the health check it takes the first fitting readiness probe, that of the oldest pod. Pods of another version that do not answer its path are unhealthy for the load balancer, whatever their own probes say.",
  fix: "State the health check in a BackendConfig, with a path that every version answers.",
  confirm: ["kubectl get pods -n NAMESPACE -o jsonpath='{.items[*].spec.containers[*].readinessProbe}'"],
  sources: ["ingress-gce pkg/controller/translator/translator.go, getHTTPProbe"],
  messages: {
    differ:
      "Pods of Service {service} have readiness probes for {paths} on port {port}; a health check made now copies that of pod {pod}, {path}.",
  },

  check({ backends }, report) {
    for (const { backend, resolved, check, pods } of checkedBackends(backends, report)) {
      const { source, value: path } = check.path;
      if (source.kind !== "readiness-probe" || isRollingOut(backend)) continue;
      const ports = servingPorts(backend, resolved);
      const paths = pods
        .flatMap(({ containers }) => containers)
        .filter((container) => ports.includes(probePort(container) ?? -1))
        .flatMap(({ readinessProbe: probe }) => (probe?.kind === "http" ? [probePath(probe.path)] : []));
      const distinct = [...new Set(paths)].sort();
      if (distinct.length < 2) continue;
      const { ref } = resolved.service;
      report(
        "differ",
        { subject: ref, backend: backend.key },
        {
          service: ref.name,
          paths: listed(distinct),
          port: portText(resolved.port),
          pod: source.pod,
          path,
        },
      );
    }
  },
});

/** During a rollout two revisions stand side by side on purpose. */
function isRollingOut({ workloads }: Backend): boolean {
  return workloads.known && workloads.value.some(({ rollingOut }) => rollingOut);
}
