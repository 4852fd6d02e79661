import type { Workload } from "../../../model/pod.ts";
import type { Fix } from "../../finding.ts";
import { isLive } from "../../pods/pod-census.ts";
import { defineRule } from "../../rule.ts";
import { shellCommand } from "../../shell.ts";
import { counted, listed } from "../../text.ts";

export default defineRule({
  code: "GID502",
  slug: "no-replicas",
  severity: "error",
  symptoms: ["502"],
  stage: "endpoints",
  reads: ["backends"],
  rows: ["SVC-07"],
  summary: "The workload behind a Service has no replica.",
  why: "A workload of zero replicas leaves its Service without endpoints. The load balancer stays as it is and answers 502 until a replica is back; going from none to one and back interrupts traffic each time.",
  fix: "Scale the workload up, or accept that its routes are asleep.",
  confirm: [
    "kubectl get deployments,statefulsets -n NAMESPACE",
    "kubectl describe deployment WORKLOAD -n NAMESPACE",
  ],
  sources: ["kubernetes/ingress-gce issue 1700", "Kubernetes documentation: Deployments"],
  messages: {
    asleep:
      "{workloads} scaled to 0 replicas, so Service {service} has no endpoint and its routes are asleep.",
    missing: "{workload} asks for {replicas} and has no pod, so Service {service} has no endpoint: {why}.",
  },

  check(topology, report) {
    for (const backend of topology.backends) {
      if (backend.origin === "system-default" || !report.knows(backend.pods)) continue;
      if (!report.knows(backend.workloads) || backend.pods.value.some(isLive)) continue;
      const workloads = [...backend.workloads.value].sort((a, b) => (a.ref.name < b.ref.name ? -1 : 1));
      const service = backend.serviceName;
      const starved = workloads.find(({ replicas }) => replicas > 0);
      const [first] = workloads;
      if (first !== undefined && starved === undefined) {
        const subject = { ...first.ref, fieldPath: "spec.replicas" };
        const place = { subject, backend: backend.key, fix: scaleUp(first) };
        report("asleep", place, { workloads: areScaled(workloads), service });
        continue;
      }
      const why = starved && failureOf(starved);
      // While the old pods of a Recreate rollout end, new ones are not made yet.
      if (starved === undefined || why === undefined || backend.pods.value.length > 0) continue;
      const place = { subject: starved.ref, backend: backend.key, fix: { summary: MAKE_PODS } };
      const replicas = counted(starved.replicas, "replica");
      report("missing", place, { workload: nameOf(starved), replicas, service, why });
    }
  },
});

function areScaled(workloads: readonly Workload[]): string {
  return `${listed(workloads.map(nameOf))} ${workloads.length === 1 ? "is" : "are"}`;
}

const MAKE_PODS =
  "Correct what keeps the pods from being made: a ResourceQuota, an admission webhook, a missing service account, or a paused rollout.";

function scaleUp({ ref }: Workload): Partial<Fix> {
  const target = `${ref.kind.toLowerCase()}/${ref.name}`;
  return {
    summary: `Scale ${ref.kind} ${ref.name} to at least one replica, or accept that its routes are asleep.`,
    command: shellCommand("kubectl", "scale", target, "-n", ref.namespace, "--replicas=1"),
    patch: "spec:\n  replicas: 1\n",
  };
}

function nameOf({ ref }: Workload): string {
  return `${ref.kind} ${ref.name}`;
}

/** Why a workload has no pods, as its conditions tell; undefined when they tell of no failure. */
function failureOf({ conditions }: Workload): string | undefined {
  // The ReplicaSet controller passes on why the API server refused its pods.
  const failure =
    conditions.find(({ type, status }) => type === "ReplicaFailure" && status === "True") ??
    conditions.find(({ type, status }) => type === "Progressing" && status !== "True");
  if (failure === undefined) return undefined;
  const { reason, message } = failure;
  return [reason, message.trim().replace(/\.+$/, "")].filter((part) => part !== "").join(", ");
}
