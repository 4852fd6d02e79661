import { describe, expect, test } from "vitest";
import type { Diagnosis } from "../../src/diagnostics/diagnosis.ts";
import { dueEvents, nextRepeat } from "../../src/reconciler/events.ts";
import type { EventRequest, StoredStatus } from "../../src/reconciler/ports.ts";
import { desiredStatus } from "../../src/reconciler/status.ts";
import { reduceStatus } from "../../src/reconciler/stored-status.ts";
import { NOW } from "../support/builders.ts";
import { broken, diagnosis, finding } from "../support/diagnoses.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Publishes one diagnosis after another and answers the Events of each that no earlier one had. */
function story(...chapters: readonly (readonly [diagnosis: Diagnosis, at: number])[]): EventRequest[][] {
  let before: StoredStatus | undefined;
  const said = new Set<string>();
  return chapters.map(([value, at]) => {
    const after = reduceStatus(desiredStatus(value, before, at));
    if (after === undefined) throw new Error("no status");
    const due = dueEvents({ diagnosis: value, before, after, now: at }).filter(({ name }) => !said.has(name));
    for (const { name } of due) said.add(name);
    before = after;
    return due;
  });
}

const reasons = (events: readonly EventRequest[] | undefined) => events?.map(({ reason }) => reason);

test("the cause is said once, with the change that removes it", () => {
  const [first, second] = story([broken(), NOW], [broken(), NOW + MINUTE]);
  expect(first).toEqual([
    {
      name: expect.stringMatching(/^web\.[0-9a-f]{16}$/),
      regarding: {
        apiVersion: "networking.k8s.io/v1",
        kind: "Ingress",
        namespace: "shop",
        name: "web",
        uid: "uid-ingress-web",
      },
      type: "Warning",
      reason: "ServiceMissing",
      action: "Diagnosed",
      note: "Service web does not exist. Create Service web. (GID401)",
      at: NOW,
    },
  ]);
  expect(second).toEqual([]);
});

test("while it lasts, the cause is said again once an hour, also by a process that was just started", () => {
  const told = story(
    [broken(), NOW],
    [broken(), NOW + 59 * MINUTE],
    [broken(), NOW + HOUR],
    [broken(), NOW + HOUR + 10 * MINUTE],
    [broken(), NOW + 3 * HOUR],
  );
  expect(told.map((events) => events.length)).toEqual([1, 0, 1, 0, 1]);
});

test("a process that starts in the middle gives the cause the name it has", () => {
  const status = reduceStatus(desiredStatus(broken(), undefined, NOW));
  if (status === undefined) throw new Error("no status");
  const name = (now: number, before: StoredStatus | undefined) =>
    dueEvents({ diagnosis: broken(), before, after: status, now }).map((event) => event.name);
  expect(name(NOW + 30 * MINUTE, status)).toEqual(name(NOW, undefined));
  expect(name(NOW + 61 * MINUTE, status)).not.toEqual(name(NOW, undefined));
});

test("another cause is news", () => {
  const other = finding({ code: "GID402", reason: "PortMissing", message: "Service web has no port 80." });
  const [, second] = story([broken(), NOW], [broken(other), NOW + MINUTE]);
  expect(reasons(second)).toEqual(["PortMissing"]);
});

test("a finding that appears next to a known cause is news, its consequences are not", () => {
  const more = [
    finding(),
    finding({ code: "GID801", reason: "CertificateExpires", severity: "warning" }),
    finding({ code: "GID201", reason: "NoAddress", causedBy: "GID401" }),
    finding({ code: "GID202", reason: "SyncFails", consequence: true }),
    finding({ code: "GID301", reason: "Hint", severity: "info" }),
    finding({ code: "GID701", reason: "NegNotThereYet", settling: true }),
  ];
  const [, second] = story([broken(), NOW], [broken(finding(), { findings: more }), NOW + MINUTE]);
  expect(reasons(second)).toEqual(["CertificateExpires"]);
});

describe("recovery", () => {
  test("is said once", () => {
    const told = story([broken(), NOW], [diagnosis(), NOW + MINUTE], [diagnosis(), NOW + 2 * MINUTE]);
    expect(told.map(reasons)).toEqual([["ServiceMissing"], ["Healthy"], []]);
    expect(told[1]?.[0]).toMatchObject({ type: "Normal", note: "Every route is expected to be served." });
  });

  test("is said after settling, but not about an Ingress that was never anything else", () => {
    const progressing = diagnosis({ verdict: "Progressing" });
    expect(story([progressing, NOW], [diagnosis(), NOW + MINUTE]).map(reasons)).toEqual([[], ["Healthy"]]);
    expect(story([diagnosis(), NOW]).map(reasons)).toEqual([[]]);
    expect(story([diagnosis({ verdict: "Unknown" }), NOW], [diagnosis(), NOW + 1]).map(reasons)).toEqual([
      [],
      [],
    ]);
  });
});

test("a fault that comes back is news again", () => {
  const told = story([broken(), NOW], [diagnosis(), NOW + MINUTE], [broken(), NOW + 2 * MINUTE]);
  expect(told.map((events) => events.length)).toEqual([1, 1, 1]);
});

test("hints alone are never Events", () => {
  const hint = finding({ severity: "info" });
  expect(story([diagnosis({ findings: [hint] }), NOW])).toEqual([[]]);
  const degraded = diagnosis({
    verdict: "Degraded",
    findings: [hint],
    cause: { code: "GID401", reason: "Hint" },
  });
  expect(story([degraded, NOW])).toEqual([[]]);
});

test("notes stay within what the API takes, in bytes and in whole characters", () => {
  const [events] = story([broken(finding({ message: "\u{1F6A8}\u001b".repeat(1000) })), NOW]);
  const note = events?.[0]?.note ?? "";
  expect(Buffer.byteLength(note)).toBeLessThanOrEqual(1000);
  expect(note).not.toContain("\ufffd");
  expect(note).not.toContain("\u001b");
});

test("names stay valid for the longest Ingress name", () => {
  const name = `${"a".repeat(199)}.${"b".repeat(53)}`;
  const { ingress } = broken();
  const [events] = story([broken(finding(), { ingress: { ...ingress, name } }), NOW]);
  expect(events?.[0]?.name).toMatch(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/);
  expect(events?.[0]?.name.length).toBeLessThanOrEqual(253);
});

describe("the next repetition", () => {
  const at = (now: number, value = broken()) => {
    const after = reduceStatus(desiredStatus(value, undefined, NOW));
    if (after === undefined) throw new Error("no status");
    return nextRepeat({ diagnosis: value, before: undefined, after, now });
  };

  test("is due on the hour since the transition", () => {
    expect([at(NOW), at(NOW + 10 * MINUTE), at(NOW + 130 * MINUTE)]).toEqual([
      HOUR,
      50 * MINUTE,
      50 * MINUTE,
    ]);
  });

  test("is never negative, should the clock have been set back", () => {
    expect(at(NOW - 3 * HOUR)).toBe(HOUR);
  });

  test("does not exist for what works", () => {
    expect(at(NOW, diagnosis())).toBeUndefined();
  });
});
