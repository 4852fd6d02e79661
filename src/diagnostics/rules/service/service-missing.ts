import type { ObjectRef } from "../../../model/refs.ts";
import type { Service } from "../../../model/service.ts";
import type { Fix } from "../../finding.ts";
import { findServicePort } from "../../gke/backend.ts";
import { backendPointer } from "../../ingress-manifest.ts";
import { type PatchStep, patchFix } from "../../kubectl.ts";
import { nearest } from "../../nearest.ts";
import { readOwnBackends } from "../../own-backends.ts";
import { defineRule } from "../../rule.ts";
import { listed } from "../../text.ts";
import type { Backend } from "../../topology.ts";

export default defineRule({
  code: "GID401",
  slug: "service-missing",
  severity: "error",
  symptoms: ["no-address", "stale"],
  stage: "translation",
  reads: ["backends", "ingress", "services"],
  rows: ["SVC-01", "SVC-02"],
  summary: "A backend names a Service that does not exist in the namespace of the Ingress.",
  why: "One missing Service makes the whole Ingress fail: no change of any host, path or certificate is applied, and a new Ingress gets no address. An Ingress reaches only Services of its own namespace.",
  fix: "Create the Service, name the right one, or remove the path.",
  confirm: ["kubectl get services -n NAMESPACE", "kubectl describe ingress INGRESS -n NAMESPACE"],
  sources: [
    "ingress-gce pkg/controller/translator/translator.go, getServicePort",
    "Google Cloud documentation: Troubleshoot GKE Ingress",
  ],
  messages: {
    missing:
      "{field} names Service {service}, which does not exist in namespace {namespace}. No change of this Ingress is applied.",
    misspelt:
      "{field} names Service {service}, which does not exist in namespace {namespace}; Service {near} does. No change of this Ingress is applied.",
    elsewhere:
      "{field} names Service {service}, which exists in namespace {elsewhere} and not in {namespace}, the only one this Ingress reaches. No change of this Ingress is applied.",
  },

  check({ backends, ingress, services }, report) {
    for (const { backend, error } of readOwnBackends(backends, report)) {
      if (error?.kind !== "service-not-found" || !report.knows(services)) continue;
      const { key, namespace, serviceName, fields } = backend;
      const elsewhere = services.value.filter(({ ref }) => ref.name === serviceName);
      const near = nearService(services.value, backend);
      const place = {
        subject: { ...ingress.ref, fieldPath: fields[0] ?? "spec" },
        backend: key,
      };
      const shown = { field: listed(fields, 2), service: serviceName, namespace };
      if (elsewhere.length > 0) {
        const namespaces = elsewhere.map(({ ref }) => ref.namespace).sort();
        report("elsewhere", place, { ...shown, elsewhere: listed(namespaces) });
      } else if (near === undefined) {
        report("missing", place, shown);
      } else {
        report(
          "misspelt",
          { ...place, fix: renameFix(ingress.ref, backend, near) },
          { ...shown, near: near.ref.name },
        );
      }
    }
  },
});

function nearService(services: readonly Service[], { namespace, serviceName }: Backend): Service | undefined {
  const neighbours = services.filter(({ ref }) => ref.namespace === namespace);
  const [name] = nearest(
    neighbours.map(({ ref }) => ref.name),
    serviceName,
  );
  return neighbours.find(({ ref }) => ref.name === name);
}

/** Names the near Service instead, provided that it declares the port, too. */
function renameFix(
  ingress: ObjectRef,
  { fields, serviceName, portReference }: Backend,
  near: Service,
): Partial<Fix> {
  if (findServicePort(near, portReference) === undefined) return {};
  const steps = fields.flatMap((field): PatchStep[] => {
    const path = backendPointer(field, "service", "name");
    return [
      { op: "test", path, value: serviceName },
      { op: "add", path, value: near.ref.name },
    ];
  });
  const summary = `Name Service ${near.ref.name} instead of ${serviceName}.`;
  return { summary, ...patchFix(ingress, steps) };
}
