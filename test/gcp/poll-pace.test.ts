import { expect, test } from "vitest";
import { FAST_MS, LIST_MS, PollPace, SLOW_MS } from "../../src/gcp/poll-pace.ts";

const RATE = 300;
const MINUTE = 60_000;

test("few reads keep the usual pace", () => {
  const pace = new PollPace(RATE);
  expect(pace.after("list", "urlMaps", 1)).toBe(LIST_MS);
  expect(pace.after("fast", "a", 3)).toBe(FAST_MS);
  expect(pace.after("slow", "b", 3)).toBe(SLOW_MS);
});

test("all kinds together stay below the rate, however much there is to read", () => {
  const pace = new PollPace(RATE);
  let perMinute = 0;
  for (const kind of ["list", "fast", "slow"] as const) {
    let interval = 0;
    for (let index = 0; index < 2_000; index++) interval = pace.after(kind, `${kind} ${index}`, 3);
    perMinute += (6_000 * MINUTE) / interval;
  }
  expect(perMinute).toBeLessThan(RATE);
  expect(perMinute).toBeGreaterThan(RATE * 0.8);
});

test("what changed its kind or went away is no longer counted where it was", () => {
  const pace = new PollPace(RATE);
  pace.after("fast", "a", 10_000);
  expect(pace.after("fast", "b", 1)).toBeGreaterThan(FAST_MS);
  pace.after("slow", "a", 1);
  expect(pace.after("fast", "b", 1)).toBe(FAST_MS);
  pace.after("fast", "c", 10_000);
  pace.forget("c");
  expect(pace.after("fast", "b", 1)).toBe(FAST_MS);
});
