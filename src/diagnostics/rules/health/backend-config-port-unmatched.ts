import type { Service } from "../../../model/service.ts";
import { annotationText } from "../../backend-config-fix.ts";
import type { Fix } from "../../finding.ts";
import { parseBackendConfigNames } from "../../gke/backend-config-annotation.ts";
import { annotateFix } from "../../kubectl.ts";
import { readOwnBackends } from "../../own-backends.ts";
import { defineRule } from "../../rule.ts";
import { declaredPorts, portText } from "../../service-port.ts";
import { type StrayBackendConfig, strayBackendConfigs } from "../../stray-backend-config.ts";
import { unhealthyBackends } from "../../unhealthy-backend.ts";

export default defineRule({
  code: "GID606",
  slug: "backend-config-port-unmatched",
  severity: "error",
  symptoms: ["502"],
  stage: "health",
  reads: ["backends", "ingress", "now", "backendConfigs", "loadBalancer", "settling"],
  rows: ["BC-04"],
  summary: "The backend-config annotation names a port that the Service does not have.",
  why: "Keys of ports are names or numbers of Service ports. GKE passes over any other key, such as the number of a container port, without a word: the backend gets the default health check, timeout and protection instead of those of the BackendConfig.",
  fix: "Use the name or the number of the Service port as the key, or name the BackendConfig as default.",
  confirm: [
    "kubectl get service SERVICE -n NAMESPACE -o yaml",
    "gcloud compute health-checks describe BACKEND_SERVICE --global",
  ],
  sources: ["ingress-gce pkg/backendconfig/utils.go, BackendConfigName"],
  messages: {
    unused:
      "The annotation {annotation} of Service {service} gives BackendConfig {config} to port {key}, and the Service has {ports}; port {port} therefore has no BackendConfig.",
    fails:
      "The annotation {annotation} of Service {service} gives BackendConfig {config} to port {key}, and the Service has {ports}; the health check that it asks for is not made for port {port}, and the default one passes on no endpoint, while {ready}.",
  },

  check(topology, report) {
    const failing = new Map(
      unhealthyBackends(topology, report).flatMap(({ backend, reason, ready }) =>
        reason.kind === "config-unused" ? [[backend.key, ready] as const] : [],
      ),
    );
    for (const { backend, resolved } of readOwnBackends(topology.backends, report)) {
      if (resolved?.backendConfig.kind !== "unmatched") continue;
      const { service, port, backendConfig } = resolved;
      const strays = strayBackendConfigs(service);
      const stray = strays.find((one) => one.port === port) ?? strays[0];
      if (stray === undefined) continue;
      const { annotation } = backendConfig;
      const subject = { ...service.ref, fieldPath: `metadata.annotations[${annotation}]` };
      const place = { subject, backend: backend.key, fix: fixFor(service, annotation, stray) };
      const facts = {
        annotation,
        service: service.ref.name,
        config: stray.name,
        key: stray.key,
        ports: declaredPorts(service),
        port: portText(port),
      };
      const ready = topology.settling.open ? undefined : failing.get(backend.key);
      if (ready === undefined)
        report("unused", { ...place, severity: "warning", symptoms: ["degraded"] }, facts);
      else report("fails", place, { ...facts, ready });
    }
  },
});

/** Moves the entry to the port that was probably meant, and keeps the others. */
function fixFor(service: Service, annotation: string, { key, port }: StrayBackendConfig): Partial<Fix> {
  const parsed = parseBackendConfigNames(service);
  if (port === undefined || parsed.kind !== "valid") return {};
  const { default: byDefault, ports } = parsed.value;
  const name = port.name === undefined || port.name === "" ? String(port.port) : port.name;
  const moved = new Map([...ports].map(([one, config]) => [one === key ? name : one, config]));
  return annotateFix(service.ref, { [annotation]: annotationText(byDefault, moved) });
}
