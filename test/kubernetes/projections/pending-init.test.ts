import { describe, expect, test } from "vitest";
import { projectPod } from "../../../src/kubernetes/projections/pod.ts";

const done = { ready: true, restartCount: 0, state: { terminated: { exitCode: 0, reason: "Completed" } } };
const running = { ready: false, started: true, restartCount: 0, state: { running: {} } };
const waiting = { ready: false, restartCount: 0, state: { waiting: { reason: "PodInitializing" } } };

function pendingInit(
  statuses: readonly object[],
  more: { spec?: object; conditions?: readonly object[] } = {},
) {
  const { spec = {}, conditions = [] } = more;
  return projectPod({ spec, status: { conditions, initContainerStatuses: statuses } }).pendingInit;
}

describe("the init container a pod waits for", () => {
  test("is the first that has not ended well", () => {
    const failed = { ...waiting, name: "migrate", image: "m:1", lastState: { terminated: { exitCode: 1 } } };
    const pending = pendingInit([{ ...done, name: "fetch" }, failed, { ...waiting, name: "last" }]);
    expect(pending).toEqual({
      name: "migrate",
      image: "m:1",
      restartCount: 0,
      waiting: { reason: "PodInitializing" },
      lastTerminated: { reason: "", exitCode: 1 },
    });
  });

  test("may be running still, although it has started", () => {
    expect(pendingInit([{ ...running, name: "migrate" }])?.name).toBe("migrate");
  });

  test("is none when a sidecar has started and all others are done", () => {
    const spec = { initContainers: [{ name: "proxy", restartPolicy: "Always" }, { name: "fetch" }] };
    const statuses = [
      { ...running, name: "proxy" },
      { ...done, name: "fetch" },
    ];
    expect(pendingInit(statuses, { spec })).toBeUndefined();
  });

  test("is none in an initialized pod, whatever the statuses say, and in one without any status", () => {
    const conditions = [{ type: "Initialized", status: "True" }];
    expect(pendingInit([{ ...waiting, name: "migrate" }], { conditions })).toBeUndefined();
    expect(pendingInit([])).toBeUndefined();
  });
});
