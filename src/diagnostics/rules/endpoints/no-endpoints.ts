import type { Severity } from "../../finding.ts";
import type { Moment } from "../../moment.ts";
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
    starting: "No endpoint of Service {service} for port {port} is ready yet, because its pods are starting.",
    unready: "None of the {endpoints} of Service {service} for port {port} is ready.",
  },

  check(topology, report) {
    for (const backend of topology.backends) {
      if (backend.origin === "system-default" || !report.knows(backend.service)) continue;
      if (!report.knows(backend.endpoints)) continue;
      const { service, port, key } = backend;
      const { ready, notReady } = backend.endpoints.value;
      if (service.value === undefined || port === undefined || ready.length > 0) continue;
      const judged = judge(backend, notReady.length, topology.now);
      if (judged === undefined) continue;
      const { message, severity } = judged;
      const facts = { service: service.value.ref.name, port: port.name ?? port.port };
      const endpoints = counted(notReady.length, "endpoint");
      report(message, { subject: service.value.ref, backend: key, severity }, { ...facts, endpoints });
    }
  },
});

interface Judged {
  readonly message: "none" | "starting" | "unready";
  readonly severity: Severity;
}

/** What is to be said of a backend without a ready endpoint, and how certain it is that requests fail. */
function judge(backend: Backend, unready: number, now: Moment): Judged | undefined {
  const { resolution, reportedHealth } = backend;
  const mode = resolution.known ? resolution.value.backend?.mode : undefined;
  if (mode === undefined || isCatchingUp(backend, now)) return undefined;
  if (isStarting(backend, now)) return { message: "starting", severity: "warning" };
  if (unready === 0) return { message: "none", severity: "error" };
  if (mode === "instance-group") return { message: "unready", severity: "error" };
  // Unready endpoints stay in a NEG, and answer if Google's own health check passes.
  if (reportedHealth === "HEALTHY") return undefined;
  return { message: "unready", severity: reportedHealth === "UNHEALTHY" ? "error" : "warning" };
}

/** True when pods exist and all of them are only starting: a moment later they serve. */
function isStarting({ pods }: Backend, now: Moment): boolean {
  if (!pods.known) return false;
  const { starting, failing } = takeCensus(pods.value, now);
  return starting.length > 0 && failing.length === 0;
}

/** True when a pod has been ready for so short a time that its endpoint may not be written yet. */
function isCatchingUp({ pods }: Backend, now: Moment): boolean {
  if (!pods.known) return false;
  return pods.value.some(
    ({ ready, conditions }) =>
      ready && conditions.some(({ type, since }) => type === "Ready" && !now.hasCome((since ?? 0) + LAG_MS)),
  );
}
