import type { KubeEvent } from "../../../model/event.ts";
import type { Service } from "../../../model/service.ts";
import type { ResolvedBackend } from "../../gke/backend.ts";
import {
  parseTransparentHealthCheck,
  TRANSPARENT_HEALTH_CHECK_ANNOTATION,
} from "../../gke/transparent-health-check.ts";
import { annotateFix } from "../../kubectl.ts";
import { readOwnBackends } from "../../own-backends.ts";
import { defineRule, type Report } from "../../rule.ts";
import type { Backend, Topology } from "../../topology.ts";

const MESSAGES = {
  unreadable:
    "The annotation {annotation} {raw} of Service {service} cannot be read: {reason}. GKE ignores it.",
  withoutNeg:
    "Service {service} asks for transparent health checks and is reached through instance groups, so GKE ignores the annotation.",
  overridden:
    "Service {service} asks for transparent health checks, and the health check in BackendConfig {config} takes their place.",
  featureOff:
    "Service {service} asks for transparent health checks, and the controller reports that the cluster does not have them.",
} as const;

export default defineRule({
  code: "GID619",
  slug: "transparent-health-check-ignored",
  severity: "warning",
  symptoms: ["degraded"],
  stage: "health",
  reads: ["backends", "events"],
  rows: ["HC-20"],
  summary: "A Service asks for transparent health checks and does not get them.",
  why: "The annotation networking.gke.io/transparent-health-checker counts only with network endpoint groups, without a health check in the BackendConfig, and where the cluster has the feature. GKE ignores it otherwise and makes the usual health check.",
  fix: "Remove the annotation, or what stands against it.",
  confirm: [
    "kubectl describe service SERVICE -n NAMESPACE",
    "gcloud compute health-checks describe BACKEND_SERVICE --global",
  ],
  sources: ["ingress-gce pkg/healthchecks/healthchecks.go, emitTHCEvents"],
  messages: MESSAGES,

  check(topology, report) {
    for (const { backend, resolved } of readOwnBackends(topology.backends, report)) {
      if (resolved !== undefined) reportIgnored(backend, resolved, { topology, report });
    }
  },
});

interface Context {
  readonly topology: Pick<Topology, "events">;
  readonly report: Report<typeof MESSAGES>;
}

function reportIgnored(
  backend: Backend,
  { service, mode }: ResolvedBackend,
  { topology, report }: Context,
): void {
  const parsed = parseTransparentHealthCheck(service);
  if (parsed.kind === "absent" || (parsed.kind === "valid" && !parsed.value.enabled)) return;
  const annotation = TRANSPARENT_HEALTH_CHECK_ANNOTATION;
  const corrected = parsed.kind === "invalid" ? parsed.repaired : undefined;
  const place = {
    subject: { ...service.ref, fieldPath: `metadata.annotations[${annotation}]` },
    backend: backend.key,
    severity: backend.reportedHealth === "UNHEALTHY" ? "warning" : "info",
    fix: annotateFix(service.ref, { [annotation]: corrected }),
  } as const;
  const facts = { service: service.ref.name };
  const config = backend.backendConfig.known ? backend.backendConfig.value : undefined;
  if (parsed.kind === "invalid") {
    report("unreadable", place, { ...facts, annotation, raw: parsed.raw, reason: parsed.reason });
  } else if (mode === "instance-group") report("withoutNeg", place, facts);
  else if (config?.healthCheck !== undefined)
    report("overridden", place, { ...facts, config: config.ref.name });
  else if (
    report.knows(topology.events) &&
    topology.events.value.some((event) => isSwitchedOff(event, service))
  )
    report("featureOff", place, facts);
}

/** The controller says so on the Service when it makes or changes the health check. */
function isSwitchedOff({ about, reason }: KubeEvent, { ref, uid }: Service): boolean {
  if (reason !== "THCAnnotationWithoutFlag" || about.kind !== "Service") return false;
  return (
    about.uid === uid || (about.uid === "" && about.name === ref.name && about.namespace === ref.namespace)
  );
}
