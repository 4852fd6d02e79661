import type { Fix } from "../../finding.ts";
import { mergeFix } from "../../kubectl.ts";
import { negBackends } from "../../pods/neg-gate.ts";
import { firstPod } from "../../pods/pod-census.ts";
import { workloadOf } from "../../pods/pod-workload.ts";
import { servingContainers } from "../../pods/serving-containers.ts";
import { defineRule } from "../../rule.ts";

/** Google stops sending to a pod up to a minute after the NEG controller takes it out. */
const SLEEP_SECONDS = 60;

/** What Kubernetes gives a pod by default to end after its preStop hook. */
const ENDING_SECONDS = 30;

export default defineRule({
  code: "GID514",
  slug: "no-pre-stop",
  severity: "info",
  symptoms: ["502"],
  stage: "hygiene",
  reads: ["backends"],
  rows: ["ROL-01"],
  summary: "Pods behind a NEG end at once when a rollout or scale-down removes them.",
  why: "Kubernetes asks a container to end at the same moment as the NEG controller begins to take its pod out. Google goes on sending for seconds to a minute, and gets a refused connection: a burst of 502 at each rollout. A preStop sleep keeps the container serving meanwhile.",
  fix: "Add a preStop sleep to the serving container, and a termination grace period longer than it.",
  confirm: ["kubectl get pod POD -n NAMESPACE -o jsonpath='{.spec.containers[*].lifecycle}'"],
  sources: [
    "Google Cloud documentation: Troubleshoot load balancing in GKE",
    "kubernetes/ingress-gce issue 769",
  ],
  messages: {
    missing:
      "Container {container} of the pods of Service {service} has no preStop hook, so it ends while the load balancer still sends requests to it.",
  },

  check(topology, report) {
    for (const { backend, pods } of negBackends(topology, report)) {
      const pod = firstPod(pods);
      const serving = pod === undefined ? [] : servingContainers(pod, backend);
      const [container] = serving;
      if (pod === undefined || container === undefined) continue;
      if (serving.some(({ hasPreStop }) => hasPreStop)) continue;
      const workload = workloadOf(pod, backend.workloads);
      const fix: Partial<Fix> = workload ? mergeFix(workload.ref, addSleep(container.name), "strategic") : {};
      const place = { subject: workload?.ref ?? pod.ref, backend: backend.key, fix };
      report("missing", place, { container: container.name, service: backend.serviceName });
    }
  },
});

function addSleep(name: string): object {
  const lifecycle = { preStop: { sleep: { seconds: SLEEP_SECONDS } } };
  const spec = {
    terminationGracePeriodSeconds: SLEEP_SECONDS + ENDING_SECONDS,
    containers: [{ name, lifecycle }],
  };
  return { spec: { template: { spec } } };
}
