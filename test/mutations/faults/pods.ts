import { type Cluster, condition, GATE, slice, stamp, touch } from "../cluster.ts";
import { BOTH, type Fault, LATER, type Moment } from "../fault.ts";
import { forget, say } from "../gke-controllers.ts";
import type { Pod } from "../raw-objects.ts";
import { always, hasDeployment, isPlain, lose, OUTAGE, pods, withNeg, workloads } from "./serving.ts";

function seconds(moment: Moment, count: number): number {
  return moment.at + count * 1000;
}

function unready(cluster: Cluster, moment: Moment, change: (pod: Pod) => void): void {
  for (const pod of pods(cluster)) {
    for (const one of pod.status.conditions) {
      if (one.type !== "Ready" && one.type !== "ContainersReady") continue;
      Object.assign(one, condition(one.type, "False", seconds(moment, 30), "ContainersNotReady"));
    }
    for (const one of pod.status.containerStatuses ?? []) one.ready = false;
    change(pod);
  }
  for (const { kind, status } of workloads(cluster)) {
    status.readyReplicas = 0;
    status.availableReplicas = 0;
    if (kind !== "Deployment") continue;
    status.conditions = [
      condition("Available", "False", moment.at, "MinimumReplicasUnavailable"),
      condition("Progressing", "False", moment.at, "ProgressDeadlineExceeded"),
    ];
  }
  slice(cluster);
  lose(cluster);
}

function podEvent(
  cluster: Cluster,
  moment: Moment,
  pod: Pod,
  [reason, message]: readonly [string, string],
): void {
  say(cluster, {
    about: pod,
    type: "Warning",
    reason,
    message,
    component: "kubelet",
    firstAt: seconds(moment, 10),
    lastAt: moment.seenAt - 60_000,
    count: 30,
  });
}

function crash(cluster: Cluster, moment: Moment): void {
  unready(cluster, moment, (pod) => {
    for (const status of pod.status.containerStatuses ?? []) {
      status.restartCount = 8;
      status.state = {
        waiting: { reason: "CrashLoopBackOff", message: "back-off 5m0s restarting failed container" },
      };
      status.lastState = {
        terminated: { exitCode: 1, reason: "Error", finishedAt: stamp(moment.seenAt - 60_000) },
      };
    }
    podEvent(cluster, moment, pod, ["BackOff", "Back-off restarting failed container"]);
  });
}

/** Pods that never started: no address, so no endpoint. */
function unstarted(cluster: Cluster, moment: Moment, change: (pod: Pod) => void): void {
  unready(cluster, moment, (pod) => {
    pod.status.phase = "Pending";
    for (const gate of pod.status.conditions) {
      if (gate.type === GATE) Object.assign(gate, { status: "", reason: "LoadBalancerNegNotReady" });
    }
    change(pod);
  });
}

/** Pods that do not run, or do not say that they can serve. */
export const POD_FAULTS: readonly Fault[] = [
  {
    id: "no-replicas",
    rootCause: "no-replicas",
    symptoms: OUTAGE,
    onsets: BOTH,
    applies: always,
    inject: (cluster, { at }) => {
      cluster.remove(...pods(cluster));
      for (const workload of workloads(cluster)) {
        workload.spec.replicas = 0;
        workload.status = { observedGeneration: 2, conditions: workload.status.conditions };
        touch(workload, at);
      }
      slice(cluster);
      lose(cluster, false);
      return [];
    },
  },
  {
    id: "pods-crashing",
    rootCause: "pods-crashing",
    symptoms: OUTAGE,
    onsets: BOTH,
    applies: always,
    inject: (cluster, moment) => {
      crash(cluster, moment);
      return [];
    },
  },
  {
    id: "pods-crashing between two restarts",
    rootCause: "pods-crashing",
    symptoms: OUTAGE,
    onsets: BOTH,
    applies: always,
    inject: (cluster, moment) => {
      crash(cluster, moment);
      for (const pod of pods(cluster)) {
        for (const status of pod.status.containerStatuses ?? []) {
          status.state = {
            terminated: { exitCode: 1, reason: "Error", finishedAt: stamp(moment.seenAt - 5000) },
          };
        }
      }
      return [];
    },
  },
  {
    id: "image-pull-failed",
    rootCause: "image-pull-failed",
    symptoms: OUTAGE,
    onsets: BOTH,
    applies: always,
    inject: (cluster, moment) => {
      unstarted(cluster, moment, (pod) => {
        for (const status of pod.status.containerStatuses ?? []) {
          const message = `Back-off pulling image "${status.image}"`;
          status.state = { waiting: { reason: "ImagePullBackOff", message } };
        }
        podEvent(cluster, moment, pod, ["Failed", "Error: ImagePullBackOff"]);
      });
      return [];
    },
  },
  {
    id: "pods-unschedulable",
    rootCause: "pods-unschedulable",
    symptoms: OUTAGE,
    onsets: BOTH,
    applies: always,
    inject: (cluster, moment) => {
      const message = "0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector.";
      unstarted(cluster, moment, (pod) => {
        delete pod.status.podIP;
        delete pod.status.containerStatuses;
        delete pod.spec.nodeName;
        pod.spec.nodeSelector = { disktype: "nvme" };
        const gate = pod.status.conditions.filter(({ type }) => type === GATE);
        pod.status.conditions = [
          ...gate,
          { ...condition("PodScheduled", "False", moment.at, "Unschedulable"), message },
        ];
        say(cluster, {
          about: pod,
          type: "Warning",
          reason: "FailedScheduling",
          message,
          component: "default-scheduler",
          firstAt: moment.at,
          lastAt: moment.seenAt - 60_000,
        });
      });
      lose(cluster, false);
      return [];
    },
  },
  {
    id: "pods-not-ready",
    rootCause: "pods-not-ready",
    symptoms: OUTAGE,
    onsets: BOTH,
    applies: (cluster) => pods(cluster).every(({ spec }) => spec.containers[0]?.readinessProbe !== undefined),
    inject: (cluster, moment) => {
      unready(cluster, moment, (pod) =>
        podEvent(cluster, moment, pod, [
          "Unhealthy",
          "Readiness probe failed: HTTP probe failed with statuscode: 503",
        ]),
      );
      return [];
    },
  },
  {
    id: "readiness gates keep new pods waiting",
    codes: ["GID601", "GID602", "GID623", "GID510"],
    symptoms: ["rollout-stuck", "502", "degraded"],
    onsets: ["later"],
    applies: (cluster) =>
      withNeg(cluster) &&
      isPlain(cluster) &&
      pods(cluster).every(({ spec }) => spec.readinessGates !== undefined),
    inject: (cluster, moment) => {
      const fresh = moment.seenAt - 5 * 60_000;
      for (const pod of pods(cluster)) {
        pod.metadata.creationTimestamp = stamp(fresh);
        for (const one of pod.status.conditions) {
          if (one.type === GATE) Object.assign(one, { status: "", reason: "LoadBalancerNegNotReady" });
          if (one.type === "Ready")
            Object.assign(one, condition("Ready", "False", fresh, "ReadinessGatesNotReady"));
        }
      }
      for (const { status } of workloads(cluster)) {
        status.readyReplicas = 0;
        status.availableReplicas = 0;
      }
      slice(cluster);
      lose(cluster);
      return [];
    },
  },
  {
    id: "Service deleted and made again without pods",
    rootCause: "no-replicas",
    symptoms: OUTAGE,
    onsets: LATER,
    applies: hasDeployment,
    inject: (cluster, moment) => {
      cluster.remove(...pods(cluster));
      for (const workload of workloads(cluster)) {
        workload.spec.replicas = 0;
        workload.status = { observedGeneration: 2, replicas: 0, conditions: workload.status.conditions };
      }
      cluster.service.metadata.uid = "service-made-again-uid";
      cluster.service.metadata.creationTimestamp = stamp(moment.at);
      forget(cluster, ({ involvedObject }) => involvedObject.kind === "Service");
      slice(cluster);
      lose(cluster, false);
      return [];
    },
  },
  {
    id: "containers that lack a ConfigMap",
    codes: ["GID503", "GID506"],
    symptoms: OUTAGE,
    onsets: BOTH,
    applies: always,
    inject: (cluster, moment) => {
      unstarted(cluster, moment, (pod) => {
        for (const status of pod.status.containerStatuses ?? []) {
          const message = 'configmap "web-settings" not found';
          status.state = { waiting: { reason: "CreateContainerConfigError", message } };
        }
        podEvent(cluster, moment, pod, ["Failed", 'Error: configmap "web-settings" not found']);
      });
      return [];
    },
  },
  {
    id: "init container that fails",
    codes: ["GID503", "GID506"],
    symptoms: OUTAGE,
    onsets: BOTH,
    applies: always,
    inject: (cluster, moment) => {
      unstarted(cluster, moment, (pod) => {
        pod.status.initContainerStatuses = [
          {
            name: "migrate",
            image: "registry.example.com/migrate:1",
            ready: false,
            restartCount: 9,
            state: {
              waiting: { reason: "CrashLoopBackOff", message: "back-off 5m0s restarting failed container" },
            },
            lastState: { terminated: { exitCode: 1, reason: "Error" } },
          },
        ];
        for (const status of pod.status.containerStatuses ?? []) {
          status.state = { waiting: { reason: "PodInitializing" } };
        }
      });
      return [];
    },
  },
  {
    id: "one crashing pod of several",
    codes: ["GID521", "GID503"],
    symptoms: ["degraded"],
    onsets: LATER,
    applies: (cluster) => pods(cluster).length > 2 && withNeg(cluster),
    inject: (cluster, moment) => {
      const pod = pods(cluster).find(({ metadata }) => metadata.deletionTimestamp === undefined);
      for (const one of pod?.status.conditions ?? []) {
        if (one.type === "Ready" || one.type === "ContainersReady") {
          Object.assign(one, condition(one.type, "False", moment.at, "ContainersNotReady"));
        }
      }
      for (const status of pod?.status.containerStatuses ?? []) {
        status.ready = false;
        status.restartCount = 11;
        status.state = { waiting: { reason: "CrashLoopBackOff", message: "back-off 5m0s" } };
        status.lastState = { terminated: { exitCode: 137, reason: "OOMKilled" } };
      }
      for (const { status } of workloads(cluster)) {
        status.readyReplicas = (status.readyReplicas ?? 1) - 1;
        status.availableReplicas = status.readyReplicas;
        status.unavailableReplicas = 1;
      }
      slice(cluster);
      return [];
    },
  },
];
