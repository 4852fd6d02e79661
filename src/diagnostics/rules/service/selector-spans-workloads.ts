import { readOwnBackends } from "../../own-backends.ts";
import { defineRule } from "../../rule.ts";
import { listed } from "../../text.ts";

export default defineRule({
  code: "GID415",
  slug: "selector-spans-workloads",
  severity: "info",
  symptoms: ["wrong-backend"],
  stage: "hygiene",
  reads: ["backends"],
  rows: ["SVC-11"],
  summary: "The selector of a Service matches pods of more than one workload.",
  why: "Every pod that the selector matches gets a share of the requests. That is how a canary works; a job, an old version or another application that carries the same labels answers some requests in a way nobody expects.",
  fix: "Add a label to the selector that only the wanted workload carries, unless the pods are meant to share the traffic.",
  confirm: [
    "kubectl get service SERVICE -n NAMESPACE -o yaml",
    "kubectl get pods -n NAMESPACE --show-labels",
  ],
  sources: ["Kubernetes documentation: Service, selectors"],
  messages: {
    shared:
      "The selector of Service {service} matches pods of {workloads}; each gets a share of the requests.",
  },

  check({ backends }, report) {
    for (const { backend, service } of readOwnBackends(backends, report)) {
      if (service === undefined || !report.knows(backend.workloads) || !report.knows(backend.pods)) continue;
      const workloads = backend.workloads.value
        .filter(({ replicas }) => replicas > 0)
        .map(({ ref }) => `${ref.kind} ${ref.name}`);
      const jobs = backend.pods.value.flatMap(({ owner }) =>
        owner?.kind === "Job" ? [`Job ${owner.name}`] : [],
      );
      const names = [...new Set([...workloads, ...jobs])].sort();
      if (names.length < 2) continue;
      report(
        "shared",
        { subject: { ...service.ref, fieldPath: "spec.selector" }, backend: backend.key },
        { service: service.ref.name, workloads: listed(names) },
      );
    }
  },
});
