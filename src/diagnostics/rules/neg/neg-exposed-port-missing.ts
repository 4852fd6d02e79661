import type { Service } from "../../../model/service.ts";
import type { Fix } from "../../finding.ts";
import type { NegAnnotation } from "../../gke/neg-annotation.ts";
import { NEG_FIELD, writeNegFix } from "../../neg-fix.ts";
import { negAnnotationOf, negEffect } from "../../neg-state.ts";
import { defineRule } from "../../rule.ts";
import { declaredPorts } from "../../service-port.ts";

export default defineRule({
  code: "GID703",
  slug: "neg-exposed-port-missing",
  severity: "error",
  symptoms: ["no-address", "no-neg", "stale"],
  stage: "backend-sync",
  reads: ["backends"],
  rows: ["SVC-05"],
  summary: "A Service asks for a NEG of a port that it does not have.",
  why: "Keys of exposed_ports are Service port numbers, not target ports. One that the Service does not declare makes the NEG controller refuse the whole Service: none of its NEGs is made or changed, those for the Ingress included.",
  fix: "Name declared Service ports in exposed_ports of annotation cloud.google.com/neg.",
  confirm: [
    "kubectl get service SERVICE -n NAMESPACE -o yaml",
    "kubectl describe service SERVICE -n NAMESPACE",
  ],
  sources: ["ingress-gce pkg/neg/utils.go"],
  messages: {
    missing:
      "Annotation cloud.google.com/neg of Service {service} exposes port {port}, and the Service declares {declared}, so the NEG controller refuses the Service.",
  },

  check(topology, report) {
    for (const backend of topology.backends) {
      if (backend.origin === "system-default" || !report.knows(backend.service)) continue;
      const service = backend.service.value;
      const parsed = negAnnotationOf(backend);
      if (service === undefined || parsed?.kind !== "valid") continue;
      const [port] = missingPorts(service, parsed.value);
      if (port === undefined) continue;
      report(
        "missing",
        {
          subject: { ...service.ref, fieldPath: NEG_FIELD },
          backend: backend.key,
          ...negEffect(backend),
          fix: exposeDeclared(service, parsed.value),
        },
        { service: service.ref.name, port, declared: declaredPorts(service) },
      );
    }
  },
});

/** Exposed ports that the Service does not declare, in order of number. */
function missingPorts({ ports }: Service, { exposedPorts }: NegAnnotation): readonly number[] {
  return [...exposedPorts.keys()]
    .filter((exposed) => !ports.some(({ port }) => port === exposed))
    .sort((a, b) => a - b);
}

/** A port that is exposed by its target port, or the only one there is, is the one that was meant. */
function exposeDeclared(service: Service, annotation: NegAnnotation): Partial<Fix> {
  const { ports } = service;
  const exposed = new Map<number, string>();
  for (const [port, name] of annotation.exposedPorts) {
    const meant =
      ports.find((one) => one.port === port) ??
      ports.find(({ targetPort }) => targetPort === port) ??
      (ports.length === 1 ? ports[0] : undefined);
    if (meant !== undefined && !exposed.has(meant.port)) exposed.set(meant.port, name);
  }
  return writeNegFix(service, { ...annotation, exposedPorts: exposed });
}
