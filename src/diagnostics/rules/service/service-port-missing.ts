import type { PortReference } from "../../../model/ingress.ts";
import type { ObjectRef } from "../../../model/refs.ts";
import type { Service, ServicePort } from "../../../model/service.ts";
import type { Fix } from "../../finding.ts";
import { backendPointer } from "../../ingress-manifest.ts";
import { type PatchStep, patchFix } from "../../kubectl.ts";
import { nearest } from "../../nearest.ts";
import { readOwnBackends } from "../../own-backends.ts";
import { defineRule } from "../../rule.ts";
import { declaredPorts, portText, referenceText } from "../../service-port.ts";
import { listed } from "../../text.ts";
import type { Backend } from "../../topology.ts";

export default defineRule({
  code: "GID402",
  slug: "service-port-missing",
  severity: "error",
  symptoms: ["no-address", "stale"],
  stage: "translation",
  reads: ["backends", "ingress"],
  rows: ["PRT-01"],
  summary: "A backend names a port that its Service does not declare.",
  why: "GKE looks for a Service port of that name, or of that number in `spec.ports[].port`; it never compares container ports or node ports. One port that is not found makes the whole Ingress fail: no change of any host, path or certificate is applied.",
  fix: "Name a port that the Service declares, or declare the missing one in the Service.",
  confirm: ["kubectl get service SERVICE -n NAMESPACE -o jsonpath='{.spec.ports}'"],
  sources: ["ingress-gce pkg/controller/translator/utils.go, ServicePort"],
  messages: {
    missing:
      "{field} names port {port} of Service {service}, which declares {declared}. No change of this Ingress is applied.",
    confused:
      "{field} names port {port} of Service {service}, which has no such port: {port} is the {role} of its port {likely}. No change of this Ingress is applied.",
  },

  check({ backends, ingress }, report) {
    for (const { backend, service, error } of readOwnBackends(backends, report)) {
      if (error?.kind !== "service-port-not-found" || service === undefined) continue;
      const { fields, portReference } = backend;
      const likely = likelyPort(service, portReference);
      const place = {
        subject: { ...ingress.ref, fieldPath: fields[0] ?? "spec" },
        backend: backend.key,
        fix: likely === undefined ? {} : portFix(ingress.ref, backend, likely),
      };
      const port = referenceText(portReference);
      const shown = { field: listed(fields, 2), port, service: service.ref.name };
      const role = likely && roleOf(likely, portReference);
      if (likely === undefined || role === undefined)
        report("missing", place, { ...shown, declared: declaredPorts(service) });
      else report("confused", place, { ...shown, role, likely: portText(likely) });
    }
  },
});

/** What the reference is to a port that has another name or number. */
function roleOf({ targetPort, nodePort }: ServicePort, { name, number }: PortReference): string | undefined {
  if (targetPort === (name ?? number)) return "target port";
  return nodePort !== undefined && nodePort === number ? "node port" : undefined;
}

/** The port that was probably meant: by its target, its node port, a similar name, or as the only one. */
function likelyPort({ ports }: Service, reference: PortReference): ServicePort | undefined {
  const similar = nearest(
    ports.map(({ name }) => name ?? ""),
    reference.name ?? "",
  );
  return (
    ports.find((port) => roleOf(port, reference) === "target port") ??
    ports.find((port) => roleOf(port, reference) !== undefined) ??
    ports.find(({ name }) => name !== undefined && similar.includes(name)) ??
    (ports.length === 1 ? ports[0] : undefined)
  );
}

function portFix(
  ingress: ObjectRef,
  { fields, portReference, serviceName }: Backend,
  likely: ServicePort,
): Partial<Fix> {
  const byName = portReference.name !== undefined && likely.name !== undefined;
  const steps = fields.flatMap((field): PatchStep[] => [
    { op: "test", path: backendPointer(field, "service", "name"), value: serviceName },
    {
      op: "add",
      path: backendPointer(field, "service", "port"),
      value: byName ? { name: likely.name } : { number: likely.port },
    },
  ]);
  const summary = `Name port ${portText(likely)} of Service ${serviceName} instead of ${referenceText(portReference)}.`;
  return { summary, ...patchFix(ingress, steps) };
}
