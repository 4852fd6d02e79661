import { describe, expect, test } from "vitest";
import { momentOf } from "../../../src/diagnostics/moment.ts";
import { takeCensus } from "../../../src/diagnostics/pods/pod-census.ts";
import type { Pod } from "../../../src/model/pod.ts";
import { condition, NOW, pod } from "../../support/builders.ts";
import {
  crashingPod,
  gatedPod,
  imagelessPod,
  unreadyPod,
  unschedulablePod,
} from "../../support/troubled-pods.ts";

const MINUTE = 60_000;
const FAILED = { reason: "Error", exitCode: 1 };

const names = (pods: readonly Pod[]) => pods.map(({ ref }) => ref.name);
const troubled = (pods: readonly { readonly pod: Pod }[]) => names(pods.map((one) => one.pod));

/** Whether a pod of some age, alone or beside one that serves, counts as failing. */
function fails(age: number, beside: boolean, make: (changes: Partial<Pod>) => Pod): boolean {
  const { failing } = takeCensus(
    [make({ createdAt: NOW - age }), ...(beside ? [pod(9)] : [])],
    momentOf(NOW),
  );
  return failing.length > 0;
}

describe("patience ends sooner where nothing serves", () => {
  test.each<[string, number, number, (changes: Partial<Pod>) => Pod]>([
    ["a crash", 0.5, 2, (changes) => crashingPod(1, FAILED, changes)],
    ["a missing image", 0.5, 2, (changes) => imagelessPod(1, { reason: "ErrImagePull" }, changes)],
    ["a missing node", 5, 10, (changes) => unschedulablePod(1, "no room", changes)],
    ["a failing probe", 5, 10, (changes) => unreadyPod(1, {}, changes)],
    ["a closed gate", 5, 5, (changes) => gatedPod(1, changes)],
  ])("%s", (_, alone, beside, make) => {
    expect(fails(alone * MINUTE - 1, false, make)).toBe(false);
    expect(fails(alone * MINUTE, false, make)).toBe(true);
    expect(fails(beside * MINUTE - 1, true, make)).toBe(false);
    expect(fails(beside * MINUTE, true, make)).toBe(true);
  });
});

test("an old pod may miss its probe for two minutes while others serve, and not at all when alone", () => {
  const lapsed = (ago: number) =>
    unreadyPod(1, {}, { conditions: [{ ...condition("Ready", "False"), since: NOW - ago }] });
  expect(takeCensus([pod(2), lapsed(119_000)], momentOf(NOW)).failing).toEqual([]);
  expect(troubled(takeCensus([pod(2), lapsed(120_000)], momentOf(NOW)).failing)).toEqual(["web-1"]);
  expect(troubled(takeCensus([lapsed(1000)], momentOf(NOW)).failing)).toEqual(["web-1"]);
});

test("pods that end or have ended count nowhere, and every other one once", () => {
  const pods = [
    pod(1),
    gatedPod(2),
    crashingPod(3, FAILED),
    unreadyPod(4, {}, { createdAt: NOW - MINUTE }),
    pod(5, { deletedAt: NOW }),
    crashingPod(6, FAILED, { phase: "Failed" }),
    unreadyPod(7, {}, { phase: "Succeeded" }),
  ];
  const census = takeCensus(pods, momentOf(NOW));
  expect(names(census.live)).toEqual(["web-1", "web-2", "web-3", "web-4"]);
  expect(names(census.able)).toEqual(["web-1", "web-2"]);
  expect(troubled(census.failing)).toEqual(["web-2", "web-3"]);
  expect(troubled(census.starting)).toEqual(["web-4"]);
  expect(takeCensus([...pods].reverse(), momentOf(NOW))).toEqual(census);
});

test("a pod behind a gate of somebody else's is not able", () => {
  const gated = gatedPod(1, { readinessGates: ["example.com/warm"] });
  expect(takeCensus([gated], momentOf(NOW)).able).toEqual([]);
});

test("a pod whose last gate has just opened is not yet on a lost node", () => {
  const opened = (ago: number) => {
    const gate = { ...condition("cloud.google.com/load-balancer-neg-ready", "True"), since: NOW - ago };
    return pod(1, {
      ready: false,
      conditions: [condition("ContainersReady", "True"), condition("Ready", "False"), gate],
    });
  };
  expect(troubled(takeCensus([opened(59_000)], momentOf(NOW)).starting)).toEqual(["web-1"]);
  expect(troubled(takeCensus([opened(60_000)], momentOf(NOW)).failing)).toEqual(["web-1"]);
});
