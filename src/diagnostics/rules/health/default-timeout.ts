import type { Ingress } from "../../../model/ingress.ts";
import type { ServicePort } from "../../../model/service.ts";
import { configurablePlace } from "../../backend-config-fix.ts";
import { liveServices } from "../../live-backends.ts";
import { readOwnBackends } from "../../own-backends.ts";
import { defineRule } from "../../rule.ts";
import { portText } from "../../service-port.ts";

/** Timeout of a backend service that no BackendConfig sets, in seconds (Compute Engine). */
const DEFAULT_TIMEOUT_SEC = 30;

/** Long enough for most connections that are meant to stay open, in seconds. */
const OPEN_CONNECTION_SEC = 3600;

export default defineRule({
  code: "GID615",
  slug: "default-timeout",
  severity: "info",
  symptoms: [],
  stage: "hygiene",
  reads: ["backends", "ingress", "loadBalancer"],
  rows: ["BC-06", "APP-02"],
  summary: "A backend that seems to need long requests has the default timeout of 30 seconds.",
  why: "The load balancer ends a request when the answer is not complete after the timeout of the backend service, 30 seconds unless a BackendConfig sets it. The classic load balancer cuts WebSocket connections then, too, used or not. GKE ignores timeouts in annotations of other controllers.",
  fix: "Set spec.timeoutSec in a BackendConfig to the longest time a request may take.",
  confirm: ["gcloud compute backend-services describe BACKEND_SERVICE --global --format='value(timeoutSec)'"],
  sources: ["Google Cloud documentation: Backend service timeout", "ingress-gce issues 399, 598 and 1803"],
  messages: {
    short:
      "Requests to Service {service}, port {port}, end after 30 s, since no BackendConfig sets spec.timeoutSec, while {evidence}.",
    live: "Requests to Service {service}, port {port}, end after {timeout} s, as backend service {name} says and no BackendConfig sets, while {evidence}.",
  },

  check({ backends, ingress, loadBalancer }, report) {
    const annotated = annotatedTimeout(ingress);
    const live = loadBalancer.known ? liveServices({ backends, loadBalancer }) : undefined;
    for (const { backend, resolved } of readOwnBackends(backends, report)) {
      if (resolved === undefined || !report.knows(backend.backendConfig)) continue;
      if (backend.backendConfig.value?.timeoutSec !== undefined) continue;
      const evidence = annotated?.text ?? webSocketEvidence(resolved.port);
      if (evidence === undefined) continue;
      const { ref } = resolved.service;
      const timeoutSec = annotated?.seconds ?? OPEN_CONNECTION_SEC;
      const place = {
        ...configurablePlace(resolved, "spec.timeoutSec", { timeoutSec }),
        backend: backend.key,
      };
      const facts = { service: ref.name, port: portText(resolved.port), evidence };
      const actual = live?.get(backend.key);
      // A timeout that was set by hand stays, for GKE writes none without a BackendConfig.
      if (actual === undefined) report("short", place, facts);
      else if (actual.timeoutSec < timeoutSec) {
        report("live", place, { ...facts, timeout: actual.timeoutSec, name: actual.name });
      }
    }
  },
});

/** A longer timeout that is asked for in the words of another controller. */
function annotatedTimeout({ annotations }: Ingress) {
  for (const name of ["proxy-read-timeout", "proxy-send-timeout"]) {
    const key = `nginx.ingress.kubernetes.io/${name}`;
    const seconds = /^"?(\d{1,6})s?"?$/.exec(annotations[key]?.trim() ?? "")?.[1];
    if (seconds === undefined || Number(seconds) <= DEFAULT_TIMEOUT_SEC) continue;
    return { seconds: Number(seconds), text: `annotation ${key} of the Ingress asks for ${seconds} s` };
  }
  return undefined;
}

function webSocketEvidence({ name = "", appProtocol = "" }: ServicePort): string | undefined {
  if (/^kubernetes\.io\/wss?$/.test(appProtocol)) return `the appProtocol of the port is ${appProtocol}`;
  return /(^|-)(wss?|websockets?)($|-)/.test(name) ? `the port is named ${name}` : undefined;
}
