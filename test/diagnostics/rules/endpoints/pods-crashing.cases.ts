import rule from "../../../../src/diagnostics/rules/endpoints/pods-crashing.ts";
import { known } from "../../../../src/model/observed.ts";
import { container, NOW, notRead, pod, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { crashingPod, troubledPod, unreadyPod } from "../../../support/troubled-pods.ts";

const FAILED = { reason: "Error", exitCode: 1 };

export default ruleCases(rule, {
  healthy: [
    { name: "all pods are ready", given: snapshot() },
    {
      name: "a container that crashed last week is ready again",
      given: snapshot({
        pods: known([
          pod(1, { containers: [container({ restartCount: 12, lastTerminated: { reason: "OOMKilled" } })] }),
        ]),
      }),
    },
    {
      name: "a new pod has ended once, and another one serves",
      given: snapshot({ pods: known([pod(1), crashingPod(2, FAILED, { createdAt: NOW - 60_000 })]) }),
    },
    {
      name: "the crashing pod is being deleted",
      given: snapshot({ pods: known([pod(1), crashingPod(2, FAILED, { deletedAt: NOW })]) }),
    },
    {
      name: "an evicted pod is left over",
      given: snapshot({ pods: known([pod(1), crashingPod(2, FAILED, { phase: "Failed" })]) }),
    },
  ],
  broken: [
    {
      name: "every pod is in CrashLoopBackOff",
      given: snapshot({ pods: known([crashingPod(1, FAILED), crashingPod(2, FAILED)]) }),
      want: [
        {
          text: "No pod of Service web can answer, because 2 of 2 keep crashing: container app of pod web-1 is in a crash loop (CrashLoopBackOff); it last ended with exit code 1 (Error).",
          subject: "Deployment/web",
          severity: "error",
        },
      ],
    },
    {
      name: "the containers use too much memory; workloads cannot be read",
      given: snapshot({
        pods: known([crashingPod(1, { reason: "OOMKilled", exitCode: 137 })]),
        workloads: notRead("workloads"),
      }),
      want: [
        {
          text: "No pod of Service web can answer, because 1 of 1 keep crashing: container app of pod web-1 is in a crash loop (CrashLoopBackOff); it was last killed for using more memory than its limit (OOMKilled).",
          subject: "Pod/web-1",
        },
      ],
    },
    {
      name: "an init container crashes",
      given: snapshot({
        pods: known([
          troubledPod(1, {
            phase: "Pending",
            conditions: [],
            pendingInit: {
              name: "migrate",
              image: "migrate:1",
              restartCount: 3,
              waiting: { reason: "CrashLoopBackOff" },
              lastTerminated: { reason: "Error", exitCode: 127 },
            },
          }),
        ]),
      }),
      want: [
        {
          text: "No pod of Service web can answer, because 1 of 1 keep crashing: init container migrate of pod web-1 is in a crash loop (CrashLoopBackOff); it last ended with exit code 127 (Error).",
        },
      ],
    },
    {
      name: "one pod of three keeps crashing, and runs at the moment",
      given: snapshot({
        pods: known([
          pod(1),
          pod(2),
          unreadyPod(3, { restartCount: 9, lastTerminated: { reason: "Error", exitCode: 137 } }),
        ]),
      }),
      want: [
        {
          text: "1 of 3 pods of Service web keep crashing, while 2 can answer: container app of pod web-3 is in a crash loop (CrashLoopBackOff); it last ended with exit code 137 (killed, SIGKILL).",
          severity: "warning",
        },
      ],
    },
    {
      name: "the pods of a new revision crash",
      given: snapshot({
        pods: known([
          pod(1),
          crashingPod(
            2,
            { reason: "Completed", exitCode: 0 },
            { owner: { kind: "ReplicaSet", name: "web-aaaa" } },
          ),
        ]),
      }),
      want: [
        {
          text: "The rollout of Deployment web is stuck and only the previous revision serves, because 1 of 2 pods of Service web keep crashing: container app of pod web-2 is in a crash loop (CrashLoopBackOff); it last ended by itself with exit code 0.",
          severity: "warning",
        },
      ],
    },
  ],
  undecided: [{ name: "pods may not be listed", given: snapshot({ pods: notRead("pods") }), source: "pods" }],
});
