import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type RunResult, WorkQueue, type WorkQueueOptions } from "../../src/reconciler/queue.ts";
import { systemClock } from "../../src/telemetry/clock.ts";
import { silentQueueMetrics } from "../support/silence.ts";

const DONE: RunResult = { kind: "done" };

beforeEach(
  () =>
    void vi.useFakeTimers({
      toFake: ["setTimeout", "clearTimeout", "setImmediate", "clearImmediate", "performance", "Date"],
    }),
);
afterEach(() => void vi.useRealTimers());

/** Every run is listed with the fake time it started at; `answer` decides its result. */
function queueOf(
  answer: (key: string, run: number) => Promise<RunResult> | RunResult,
  more: Partial<WorkQueueOptions> = {},
) {
  const started: { readonly key: string; readonly at: number }[] = [];
  const zero = performance.now();
  const queue = new WorkQueue({
    clock: systemClock,
    metrics: silentQueueMetrics,
    concurrency: 4,
    run: async (key) => {
      started.push({ key, at: Math.round(performance.now() - zero) });
      return answer(key, started.filter((run) => run.key === key).length);
    },
    ...more,
  });
  return { queue, started, runsOf: (key: string) => started.filter((run) => run.key === key) };
}

/** A run that lasts until it is released. */
function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

describe("adding", () => {
  test("a key that waits already is not added again", async () => {
    const { queue, started } = queueOf(() => DONE, { concurrency: 1 });
    for (let times = 0; times < 5; times += 1) queue.add("shop/web");
    await vi.advanceTimersByTimeAsync(100);
    expect(started).toHaveLength(1);
  });

  test("a key never runs twice at once, and runs once more when it was added while it ran", async () => {
    const first = gate();
    let running = 0;
    let most = 0;
    const { queue, started } = queueOf(async (_key, run) => {
      running += 1;
      most = Math.max(most, running);
      if (run === 1) await first.opened;
      running -= 1;
      return DONE;
    });
    queue.add("shop/web");
    await vi.advanceTimersByTimeAsync(10);
    for (let times = 0; times < 3; times += 1) queue.add("shop/web");
    await vi.advanceTimersByTimeAsync(1000);
    expect(started).toHaveLength(1);
    first.open();
    await vi.advanceTimersByTimeAsync(10);
    expect(started).toHaveLength(2);
    expect(most).toBe(1);
  });

  test("different keys run at the same time, up to the concurrency", async () => {
    const held = gate();
    const { queue, started } = queueOf(() => held.opened.then(() => DONE), { concurrency: 3 });
    for (const key of ["a/1", "a/2", "a/3", "a/4"]) queue.add(key);
    await vi.advanceTimersByTimeAsync(50);
    expect(started.map(({ key }) => key)).toEqual(["a/1", "a/2", "a/3"]);
    expect(queue.depth).toBe(1);
    held.open();
    await vi.advanceTimersByTimeAsync(50);
    expect(started).toHaveLength(4);
  });
});

describe("debouncing changes", () => {
  test("a single change runs after the quiet time", async () => {
    const { queue, started } = queueOf(() => DONE);
    queue.addChanged("shop/web");
    await vi.advanceTimersByTimeAsync(49);
    expect(started).toEqual([]);
    await vi.advanceTimersByTimeAsync(5);
    expect(started).toHaveLength(1);
  });

  test("a lasting burst runs once per patience, not once per change", async () => {
    const { queue, started } = queueOf(() => DONE);
    for (let elapsed = 0; elapsed < 1000; elapsed += 10) {
      queue.addChanged("shop/web");
      await vi.advanceTimersByTimeAsync(10);
    }
    await vi.advanceTimersByTimeAsync(300);
    expect(started.length).toBeGreaterThanOrEqual(4);
    expect(started.length).toBeLessThanOrEqual(6);
    expect(started[0]?.at).toBeLessThanOrEqual(202);
  });

  test("a change overtakes a backoff", async () => {
    const { queue, started } = queueOf((_key, run) =>
      run === 1 ? { kind: "retry", afterMs: 60_000 } : DONE,
    );
    queue.add("shop/web");
    await vi.advanceTimersByTimeAsync(1000);
    queue.addChanged("shop/web");
    await vi.advanceTimersByTimeAsync(60);
    expect(started).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(started).toHaveLength(2);
  });
});

describe("delays", () => {
  test("of several delayed additions the earliest wins", async () => {
    const { queue, started } = queueOf(() => DONE);
    queue.addAfter("shop/web", 5000);
    queue.addAfter("shop/web", 1000);
    queue.addAfter("shop/web", 3000);
    await vi.advanceTimersByTimeAsync(1010);
    expect(started).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(started).toHaveLength(1);
  });

  test("a result may ask for another look", async () => {
    const { queue, started } = queueOf((_key, run) =>
      run === 1 ? { kind: "requeue", afterMs: 600_000 } : DONE,
    );
    queue.add("shop/web");
    await vi.advanceTimersByTimeAsync(599_000);
    expect(started).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(2000);
    expect(started).toHaveLength(2);
  });
});

describe("failures", () => {
  test("back off exponentially per key and start over after a success", async () => {
    const { queue, runsOf } = queueOf(
      (key, run) => (key === "a/bad" && run !== 5 ? { kind: "retry" } : DONE),
      {
        backoffMs: 1000,
        maxBackoffMs: 4000,
      },
    );
    queue.add("a/bad");
    await vi.advanceTimersByTimeAsync(12_000);
    const times = runsOf("a/bad").map(({ at }) => at);
    const pauses = times.slice(1).map((at, index) => Math.round((at - (times[index] ?? 0)) / 1000));
    expect(pauses).toEqual([1, 2, 4, 4]);
    queue.add("a/bad");
    await vi.advanceTimersByTimeAsync(1100);
    expect(runsOf("a/bad")).toHaveLength(7);
  });

  test("a rejection is a failure, and other keys do not feel it", async () => {
    const { queue, runsOf } = queueOf((key) => {
      if (key === "a/poison") throw new Error("boom");
      return DONE;
    });
    queue.add("a/poison");
    queue.add("a/good");
    await vi.advanceTimersByTimeAsync(20);
    expect(runsOf("a/good")).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(600);
    expect(runsOf("a/poison")).toHaveLength(2);
  });

  test("an answer that asks for more patience gets it", async () => {
    const { queue, started } = queueOf((_key, run) => (run === 1 ? { kind: "retry", afterMs: 9000 } : DONE));
    queue.add("shop/web");
    await vi.advanceTimersByTimeAsync(8900);
    expect(started).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(200);
    expect(started).toHaveLength(2);
  });
});

describe("leaving", () => {
  test("shutting down aborts what runs, waits for it, and starts nothing more", async () => {
    const aborted: string[] = [];
    const { queue, started } = queueOf(() => DONE, {
      concurrency: 1,
      run: (key, signal) =>
        new Promise((resolve) => {
          signal.addEventListener("abort", () => {
            aborted.push(key);
            setTimeout(() => resolve({ kind: "retry" }), 500);
          });
        }),
    });
    queue.add("a/running");
    queue.add("a/waiting");
    queue.addAfter("a/later", 100);
    await vi.advanceTimersByTimeAsync(10);
    let isDown = false;
    void queue.shutDown().then(() => {
      isDown = true;
    });
    await vi.advanceTimersByTimeAsync(400);
    expect([aborted, isDown]).toEqual([["a/running"], false]);
    await vi.advanceTimersByTimeAsync(200);
    queue.add("a/late");
    await vi.advanceTimersByTimeAsync(10_000);
    expect([aborted, isDown, started]).toEqual([["a/running"], true, []]);
  });
});

test("thousands of keys leave the event loop a turn after every slice of 10 ms", async () => {
  vi.useRealTimers();
  // A clock that only work moves forward, so that the machine's speed does not matter.
  let now = 1000;
  let turns = 0;
  const clock = {
    now: () => now,
    monotonic: () => now,
    after: (milliseconds: number, callback: () => void) => {
      turns += 1;
      return systemClock.after(milliseconds, callback);
    },
  };
  let sliceStart = now;
  let longest = 0;
  const { queue, started } = queueOf(
    () => {
      now += 0.5;
      longest = Math.max(longest, now - sliceStart);
      return DONE;
    },
    { clock, concurrency: 16 },
  );
  const atTurn = () => {
    sliceStart = now;
    if (started.length < 5000) setImmediate(atTurn);
  };
  setImmediate(atTurn);
  for (let index = 0; index < 5000; index += 1) queue.add(`a/${index}`);
  await vi.waitFor(() => expect(started).toHaveLength(5000), { timeout: 20_000 });
  expect(longest).toBeLessThanOrEqual(12);
  expect(turns).toBeLessThanOrEqual(5000 / 20 + 2);
});

test("a hundred thousand changes leave no trace behind", async () => {
  const { queue } = queueOf(() => DONE);
  for (let index = 0; index < 100_000; index += 1) queue.addChanged(`a/${index % 50}`);
  await vi.advanceTimersByTimeAsync(1000);
  expect(queue.depth).toBe(0);
  expect(queue.has("a/0")).toBe(false);
});
