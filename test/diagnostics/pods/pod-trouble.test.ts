import { describe, expect, test } from "vitest";
import { closedGates, hasReadyContainers, podTrouble } from "../../../src/diagnostics/pods/pod-trouble.ts";
import type { Container, Pod } from "../../../src/model/pod.ts";
import { condition, container, pod } from "../../support/builders.ts";
import { gatedPod, troubledPod, unreadyPod } from "../../support/troubled-pods.ts";

const NEG_GATE = "cloud.google.com/load-balancer-neg-ready";

/** What is wrong with a pod whose first container is in a given state. */
function kindOf(state: Partial<Container>, more: Partial<Pod> = {}): string | undefined {
  return podTrouble(unreadyPod(1, state, more))?.kind;
}

describe("a container", () => {
  test("that is ready leaves nothing to say, however often it has crashed", () => {
    expect(podTrouble(pod(1, { containers: [container({ restartCount: 40 })] }))).toBeUndefined();
  });

  test.each([
    ["crash", { waiting: { reason: "CrashLoopBackOff" } }],
    ["crash", { waiting: { reason: "RunContainerError" } }],
    ["crash", { terminated: { reason: "Error", exitCode: 2 } }],
    ["crash", { terminated: { reason: "Completed", exitCode: 0 }, restartCount: 1 }],
    ["crash", { restartCount: 3, lastTerminated: { reason: "Error", exitCode: 1 } }],
    ["probe", { restartCount: 2, lastTerminated: { reason: "Error", exitCode: 1 } }],
    ["probe", { terminated: { reason: "Completed", exitCode: 0 } }],
    ["image", { waiting: { reason: "ErrImageNeverPull" } }],
    ["refused", { waiting: { reason: "CreateContainerConfigError" } }],
    ["starting", { waiting: { reason: "ContainerCreating" } }],
  ] as const)("makes it %s when its state is %j", (kind, state) => {
    expect(kindOf(state)).toBe(kind);
  });

  test("that waits is not the reason while another one crashes", () => {
    const containers = [
      container({ name: "a", ready: false, waiting: { reason: "ContainerCreating" } }),
      container({ name: "b", ready: false, waiting: { reason: "CrashLoopBackOff" } }),
    ];
    expect(podTrouble(troubledPod(1, { containers }))).toMatchObject({ kind: "crash", container: "b" });
  });

  test("with a probe is blamed before one without", () => {
    const { readinessProbe: _probe, ...unprobed } = container({ name: "a", ready: false });
    const containers = [unprobed, container({ name: "b", ready: false })];
    expect(podTrouble(troubledPod(1, { containers }))).toMatchObject({ kind: "probe", container: "b" });
    expect(podTrouble(troubledPod(1, { containers: [unprobed] }))).toMatchObject({ kind: "unready" });
  });
});

describe("a pod", () => {
  test("without a node has not got so far as its containers", () => {
    const conditions = [condition("PodScheduled", "False", "Unschedulable", "no room")];
    expect(kindOf({ waiting: { reason: "CrashLoopBackOff" } }, { conditions })).toBe("unschedulable");
  });

  test("that has reported nothing is starting", () => {
    expect(podTrouble(troubledPod(1, { phase: "Pending", conditions: [], containers: [] }))).toEqual({
      kind: "starting",
      reason: "",
    });
  });

  test("waits for its init container before anything else", () => {
    const pendingInit = {
      name: "migrate",
      image: "m:1",
      restartCount: 0,
      waiting: { reason: "PodInitializing" },
    };
    const waiting = { reason: "PodInitializing" };
    expect(podTrouble(unreadyPod(1, { waiting }, { pendingInit }))).toEqual({
      kind: "starting",
      init: "migrate",
      reason: "PodInitializing",
    });
  });

  test("with two closed gates waits for the one that is not Google's", () => {
    const both = gatedPod(1, { readinessGates: [NEG_GATE, "example.com/warm"] });
    expect(closedGates(both)).toEqual([NEG_GATE, "example.com/warm"]);
    expect(podTrouble(both)).toEqual({ kind: "gate", gate: "example.com/warm" });
    expect(podTrouble(gatedPod(1))).toEqual({ kind: "gate", gate: NEG_GATE });
  });

  test("that misses nothing but Ready is on a lost node", () => {
    const lost = gatedPod(1, { readinessGates: [] });
    expect(podTrouble(lost)).toEqual({ kind: "node-lost" });
    expect(hasReadyContainers(lost)).toBe(true);
  });
});
