import type { Moment } from "../../moment.ts";
import { takeCensus } from "../../pods/pod-census.ts";
import { NEG_READINESS_GATE } from "../../pods/pod-trouble.ts";
import { defineRule } from "../../rule.ts";
import { counted } from "../../text.ts";
import type { Backend, BackendEndpoints } from "../../topology.ts";

/** A rollout has moved on by then, or its Deployment calls it failed (`progressDeadlineSeconds`). */
const STANDING_MS = 10 * 60_000;

export default defineRule({
  code: "GID521",
  slug: "backend-partly-ready",
  severity: "warning",
  symptoms: ["degraded"],
  stage: "endpoints",
  reads: ["backends", "now"],
  rows: [],
  consequence: true,
  summary: "Some of the endpoints behind a Service port are not ready, and stay so.",
  why: "The remaining endpoints carry the whole load. In a NEG the unready ones may even get requests, for only Google's own health check takes them out.",
  fix: "Correct what keeps the other pods of the Service from being ready.",
  confirm: [
    "kubectl get pods -n NAMESPACE",
    "kubectl get endpointslices -n NAMESPACE -l kubernetes.io/service-name=SERVICE",
  ],
  sources: ["ingress-gce pkg/neg/syncers/utils.go", "Kubernetes documentation: EndpointSlices"],
  messages: {
    partly: "Only {ready} of {endpoints} of Service {service} for port {port} are ready.",
  },

  check(topology, report) {
    for (const backend of topology.backends) {
      if (backend.origin === "system-default" || !report.knows(backend.endpoints)) continue;
      const { service, endpoints, port } = backend;
      if (!service.known || service.value === undefined || port === undefined) continue;
      const { ready, notReady } = endpoints.value;
      if (ready.length === 0 || notReady.length === 0) continue;
      if (!isStanding(backend, endpoints.value, topology.now)) continue;
      report(
        "partly",
        { subject: service.value.ref, backend: backend.key },
        {
          ready: ready.length,
          endpoints: counted(ready.length + notReady.length, "endpoint"),
          service: service.value.ref.name,
          port: port.name ?? port.port,
        },
      );
    }
  },
});

/** Where pods cannot be read, a slice that nobody has written to for long tells that nothing moves. */
function isStanding({ pods }: Backend, { slices }: BackendEndpoints, now: Moment): boolean {
  if (!pods.known) {
    const touched = slices.filter(({ endpoints }) => endpoints.some(({ ready }) => !ready));
    return touched.every(({ changedAt }) => now.hasCome(changedAt + STANDING_MS));
  }
  return takeCensus(pods.value, now).failing.some(
    ({ trouble }) => trouble.kind !== "gate" || trouble.gate !== NEG_READINESS_GATE,
  );
}
