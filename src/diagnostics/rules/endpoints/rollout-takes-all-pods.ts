import type { Observed } from "../../../model/observed.ts";
import type { Node, Workload } from "../../../model/pod.ts";
import type { Fix } from "../../finding.ts";
import { mergeFix } from "../../kubectl.ts";

import { defineRule } from "../../rule.ts";
import { counted } from "../../text.ts";
import type { Backend } from "../../topology.ts";

export default defineRule({
  code: "GID516",
  slug: "rollout-takes-all-pods",
  severity: "info",
  symptoms: ["502"],
  stage: "hygiene",
  reads: ["backends", "nodes"],
  rows: ["ROL-04", "ROL-10"],
  summary: "A rollout or the loss of one node leaves a Service without pods for a while.",
  why: "While no pod of the Service runs, the load balancer answers 502 itself. A rollout that may stop every replica at once, and replicas that share one node, make that a matter of course.",
  fix: "Let a rollout start new pods before it stops old ones, and spread the replicas over nodes.",
  confirm: [
    "kubectl get deployment WORKLOAD -n NAMESPACE -o jsonpath='{.spec.strategy}'",
    "kubectl get pods -n NAMESPACE -o wide",
  ],
  sources: ["kubernetes/ingress-gce issue 769", "Kubernetes documentation: Deployments"],
  messages: {
    recreate:
      "{workload} has update strategy Recreate, so a rollout stops all of its {replicas} before it starts new ones.",
    unavailable: "{workload} lets {maxUnavailable} of its {replicas} be unavailable during a rollout.",
    single: "{workload} has 1 replica, which an update stops before it starts the new one.",
    together: "All {pods} of Service {service} run on node {node}, so its maintenance stops them together.",
  },

  check(topology, report) {
    for (const backend of topology.backends) {
      if (backend.origin === "system-default") continue;
      const { livePods } = backend;
      if (!report.knows(backend.workloads) || !report.knows(livePods)) continue;
      for (const workload of backend.workloads.value) {
        const message = stoppingUpdate(workload);
        if (message === undefined) continue;
        const place = { subject: workload.ref, backend: backend.key, fix: gentleRollout(workload) };
        report(message, place, {
          workload: `${workload.ref.kind} ${workload.ref.name}`,
          replicas: counted(workload.replicas, "replica"),
          maxUnavailable: workload.maxUnavailable ?? "",
        });
      }
      const node = sharedNode(backend, topology.nodes);
      if (node === undefined) continue;
      const place = {
        subject: { apiVersion: "v1", kind: "Node", namespace: "", name: node },
        backend: backend.key,
      };
      const pods = counted(livePods.value.length, "pod");
      report(
        "together",
        { ...place, fix: { summary: SPREAD } },
        { pods, service: backend.serviceName, node },
      );
    }
  },
});

const SPREAD =
  "Add a topology spread constraint on kubernetes.io/hostname to the pod template, and a PodDisruptionBudget.";

/** How a normal update of the workload stops all of its pods at once; undefined when it does not. */
function stoppingUpdate({ ref, replicas, strategy, maxUnavailable }: Workload) {
  if (replicas === 0) return undefined;
  if (strategy === "Recreate") return "recreate";
  if (ref.kind === "StatefulSet") return replicas === 1 && strategy !== "OnDelete" ? "single" : undefined;
  return stoppable(maxUnavailable, replicas) >= replicas ? "unavailable" : undefined;
}

/** A percentage is rounded down (Kubernetes DeploymentSpec reference). */
function stoppable(maxUnavailable: number | string | undefined, replicas: number): number {
  if (typeof maxUnavailable === "number") return maxUnavailable;
  const percent = /^(\d{1,3})%$/.exec(maxUnavailable ?? "")?.[1];
  return percent === undefined ? 0 : Math.floor((Number(percent) * replicas) / 100);
}

function gentleRollout({ ref }: Workload): Partial<Fix> {
  if (ref.kind !== "Deployment") return { summary: `Run at least two replicas of ${ref.kind} ${ref.name}.` };
  const strategy = { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } };
  return mergeFix(ref, { spec: { strategy } });
}

/** The node that carries every pod of a backend, although there are others. */
function sharedNode({ livePods }: Backend, nodes: Observed<readonly Node[]>): string | undefined {
  if (!livePods.known || !nodes.known) return undefined;
  const live = livePods.value;
  const names = new Set(live.map(({ nodeName }) => nodeName));
  const [name] = names;
  if (live.length < 2 || names.size > 1) return undefined;
  return nodes.value.some(({ ref, ready }) => ready && ref.name !== name) ? name : undefined;
}
