import { configurablePlace } from "../../backend-config-fix.ts";
import { liveServices } from "../../live-backends.ts";
import { readOwnBackends } from "../../own-backends.ts";
import { defineRule } from "../../rule.ts";
import { portText } from "../../service-port.ts";

/** Enough for most requests to end, in seconds. */
const SUGGESTED_SEC = 60;

export default defineRule({
  code: "GID620",
  slug: "draining-not-configured",
  severity: "info",
  symptoms: [],
  stage: "hygiene",
  reads: ["backends", "loadBalancer"],
  rows: ["ROL-03"],
  summary: "Connections are not drained when an endpoint leaves.",
  why: "When a pod or node leaves the load balancer, requests in flight may go on for the draining timeout of the backend service. Its default is 0: they are cut at once, at every rollout and scale-in.",
  fix: "Set spec.connectionDraining.drainingTimeoutSec in a BackendConfig to the longest time a request may take.",
  confirm: [
    "gcloud compute backend-services describe BACKEND_SERVICE --global --format='value(connectionDraining)'",
  ],
  sources: ["Google Cloud documentation: Enable connection draining", "gcpdiag lb/BP/2025_003"],
  messages: {
    off: "No BackendConfig sets a draining timeout for Service {service}, port {port}, so requests in flight are cut when an endpoint leaves.",
    zero: "BackendConfig {config} sets a draining timeout of 0 s for Service {service}, port {port}, so requests in flight are cut when an endpoint leaves.",
  },

  check({ backends, loadBalancer }, report) {
    const live = loadBalancer.known ? liveServices({ backends, loadBalancer }) : undefined;
    for (const { backend, resolved } of readOwnBackends(backends, report)) {
      if (resolved === undefined || !report.knows(backend.backendConfig)) continue;
      const config = backend.backendConfig.value;
      const seconds = config?.drainingTimeoutSec;
      // One that was set by hand stays, for GKE writes none without a BackendConfig.
      if ((seconds ?? live?.get(backend.key)?.drainingTimeoutSec ?? 0) > 0) continue;
      const { ref } = resolved.service;
      const change = { connectionDraining: { drainingTimeoutSec: SUGGESTED_SEC } };
      const field = "spec.connectionDraining.drainingTimeoutSec";
      const place = { ...configurablePlace(resolved, field, change), backend: backend.key };
      const facts = { service: ref.name, port: portText(resolved.port) };
      if (config === undefined || seconds === undefined) report("off", place, facts);
      else report("zero", place, { ...facts, config: config.ref.name });
    }
  },
});
