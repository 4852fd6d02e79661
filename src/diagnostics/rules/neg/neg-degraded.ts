import { defineRule } from "../../rule.ts";
import { currentErrors } from "../../sync/current-errors.ts";

/** A Service without endpoints enters degraded mode, too; other rules say why it has none. */
const EMPTY = /cannot be zero/i;

export default defineRule({
  code: "GID707",
  slug: "neg-degraded",
  severity: "warning",
  symptoms: ["degraded"],
  stage: "endpoints",
  reads: ["backends", "ingress", "sync"],
  rows: ["NEG-10"],
  summary: "The NEG controller leaves out endpoints whose data do not fit together.",
  why: "When the endpoints, pods and nodes of a Service contradict each other, the NEG controller falls back to degraded mode: it checks every endpoint by itself and drops those whose pod, node, zone or address is wrong. The dropped pods get no requests.",
  fix: "Correct the endpoint, pod or node that the controller's message names; the controller leaves degraded mode by itself.",
  confirm: [
    "kubectl describe service SERVICE -n NAMESPACE",
    "gcloud compute network-endpoint-groups list-network-endpoints NEG --zone ZONE",
  ],
  sources: [
    "ingress-gce pkg/neg/syncers/endpoints_calculator.go",
    "ingress-gce pkg/neg/types/sync_errors.go",
  ],
  messages: {
    degraded:
      "The NEG controller leaves endpoints of Service {service} out of its network endpoint groups: {text}.",
  },

  check(topology, report) {
    for (const { place, text } of currentErrors(topology, report, "neg-degraded")) {
      if (EMPTY.test(text)) continue;
      const backend = topology.backends.find(({ key }) => key === place.backend);
      const service = backend?.serviceName ?? place.subject.name;
      const at = { ...place, symptoms: ["degraded"] } as const;
      report("degraded", at, { service, text: text.replace(/\.+$/, "") });
    }
  },
});
