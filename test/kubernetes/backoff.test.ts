import { expect, test } from "vitest";
import { Backoff, pause } from "../../src/kubernetes/backoff.ts";
import { FakeClock } from "../support/fake-clock.ts";

test("pauses double from the shortest to the longest and start again after a reset", () => {
  const backoff = new Backoff(800, 30_000, () => 0);
  const pauses = Array.from({ length: 8 }, () => backoff.next());
  expect(pauses).toEqual([800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000, 30_000]);
  backoff.reset();
  expect(backoff.next()).toBe(800);
});

test("a pause is at most twice its base, and a thousand failures do not overflow it", () => {
  const backoff = new Backoff(800, 30_000, () => 0.999);
  const longest = Math.max(...Array.from({ length: 2_000 }, () => backoff.next()));
  expect(longest).toBeLessThan(60_000);
});

test("a pause ends when its signal fires and leaves no timer behind", async () => {
  const clock = new FakeClock();
  const stop = new AbortController();
  let ended = false;
  const paused = pause(clock, 1_000, stop.signal).then(() => {
    ended = true;
  });
  await clock.pass(999);
  expect(ended).toBe(false);
  stop.abort();
  await paused;
  await pause(clock, 1_000, stop.signal);
  expect(ended).toBe(true);
});
