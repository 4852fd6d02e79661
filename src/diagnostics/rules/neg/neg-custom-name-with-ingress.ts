import { NEG_FIELD, writeNegFix } from "../../neg-fix.ts";
import { negAnnotationOf, negEffect } from "../../neg-state.ts";
import { defineRule } from "../../rule.ts";

export default defineRule({
  code: "GID702",
  slug: "neg-custom-name-with-ingress",
  severity: "error",
  symptoms: ["no-address", "stale"],
  stage: "backend-sync",
  reads: ["backends"],
  rows: ["SVC-05"],
  summary: "A Service asks for NEGs for an Ingress and gives one of them a name of its own.",
  why: "The two exclude each other: GKE names the NEGs of an Ingress itself. The NEG controller refuses the whole Service, so no NEG is made, and the sync of the Ingress waits for one.",
  fix: "Remove the name from exposed_ports, or the ingress setting, in annotation cloud.google.com/neg.",
  confirm: [
    "kubectl get service SERVICE -n NAMESPACE -o jsonpath='{.metadata.annotations}'",
    "kubectl describe service SERVICE -n NAMESPACE",
  ],
  sources: ["ingress-gce pkg/neg/controller.go"],
  messages: {
    named:
      "Annotation cloud.google.com/neg of Service {service} sets ingress and gives the NEG of port {port} the name {name}; the two exclude each other, so the NEG controller refuses the Service.",
  },

  check(topology, report) {
    for (const backend of topology.backends) {
      if (backend.origin === "system-default" || !report.knows(backend.service)) continue;
      const service = backend.service.value;
      const parsed = negAnnotationOf(backend);
      if (service === undefined || parsed?.kind !== "valid" || !parsed.value.ingress) continue;
      const { exposedPorts, ...settings } = parsed.value;
      const [named] = [...exposedPorts].filter(([, name]) => name !== "").sort(([a], [b]) => a - b);
      if (named === undefined) continue;
      const nameless = new Map([...exposedPorts.keys()].map((port) => [port, ""]));
      report(
        "named",
        {
          subject: { ...service.ref, fieldPath: NEG_FIELD },
          backend: backend.key,
          ...negEffect(backend),
          fix: writeNegFix(service, { ...settings, exposedPorts: nameless }),
        },
        { service: service.ref.name, port: named[0], name: named[1] },
      );
    }
  },
});
