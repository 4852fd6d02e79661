import { removeHealthCheckFieldFix } from "../../backend-config-fix.ts";
import { type CheckedBackend, checkedBackends } from "../../checked-backend.ts";
import type { Fix } from "../../finding.ts";
import { probePath, type UnservedPort, unservedPort } from "../../health-check-faults.ts";
import { patchFix } from "../../kubectl.ts";
import { listeningPorts, probePort } from "../../pods/listening-ports.ts";
import { defineRule, type Report } from "../../rule.ts";
import { portText } from "../../service-port.ts";
import { listed } from "../../text.ts";
import type { Topology } from "../../topology.ts";
import { unhealthyBackends } from "../../unhealthy-backend.ts";

const MESSAGES = {
  pods: "BackendConfig {config} makes Google's health check of Service {service}, port {port}, ask port {asked} of the pods, which serve {served}; no endpoint passes it, while {ready}.",
  nodes:
    "BackendConfig {config} makes Google's health check of Service {service}, port {port}, ask port {asked} of the nodes, where the Service has {served}; no endpoint passes it, while {ready}.",
  confused:
    "BackendConfig {config} makes Google's health check of Service {service} ask {asked}, the number of {mistaken}; behind {mode} the port asked is one of {served}.",
} as const;

export default defineRule({
  code: "GID609",
  slug: "health-check-port-wrong",
  severity: "error",
  symptoms: ["502"],
  stage: "health",
  settles: true,
  reads: ["backends", "ingress", "now", "backendConfigs", "loadBalancer"],
  rows: ["PRT-05"],
  summary: "The health check port of a BackendConfig is not a port that the endpoints serve.",
  why: "With network endpoint groups Google's prober asks the pods, so spec.healthCheck.port is a port of the container. With instance groups it asks the nodes, and the port is a node port. The port of the Service is neither. A prober that asks a port where nothing listens finds no endpoint healthy.",
  fix: "Take spec.healthCheck.port out of the BackendConfig, or set it to a port that the endpoints serve.",
  confirm: [
    "kubectl get backendconfig BACKENDCONFIG -n NAMESPACE -o jsonpath='{.spec.healthCheck}'",
    "kubectl get pods -n NAMESPACE -o jsonpath='{.items[*].spec.containers[*].ports}'",
    "gcloud compute health-checks describe BACKEND_SERVICE --global",
  ],
  sources: [
    "ingress-gce pkg/translator/healthchecks.go, UpdateFromBackendConfig",
    "gcpdiag lb/unhealthy-backends, ValidateBackendServicePortConfiguration",
  ],
  messages: MESSAGES,

  check(topology, report) {
    const failing = new Set<string>();
    for (const unhealthy of unhealthyBackends(topology, report)) {
      const { backend, resolved, reason, ready } = unhealthy;
      if (reason.kind !== "port") continue;
      failing.add(backend.key);
      report(resolved.mode === "neg" ? "pods" : "nodes", placeOf(unhealthy, reason), {
        ...factsOf(unhealthy, reason),
        port: portText(resolved.port),
        ready,
      });
    }
    reportConfused(topology, report, failing);
  },
});

/** A number that belongs to another layer is wrong whatever Google says, as long as it does not say HEALTHY. */
function reportConfused(
  { backends }: Pick<Topology, "backends">,
  report: Report<typeof MESSAGES>,
  done: ReadonlySet<string>,
): void {
  for (const checked of checkedBackends(backends, report)) {
    const { backend, resolved } = checked;
    if (backend.reportedHealth === "HEALTHY" || done.has(backend.key)) continue;
    const unserved = unservedPort(checked);
    const mistaken = unserved && mistakenFor(checked, unserved.port);
    if (unserved === undefined || mistaken === undefined) continue;
    const mode = resolved.mode === "neg" ? "network endpoint groups" : "instance groups";
    const place = { ...placeOf(checked, unserved), severity: "warning" } as const;
    report("confused", place, { ...factsOf(checked, unserved), mistaken, mode });
  }
}

/** What else has the number; undefined when nothing has, and it may be a port that no container declares. */
function mistakenFor({ resolved, pods }: CheckedBackend, port: number): string | undefined {
  const { mode, service } = resolved;
  if (service.ports.some((one) => one.port === port)) return `a port of Service ${service.ref.name}`;
  if (mode === "neg" && service.ports.some(({ nodePort }) => nodePort === port)) return "a node port";
  return mode === "instance-group" && listeningPorts(pods).includes(port) ? "a container port" : undefined;
}

function factsOf({ check, resolved }: CheckedBackend, { port, served }: UnservedPort) {
  const { source } = check.port;
  const numbers = listed(served.map(String));
  return {
    config: source.kind === "backend-config" ? source.object.name : "",
    service: resolved.service.ref.name,
    asked: port,
    served: resolved.mode === "neg" ? numbers : `node port ${numbers}`,
  };
}

function placeOf(checked: CheckedBackend, { port }: UnservedPort) {
  const { source } = checked.check.port;
  const { ref } = checked.resolved.service;
  const subject = source.kind === "backend-config" ? { ...source.object, fieldPath: source.field } : ref;
  return { subject, backend: checked.backend.key, fix: fixFor(checked, port) };
}

/** The port of a readiness probe with the same path is the one that was meant; else the serving port. */
function fixFor({ resolved, check, pods }: CheckedBackend, asked: number): Partial<Fix> {
  const choice = resolved.backendConfig;
  if (choice.kind !== "chosen") return {};
  const probed = pods
    .flatMap(({ containers }) => containers)
    .filter(
      ({ readinessProbe: probe }) => probe?.kind === "http" && probePath(probe.path) === check.path.value,
    )
    .flatMap((container) => probePort(container) ?? []);
  const [port] = resolved.mode === "neg" ? probed.sort((a, b) => a - b) : [];
  if (port === undefined) return removeHealthCheckFieldFix(choice.config, "port");
  const path = "/spec/healthCheck/port";
  return patchFix(choice.config.ref, [
    { op: "test", path, value: asked },
    { op: "add", path, value: port },
  ]);
}
