import { expect, test } from "vitest";
import { RequestBudget } from "../../src/kubernetes/request-budget.ts";
import { FakeClock } from "../support/fake-clock.ts";

const never = new AbortController().signal;

/** Takes `count` turns and answers a function that tells how many were granted so far. */
function takeMany(budget: RequestBudget, count: number): () => number {
  let granted = 0;
  for (let index = 0; index < count; index += 1) {
    void budget.take(never).then((turn) => {
      if (turn) granted += 1;
    });
  }
  return () => granted;
}

test("a burst is free, then turns come at the rate", async () => {
  const clock = new FakeClock();
  const granted = takeMany(new RequestBudget({ perSecond: 5, burst: 10 }, clock), 20);
  await clock.pass(0);
  expect(granted()).toBe(10);
  await clock.pass(1_000);
  expect(granted()).toBe(15);
  await clock.pass(1_000);
  expect(granted()).toBe(20);
});

test("a quiet time fills the bucket again, but never beyond the burst", async () => {
  const clock = new FakeClock();
  const budget = new RequestBudget({ perSecond: 5, burst: 10 }, clock);
  takeMany(budget, 10);
  await clock.pass(60_000);
  const granted = takeMany(budget, 20);
  await clock.pass(0);
  expect(granted()).toBe(10);
});

test("a pause the server asked for holds back every turn, even those already waiting", async () => {
  const clock = new FakeClock();
  const budget = new RequestBudget({ perSecond: 1, burst: 1 }, clock);
  const granted = takeMany(budget, 2);
  await clock.pass(0);
  budget.pauseFor(5_000);
  await clock.pass(4_999);
  expect(granted()).toBe(1);
  await clock.pass(1);
  expect(granted()).toBe(2);
});

test("who gives up waiting leaves the turn to others", async () => {
  const clock = new FakeClock();
  const budget = new RequestBudget({ perSecond: 1, burst: 1 }, clock);
  takeMany(budget, 1);
  const giveUp = new AbortController();
  const first = budget.take(giveUp.signal);
  giveUp.abort();
  expect(await first).toBe(false);
  const granted = takeMany(budget, 1);
  await clock.pass(1_000);
  expect(granted()).toBe(1);
  expect(await budget.take(AbortSignal.abort())).toBe(false);
});
