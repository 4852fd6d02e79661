import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { EventOutbox } from "../../src/reconciler/event-outbox.ts";
import type { EventRequest, EventResult } from "../../src/reconciler/ports.ts";
import { systemClock } from "../../src/telemetry/clock.ts";
import { ref } from "../support/builders.ts";
import { silentReconcileMetrics } from "../support/silence.ts";

const MINUTE = 60_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function eventOf(name: string): EventRequest {
  return {
    name,
    regarding: { ...ref("networking.k8s.io/v1", "Ingress", "web"), uid: "u" },
    type: "Warning",
    reason: "Reason",
    action: "Diagnosed",
    note: "A note.",
    at: 0,
  };
}

function outboxOf(
  answer: (event: EventRequest, attempt: number) => EventResult = () => ({ outcome: "written" }),
) {
  const tried: { readonly name: string; readonly at: number }[] = [];
  const outcomes: string[] = [];
  const outbox = new EventOutbox({
    clock: systemClock,
    metrics: { ...silentReconcileMetrics, eventSent: (outcome) => void outcomes.push(outcome) },
    sink: {
      create: async (event) => {
        tried.push({ name: event.name, at: Date.now() });
        return answer(event, tried.filter(({ name }) => name === event.name).length);
      },
    },
  });
  return { outbox, tried, outcomes };
}

test("each name is sent once", async () => {
  const { outbox, tried } = outboxOf();
  for (let times = 0; times < 3; times += 1) outbox.post("shop/web", eventOf("a"));
  await vi.advanceTimersByTimeAsync(5000);
  outbox.post("shop/web", eventOf("a"));
  await vi.advanceTimersByTimeAsync(5000);
  expect(tried.map(({ name }) => name)).toEqual(["a"]);
});

describe("limits", () => {
  test("an Ingress that flaps every second for an hour raises at most 22 Events", async () => {
    const { outbox, tried } = outboxOf();
    for (let second = 0; second < 3600; second += 1) {
      outbox.post("shop/web", eventOf(`flap-${second}`));
      await vi.advanceTimersByTimeAsync(1000);
    }
    expect(tried.length).toBeGreaterThanOrEqual(20);
    expect(tried.length).toBeLessThanOrEqual(22);
  });

  test("one Ingress does not use up what another one may say", async () => {
    const { outbox, tried } = outboxOf();
    for (let index = 0; index < 100; index += 1) outbox.post("shop/noisy", eventOf(`noisy-${index}`));
    outbox.post("shop/quiet", eventOf("quiet"));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(tried.map(({ name }) => name)).toContain("quiet");
    expect(tried).toHaveLength(11);
  });

  test("a mass break is told at five Events a second, and what does not fit is counted", async () => {
    const { outbox, tried, outcomes } = outboxOf();
    for (let index = 0; index < 1500; index += 1) outbox.post(`shop/${index}`, eventOf(`event-${index}`));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(tried.length).toBeGreaterThanOrEqual(45);
    expect(tried.length).toBeLessThanOrEqual(56);
    expect(outcomes.filter((outcome) => outcome === "overflow").length).toBeGreaterThanOrEqual(490);
  });
});

describe("failures", () => {
  test("are tried again, later and later, and not at all after five times", async () => {
    const { outbox, tried, outcomes } = outboxOf(() => ({ outcome: "failed" }));
    outbox.post("shop/web", eventOf("a"));
    await vi.advanceTimersByTimeAsync(MINUTE);
    const times = tried.map(({ at }) => at - (tried[0]?.at ?? 0));
    expect(times).toEqual([0, 1000, 3000, 7000, 15_000]);
    expect(outcomes).toEqual(["failed"]);
  });

  test("an Event that failed for good may be offered again", async () => {
    const { outbox, tried } = outboxOf((_event, attempt) => ({
      outcome: attempt > 5 ? "written" : "failed",
    }));
    outbox.post("shop/web", eventOf("a"));
    await vi.advanceTimersByTimeAsync(MINUTE);
    outbox.post("shop/web", eventOf("a"));
    await vi.advanceTimersByTimeAsync(MINUTE);
    outbox.post("shop/web", eventOf("a"));
    await vi.advanceTimersByTimeAsync(MINUTE);
    expect(tried).toHaveLength(6);
  });

  test("the server's own delay is kept, for all Events", async () => {
    const { outbox, tried } = outboxOf((event, attempt) =>
      event.name === "a" && attempt === 1
        ? { outcome: "throttled", retryAfterMs: 7000 }
        : { outcome: "written" },
    );
    outbox.post("shop/web", eventOf("a"));
    outbox.post("shop/web", eventOf("b"));
    await vi.advanceTimersByTimeAsync(6900);
    expect(tried).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(2000);
    expect(tried.map(({ name }) => name)).toEqual(["a", "a", "b"]);
  });

  test.each(["gone", "forbidden", "rejected"] as const)("%s is not tried again", async (outcome) => {
    const { outbox, tried } = outboxOf(() => ({ outcome }));
    outbox.post("shop/web", eventOf("a"));
    await vi.advanceTimersByTimeAsync(MINUTE);
    expect(tried).toHaveLength(1);
  });
});

test("draining sends what waits, but not for longer than asked", async () => {
  const { outbox, tried } = outboxOf();
  for (let index = 0; index < 100; index += 1) outbox.post(`shop/${index}`, eventOf(`event-${index}`));
  let isDrained = false;
  void outbox.drain(2000).then(() => {
    isDrained = true;
  });
  await vi.advanceTimersByTimeAsync(2000);
  expect(isDrained).toBe(true);
  const sent = tried.length;
  expect(sent).toBeGreaterThan(5);
  await vi.advanceTimersByTimeAsync(MINUTE);
  expect(tried).toHaveLength(sent);
});
