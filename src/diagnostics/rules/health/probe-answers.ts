import type { ProbeResult } from "../../../model/probe.ts";
import { answerText, type ProbedBackend, passes, probedBackends, requestText } from "../../probe-answers.ts";
import { defineRule, type Place } from "../../rule.ts";
import { portText } from "../../service-port.ts";
import { spokenProtocol } from "../../spoken-protocol.ts";
import { suggestedPlace } from "../../suggested-health-check.ts";
import { counted } from "../../text.ts";
import { type UnhealthyReason, unhealthyBackends } from "../../unhealthy-backend.ts";

export default defineRule({
  code: "GID625",
  slug: "probe-answers",
  severity: "error",
  symptoms: ["502"],
  // Before the stage of the health check itself: what a pod answered explains why its health check fails.
  stage: "network",
  settles: true,
  reads: ["backends", "probes", "ingress", "now", "backendConfigs", "loadBalancer"],
  rows: ["HC-01", "HC-02", "HC-03", "HC-04", "HC-10", "PRT-05", "APP-06"],
  summary: "Asked what Google's health check asks, the pods do not answer with status 200.",
  why: "Google's probers want status 200 from the very port, path and protocol of the health check, in time and without following redirects. The controller sent the same request to the pods, which answered as quoted, so Google gets that answer as well and calls every endpoint unhealthy. This rule works only where probing is switched on.",
  fix: "Make the application answer the request of the health check with status 200, or set type, port and requestPath in spec.healthCheck of a BackendConfig to a request that it does answer so.",
  confirm: [
    "kubectl port-forward -n NAMESPACE POD 8080:PORT",
    "curl -si http://127.0.0.1:8080/",
    "gcloud compute backend-services get-health BACKEND_SERVICE --global",
  ],
  sources: [
    "Google Cloud documentation: Health checks overview, Success criteria",
    "Google Cloud documentation: GKE Ingress for Application Load Balancers, Health checks",
  ],
  messages: {
    fails:
      "Asked what Google's health check of Service {service}, port {port}, asks ({request}), pod {pod} {answer}{others}. Google counts only 200.",
    passesElsewhere:
      "Asked what Google's health check of Service {service}, port {port}, asks ({request}), pod {pod} {answer}{others}. Google counts only 200, and that is the answer to {passing}.",
    passes:
      "Asked what Google's health check of Service {service}, port {port}, asks ({request}), pod {pod} answers 200, while Google calls every endpoint unhealthy.",
  },

  check(topology, report) {
    const probedOnes = probedBackends(topology, report);
    const reasons = probedOnes.length === 0 ? [] : unhealthyBackends(topology, report);
    for (const probed of probedOnes) {
      const { backend, resolved, answers, passing } = probed;
      const reason = reasons.find((one) => one.backend.key === backend.key)?.reason;
      // Then a rule of its own says why, and this is how it shows.
      const severity = isConfigured(probed, reason) ? "info" : "error";
      const passed = answers.find(passes);
      const told = passed ?? answers[0];
      if (told === undefined) continue;
      const facts = {
        request: requestText(told),
        service: resolved.service.ref.name,
        port: portText(resolved.port),
        pod: told.pod,
        answer: answerText(told),
        others: othersText(told, answers),
      };
      // What Google was last known to say may be minutes older than the answer.
      if (passed !== undefined) report("passes", { ...placeOf(probed), severity: "info" }, facts);
      else if (passing === undefined) report("fails", { ...placeOf(probed), severity }, facts);
      else {
        const place = { ...suggestedPlace(probed), backend: backend.key, severity } as const;
        report("passesElsewhere", place, { ...facts, passing: requestText(passing) });
      }
    }
  },
});

/** Whether objects in the cluster tell by themselves that the health check or the port is set up wrongly. */
function isConfigured({ resolved, pods }: ProbedBackend, reason: UnhealthyReason | undefined): boolean {
  if (reason?.kind === "port" || reason?.kind === "type" || reason?.kind === "config-unused") return true;
  const spoken = spokenProtocol(resolved.port, pods);
  return spoken !== undefined && spoken.tls !== (resolved.protocol !== "HTTP");
}

function placeOf({ backend, resolved }: ProbedBackend): Place {
  return { subject: resolved.service.ref, backend: backend.key };
}

/** How many pods answer the same, and how many otherwise. */
function othersText(told: ProbeResult, answers: readonly ProbeResult[]): string {
  const same = answers.filter((one) => one !== told && answerText(one) === answerText(told)).length;
  const other = answers.length - 1 - same;
  if (other > 0) return `, and ${counted(other, "other pod")} fail${other === 1 ? "s" : ""} otherwise`;
  return same > 0 ? `, like ${counted(same, "other pod")}` : "";
}
