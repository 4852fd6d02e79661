import type { Container, Pod } from "../../../model/pod.ts";
import { describeHealthCheck, describeMismatch } from "../../health-check-text.ts";
import { describeProbe } from "../../pods/describe-trouble.ts";
import { defineRule, type Report } from "../../rule.ts";
import { portText } from "../../service-port.ts";
import { suggestedPlace } from "../../suggested-health-check.ts";
import { type UnhealthyBackend, unhealthyBackends } from "../../unhealthy-backend.ts";

const MESSAGES = {
  byDefault:
    "No endpoint of Service {service}, port {port}, passes Google's health check, while {ready}: {check}. No readiness probe gives it another path.",
  notCopied:
    "No endpoint of Service {service}, port {port}, passes Google's health check, while {ready}: {check}. The readiness probe of pod {pod}, container {container} ({probe}), is not copied, because {mismatch}.",
  configured:
    "No endpoint of Service {service}, port {port}, passes Google's health check, while {ready}: {check}.",
  configuredOtherwise:
    "No endpoint of Service {service}, port {port}, passes Google's health check, while {ready}: {check}. The readiness probe that they pass is another request: {probe}.",
  older:
    "No endpoint of Service {service}, port {port}, passes Google's health check, while {ready}: it asks for {path}, and a health check made now would ask {check}. GKE copies a readiness probe only when it makes the health check.",
  copied:
    "No endpoint of Service {service}, port {port}, passes Google's health check, while {ready}: {check}. GKE copies a readiness probe only when it makes the health check, so Google may still ask for an older path.",
} as const;

export default defineRule({
  code: "GID601",
  slug: "health-check-failing",
  severity: "error",
  symptoms: ["502"],
  stage: "health",
  settles: true,
  reads: ["backends", "ingress", "now", "backendConfigs", "loadBalancer"],
  rows: ["HC-01", "HC-02", "HC-03", "HC-04", "HC-05", "HC-06", "HC-07", "HC-08", "HC-09", "HC-14", "DEF-03"],
  summary: "Google's health check fails on every endpoint, though Kubernetes finds the pods ready.",
  why: "The load balancer sends requests only to endpoints that answer its own health check with status 200 in time. Redirects, 401, 403 and 404 count as failures, and readiness in Kubernetes counts nothing. Without a BackendConfig, and where no plain httpGet readiness probe on the serving port could be copied when the health check was made, it asks for the path /.",
  fix: "Make the application answer the health check with status 200, without redirect and authentication, or set the path it does answer in spec.healthCheck of a BackendConfig.",
  confirm: [
    "kubectl get ingress INGRESS -n NAMESPACE -o jsonpath='{.metadata.annotations.ingress\\.kubernetes\\.io/backends}'",
    "kubectl exec -n NAMESPACE POD -- curl -si http://localhost:PORT/",
    "gcloud compute health-checks describe BACKEND_SERVICE --global",
  ],
  sources: [
    "ingress-gce pkg/healthchecks/healthchecks.go and pkg/translator/healthchecks.go",
    "ingress-gce pkg/controller/translator/translator.go, getHTTPProbe",
    "Google Cloud documentation: Ingress configuration, Direct health check configuration",
  ],
  messages: MESSAGES,

  check(topology, report) {
    for (const unhealthy of unhealthyBackends(topology, report)) {
      if (unhealthy.reason.kind === "answer") reportFailing(unhealthy, report);
    }
  },
});

function reportFailing(unhealthy: UnhealthyBackend, report: Report<typeof MESSAGES>): void {
  const { backend, resolved, check, pods, ready, live } = unhealthy;
  const { source } = check.path;
  const place = { ...suggestedPlace(unhealthy), backend: backend.key };
  const facts = {
    service: resolved.service.ref.name,
    port: portText(resolved.port),
    ready,
    check: describeHealthCheck(check),
  };
  const passed = pods.length === 0 ? undefined : passedProbe(pods);
  if (source.kind === "readiness-probe" && live !== undefined && live.requestPath !== check.path.value)
    report("older", place, { ...facts, path: live.requestPath });
  else if (source.kind === "readiness-probe") report("copied", place, facts);
  else if (source.kind === "backend-config" && passed !== undefined)
    report("configuredOtherwise", place, { ...facts, probe: passed });
  else if (source.kind === "backend-config") report("configured", place, facts);
  else if (check.probe?.kind === "refused") {
    const { pod, container, probe, mismatch } = check.probe;
    const refused = { pod, container, probe: describeProbe(probe), mismatch: describeMismatch(mismatch) };
    report("notCopied", place, { ...facts, ...refused });
  } else report("byDefault", place, facts);
}

/** The HTTP readiness probe that the first pod passes. */
function passedProbe(pods: readonly Pod[]): string | undefined {
  const probed = pods[0]?.containers.find(passesHttp)?.readinessProbe;
  return probed && describeProbe(probed);
}

function passesHttp({ ready, readinessProbe }: Container): boolean {
  return ready && readinessProbe?.kind === "http";
}
