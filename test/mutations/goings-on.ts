import { type Cluster, CREATED, condition, GATE, MINUTE, readyPod, slice, stamp } from "./cluster.ts";

/** A Deployment of four in the middle of its rollout: one new pod waits for the load balancer. */
export function startRollout(cluster: Cluster, now: number): void {
  const begin = now - MINUTE;
  const deployment = cluster.get("Deployment", "web");
  const fresh = readyPod(
    "web-7f6d8c9b4-q8w2z",
    1,
    {
      spec: deployment.spec.template.spec,
      labels: { app: "web", "pod-template-hash": "7f6d8c9b4" },
      owner: { kind: "ReplicaSet", name: "web-7f6d8c9b4" },
    },
    begin,
  );
  const message = "Waiting for pod to become healthy in at least one of the NEG(s): [x]";
  fresh.status.conditions = [
    condition("PodScheduled", "True", begin),
    condition("Initialized", "True", begin),
    condition("ContainersReady", "True", begin),
    condition("Ready", "False", begin, "ReadinessGatesNotReady"),
    { ...condition(GATE, "", null, "LoadBalancerNegNotReady"), message },
  ];
  cluster.add(fresh);
  Object.assign(deployment.status, { replicas: 5, updatedReplicas: 1, unavailableReplicas: 1 });
  deployment.status.conditions = [
    condition("Available", "True", CREATED, "MinimumReplicasAvailable"),
    condition("Progressing", "True", begin, "ReplicaSetUpdated"),
  ];
  slice(cluster);
}

/** A pod of the Deployment `web` that differs from its ready ones. */
function anotherPod(cluster: Cluster, name: string, since: number) {
  const { template } = cluster.get("Deployment", "web").spec;
  const labels = { ...template.metadata.labels, "pod-template-hash": "5bd9849bbb" };
  const owner = { kind: "ReplicaSet", name: "web-5bd9849bbb" };
  return readyPod(name, 2, { spec: template.spec, labels, owner }, since);
}

/** An evicted pod stays until somebody deletes it, and a finished one may carry the same labels. */
export function leaveFinishedPods(cluster: Cluster): void {
  for (const [name, phase] of [
    ["web-5bd9849bbb-evict", "Failed"],
    ["web-migrate-x8d2k", "Succeeded"],
  ] as const) {
    const pod = anotherPod(cluster, name, CREATED);
    pod.status.phase = phase;
    pod.status.conditions = [condition("Ready", "False", CREATED, "PodCompleted")];
    delete pod.status.containerStatuses;
    delete pod.status.podIP;
    cluster.add(pod);
  }
  slice(cluster);
}

/** The autoscaler wants one more pod, which starts. */
export function scaleUp(cluster: Cluster, now: number): void {
  const deployment = cluster.get("Deployment", "web");
  const begin = now - MINUTE / 2;
  const pod = anotherPod(cluster, "web-5bd9849bbb-fresh", begin);
  pod.status.phase = "Pending";
  pod.status.conditions = [
    condition("PodScheduled", "True", begin),
    condition("Ready", "False", begin, "ContainersNotReady"),
    condition(GATE, "", null, "LoadBalancerNegNotReady"),
  ];
  for (const status of pod.status.containerStatuses ?? []) {
    status.ready = false;
    status.state = { waiting: { reason: "ContainerCreating" } };
  }
  delete pod.status.podIP;
  cluster.add(pod);
  deployment.spec.replicas = 5;
  Object.assign(deployment.status, { replicas: 5, updatedReplicas: 5, unavailableReplicas: 1 });
  slice(cluster);
}

/** One pod was killed for its memory once, and runs since. */
export function restartedOnce(cluster: Cluster): void {
  const [status] = cluster.podsOf(cluster.service)[0]?.status.containerStatuses ?? [];
  if (status === undefined) return;
  status.restartCount = 1;
  const finishedAt = stamp(CREATED + 10 * MINUTE);
  status.lastState = { terminated: { exitCode: 137, reason: "OOMKilled", finishedAt } };
}

/** One pod goes, and no longer takes requests. */
export function scaleDown(cluster: Cluster, now: number): void {
  const deployment = cluster.get("Deployment", "web");
  const [pod] = cluster.podsOf(cluster.service);
  if (pod !== undefined) pod.metadata.deletionTimestamp = stamp(now + MINUTE);
  deployment.spec.replicas = 3;
  Object.assign(deployment.status, {
    replicas: 3,
    readyReplicas: 3,
    updatedReplicas: 3,
    availableReplicas: 3,
  });
  slice(cluster);
}
