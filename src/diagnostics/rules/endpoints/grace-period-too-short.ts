import type { Pod } from "../../../model/pod.ts";
import type { Fix } from "../../finding.ts";
import { mergeFix } from "../../kubectl.ts";
import { negBackends } from "../../pods/neg-gate.ts";
import { firstPod } from "../../pods/pod-census.ts";
import { workloadOf } from "../../pods/pod-workload.ts";
import { servingContainers } from "../../pods/serving-containers.ts";
import { defineRule } from "../../rule.ts";
import type { Backend } from "../../topology.ts";

/** Least time for requests in flight after the preStop sleep. */
const ENDING_SECONDS = 30;

export default defineRule({
  code: "GID515",
  slug: "grace-period-too-short",
  severity: "info",
  symptoms: ["502"],
  stage: "hygiene",
  reads: ["backends"],
  rows: ["ROL-02"],
  summary: "Pods are killed before their preStop sleep and connection draining are over.",
  why: "The termination grace period begins with the preStop hook, not after it. When it runs out, Kubernetes kills the containers, with the requests that the load balancer still lets them finish.",
  fix: "Raise terminationGracePeriodSeconds above the preStop sleep, the connection draining time and the longest request.",
  confirm: ["kubectl get pod POD -n NAMESPACE -o jsonpath='{.spec.terminationGracePeriodSeconds}'"],
  sources: [
    "Google Cloud documentation: Troubleshoot load balancing in GKE",
    "Kubernetes documentation: Container Lifecycle Hooks",
  ],
  messages: {
    sleep:
      "The pods of Service {service} sleep {sleep} s before they end, and their grace period is {grace} s, so they are killed in their sleep.",
    draining:
      "The pods of Service {service} sleep {sleep} s before they end and their connections drain for {draining} s, and their grace period is {grace} s, so requests in flight are cut.",
  },

  check(topology, report) {
    for (const { backend, pods } of negBackends(topology, report)) {
      const pod = firstPod(pods);
      const sleep = pod && sleepOf(pod, backend);
      if (pod === undefined || sleep === undefined) continue;
      const grace = pod.terminationGracePeriodSeconds;
      const draining = drainingOf(backend);
      if (grace > sleep + draining) continue;
      const wanted = sleep + Math.max(draining, ENDING_SECONDS) + 1;
      const workload = workloadOf(pod, backend.workloads);
      const fix: Partial<Fix> = workload ? mergeFix(workload.ref, withGrace(wanted)) : {};
      const place = { subject: workload?.ref ?? pod.ref, backend: backend.key, fix };
      const facts = { service: backend.serviceName, sleep, grace, draining };
      report(grace <= sleep ? "sleep" : "draining", place, facts);
    }
  },
});

/** Seconds of the longest preStop sleep; undefined without one, or where its length cannot be told. */
function sleepOf(pod: Pod, backend: Backend): number | undefined {
  const sleeps = servingContainers(pod, backend).flatMap(
    ({ preStopSleepSeconds }) => preStopSleepSeconds ?? [],
  );
  return sleeps.length === 0 ? undefined : Math.max(...sleeps);
}

function drainingOf({ backendConfig }: Backend): number {
  return (backendConfig.known ? backendConfig.value?.drainingTimeoutSec : undefined) ?? 0;
}

function withGrace(seconds: number): object {
  return { spec: { template: { spec: { terminationGracePeriodSeconds: seconds } } } };
}
