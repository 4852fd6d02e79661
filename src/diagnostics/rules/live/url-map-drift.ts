import { defineRule } from "../../rule.ts";
import { listed } from "../../text.ts";
import { timeText } from "../../time-text.ts";
import { urlMapDrift } from "../../url-map-drift.ts";

export default defineRule({
  code: "GID907",
  slug: "url-map-drift",
  severity: "warning",
  symptoms: ["stale"],
  stage: "routing",
  reads: ["ingress", "translation", "backends", "loadBalancer", "settling"],
  rows: ["DRF-01", "SYN-10", "ROL-07"],
  summary: "The live URL map routes differently from what the Ingress says.",
  why: "Requests follow the live map. It differs while a sync fails or waits in a long queue, and after edits in the console, which the next sync reverts.",
  fix: "Touch the Ingress to start a sync, and read its Events for what keeps the change back.",
  confirm: ["gcloud compute url-maps describe URL_MAP --global"],
  sources: ["ingress-gce: pkg/loadbalancers/url_maps.go (ensureComputeURLMap)"],
  messages: {
    differs: "URL map {map} differs from Ingress {ingress}, last changed at {time}: {differences}.",
  },

  check(topology, report) {
    const { ingress, settling } = topology;
    if (settling.open) return;
    const drift = urlMapDrift(topology, report);
    if (drift === undefined || drift.differences.length === 0) return;
    report(
      "differs",
      { subject: ingress.ref },
      {
        map: drift.map,
        ingress: ingress.ref.name,
        differences: listed(drift.differences, 3),
        time: timeText(ingress.changedAt),
      },
    );
  },
});
