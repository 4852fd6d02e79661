import { firstPod, isLive } from "../../pods/pod-census.ts";
import { workloadOf } from "../../pods/pod-workload.ts";
import { servingContainers } from "../../pods/serving-containers.ts";
import { defineRule } from "../../rule.ts";

export default defineRule({
  code: "GID517",
  slug: "no-readiness-probe",
  severity: "info",
  symptoms: ["502"],
  stage: "hygiene",
  reads: ["backends"],
  rows: ["APP-08"],
  summary: "The container that serves a backend has no readiness probe.",
  why: "Without a readiness probe a pod counts as ready as soon as its container runs, and a rollout ends the old pods before the application can answer. The load balancer's health check then has no probe to take its path from, either, and asks /.",
  fix: "Add an HTTP readiness probe to the serving container, on the port it serves and a path that answers 200.",
  confirm: ["kubectl get pod POD -n NAMESPACE -o jsonpath='{.spec.containers[*].readinessProbe}'"],
  sources: [
    "Kubernetes documentation: Configure Liveness, Readiness and Startup Probes",
    "ingress-gce pkg/controller/translator/translator.go",
  ],
  messages: {
    missing:
      "Container {container} of the pods of Service {service} has no readiness probe, so its pods count as ready before the application answers.",
  },

  check(topology, report) {
    for (const backend of topology.backends) {
      if (backend.origin === "system-default" || !report.knows(backend.pods)) continue;
      const pod = firstPod(backend.pods.value.filter(isLive));
      const serving = pod === undefined ? [] : servingContainers(pod, backend);
      const [container] = serving;
      if (pod === undefined || container === undefined) continue;
      if (serving.some(({ readinessProbe }) => readinessProbe)) continue;
      const place = { subject: workloadOf(pod, backend.workloads)?.ref ?? pod.ref, backend: backend.key };
      report("missing", place, { container: container.name, service: backend.serviceName });
    }
  },
});
