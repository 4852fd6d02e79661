import type { Severity } from "../../finding.ts";
import { takeCensus } from "../../pods/pod-census.ts";
import { defineRule } from "../../rule.ts";
import { counted } from "../../text.ts";
import type { Backend } from "../../topology.ts";

/** EndpointSlices follow the readiness of pods within seconds. */
const LAG_MS = 30_000;

export default defineRule({
  code: "GID507",
  slug: "no-endpoints",
  severity: "error",
  symptoms: ["502"],
  stage: "endpoints",
  reads: ["backends", "now"],
  rows: [],
  consequence: true,
  settles: true,
  summary: "No endpoint stands behind a Service port.",
  why: "The load balancer sends requests to the endpoints of the Service port: to the pods themselves from a NEG, through the nodes from an instance group. With none it answers 502 itself, or 503 where it is internal.",
  fix: "Make pods of the Service ready on its target port.",
  confirm: [
    "kubectl get endpointslices -n NAMESPACE -l kubernetes.io/service-name=SERVICE",
    "kubectl get pods -n NAMESPACE --show-labels",
  ],
  sources: ["ingress-gce pkg/neg/syncers/utils.go", "Kubernetes documentation: EndpointSlices"],
  messages: {
    none: "Service {service} has no endpoint for port {port}, so no pod can take a request.",
    unready: "None of the {endpoints} of Service {service} for port {port} is ready.",
  },

  check(topology, report) {
    for (const backend of topology.backends) {
      if (backend.origin === "system-default" || !report.knows(backend.service)) continue;
      if (!report.knows(backend.endpoints)) continue;
      const { service, port, key } = backend;
      const { ready, notReady } = backend.endpoints.value;
      if (service.value === undefined || port === undefined || ready.length > 0) continue;
      const severity = severityOf(backend, notReady.length, topology.now);
      if (severity === undefined) continue;
      const place = { subject: service.value.ref, backend: key, severity };
      const facts = { service: service.value.ref.name, port: port.name ?? port.port };
      if (notReady.length === 0) report("none", place, facts);
      else report("unready", place, { ...facts, endpoints: counted(notReady.length, "endpoint") });
    }
  },
});

/** How certain it is that requests fail, for a backend without a ready endpoint; undefined: nothing to say. */
function severityOf(backend: Backend, unready: number, now: number): Severity | undefined {
  const { resolution, reportedHealth } = backend;
  const mode = resolution.known ? resolution.value.backend?.mode : undefined;
  if (mode === undefined || isCatchingUp(backend, now)) return undefined;
  if (isStarting(backend, now)) return "warning";
  if (unready === 0 || mode === "instance-group") return "error";
  // Unready endpoints stay in a NEG, and answer if Google's own health check passes.
  if (reportedHealth === "HEALTHY") return undefined;
  return reportedHealth === "UNHEALTHY" ? "error" : "warning";
}

/** True when pods exist and all of them are only starting: a moment later they serve. */
function isStarting({ pods }: Backend, now: number): boolean {
  if (!pods.known) return false;
  const { starting, failing } = takeCensus(pods.value, now);
  return starting.length > 0 && failing.length === 0;
}

/** True when a pod has been ready for so short a time that its endpoint may not be written yet. */
function isCatchingUp({ pods }: Backend, now: number): boolean {
  if (!pods.known) return false;
  return pods.value.some(
    ({ ready, conditions }) =>
      ready && conditions.some(({ type, since }) => type === "Ready" && now - (since ?? 0) < LAG_MS),
  );
}
