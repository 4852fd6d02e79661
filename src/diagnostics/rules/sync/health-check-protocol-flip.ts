import { defineRule } from "../../rule.ts";
import { currentErrors } from "../../sync/current-errors.ts";

export default defineRule({
  code: "GID116",
  slug: "health-check-protocol-flip",
  severity: "error",
  symptoms: ["stale", "no-address"],
  stage: "backend-sync",
  reads: ["sync", "backends", "ingress"],
  rows: ["ROL-11"],
  summary: "The stored health check has another protocol than the Service now asks for.",
  why: "After a change of the protocol the controller expects the settings of the new protocol on the existing health check, finds none and stops. Nothing of the Ingress is changed until the health check is made anew.",
  fix: "Take the Service port out of the Ingress until its health check is gone, then put it back.",
  confirm: [
    "kubectl describe ingress INGRESS -n NAMESPACE",
    "gcloud compute health-checks describe HEALTH_CHECK --global",
  ],
  sources: ["ingress-gce: pkg/translator/healthchecks.go, NewHealthCheck"],
  messages: {
    flipped: "Health check {healthCheck} has another protocol than its Service now asks for, so {effect}.",
  },

  check(topology, report) {
    const errors = currentErrors(topology, report, "health-check-protocol-flip");
    for (const { cause, place, effect } of errors) {
      report("flipped", place, { healthCheck: cause.healthCheck ?? "of a backend", effect });
    }
  },
});
