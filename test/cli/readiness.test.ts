import { describe, expect, it } from "vitest";
import { parseDuration } from "../../src/cli/duration.ts";
import { conditionOf, GOALS } from "../../src/cli/goals.ts";
import { progressOf } from "../../src/cli/readiness.ts";
import { WaitJudge, type WaitJudgeOptions } from "../../src/cli/wait-judge.ts";
import { diagnose } from "../../src/diagnostics/engine.ts";
import { known, unknown } from "../../src/model/observed.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { desiredStatus } from "../../src/reconciler/status.ts";
import { freshAnnotations, ingress, NOW, path, rule, snapshot } from "../support/builders.ts";
import { FakeClock } from "../support/fake-clock.ts";

function sightingOf(taken: Snapshot) {
  const diagnosis = diagnose(taken);
  const status = desiredStatus(diagnosis, undefined, NOW);
  const names = { key: "shop/web", namespace: "shop", name: "web" } as const;
  return { ...names, snapshot: taken, diagnosis, status, at: NOW, watchedSince: NOW };
}

const HEALTHY = sightingOf(snapshot());
const BROKEN = sightingOf(
  snapshot({ ingress: ingress({ rules: [rule("shop.example.com", path("/", "nowhere"))] }) }),
);
const NEW = sightingOf(
  snapshot({
    ingress: ingress({ createdAt: NOW, changedAt: NOW, addresses: [], annotations: freshAnnotations() }),
    events: known([]),
  }),
);
const UNREAD = sightingOf(
  snapshot({ endpointSlices: unknown("endpointSlices", "forbidden", "permission to list endpointslices") }),
);
/** A path that matches itself alone is a warning, which stands for as long as it is written. */
const WARNED = sightingOf(
  snapshot({
    ingress: ingress({ rules: [rule("shop.example.com", path("/", "web", { pathType: "Exact" }))] }),
  }),
);

const READY = { conditions: ["Ready"], failOn: "error" } as const;

describe("progress towards what is waited for", () => {
  it("is drawn from the verdict", () => {
    expect(progressOf(HEALTHY, READY)).toBe("reached");
    expect(progressOf(BROKEN, READY)).toBe("broken");
    expect(progressOf(NEW, READY)).toBe("waiting");
    expect(progressOf(UNREAD, READY)).toBe("undecided");
  });

  it("is not held up by warnings, unless they are to count", () => {
    expect(WARNED.diagnosis.verdict).toBe("Degraded");
    expect(progressOf(WARNED, READY)).toBe("reached");
    expect(progressOf(WARNED, { ...READY, failOn: "warning" })).toBe("broken");
  });

  it("may be towards single steps, which a broken Ingress may have reached", () => {
    expect(progressOf(BROKEN, { ...READY, conditions: ["AddressAssigned"] })).toBe("reached");
    expect(progressOf(NEW, { ...READY, conditions: ["Accepted", "AddressAssigned"] })).toBe("waiting");
  });

  it("has a goal for each condition", () => {
    expect(GOALS).toContain("health-checks-passing");
    expect(GOALS.map(conditionOf)).toContain("HealthChecksPassing");
    expect(conditionOf("negs-synced")).toBe("NegsSynced");
  });
});

describe("the end of a wait", () => {
  function judge(over: Partial<WaitJudgeOptions> = {}) {
    const clock = new FakeClock();
    const waiting = new WaitJudge({ ...READY, timeout: 900_000, giveUpAfter: 30_000, clock, ...over });
    let outcome: string | undefined;
    void waiting.outcome.then((end) => {
      outcome = end;
    });
    return { clock, waiting, outcome: () => outcome };
  }

  it("comes at once with what was waited for", async () => {
    const { clock, waiting, outcome } = judge();
    waiting.seen(NEW);
    await clock.pass(0);
    expect(outcome()).toBeUndefined();
    waiting.seen(HEALTHY);
    await clock.pass(0);
    expect(outcome()).toBe("reached");
  });

  it("comes after an error has stood for long enough, however often it is seen", async () => {
    const { clock, waiting, outcome } = judge();
    waiting.seen(BROKEN);
    await clock.pass(29_000);
    waiting.seen(BROKEN);
    await clock.pass(900);
    expect(outcome()).toBeUndefined();
    await clock.pass(100);
    expect(outcome()).toBe("broken");
  });

  it("does not come from an error that went away", async () => {
    const { clock, waiting, outcome } = judge();
    waiting.seen(BROKEN);
    await clock.pass(29_000);
    waiting.seen(NEW);
    await clock.pass(60_000);
    expect(outcome()).toBeUndefined();
  });

  it("comes with the timeout, which says what stands then", async () => {
    const late = judge();
    late.waiting.seen(NEW);
    await late.clock.pass(900_000);
    expect(late.outcome()).toBe("timeout");
    const short = judge({ timeout: 5_000 });
    short.waiting.seen(BROKEN);
    await short.clock.pass(5_000);
    expect(short.outcome()).toBe("broken");
  });

  it("comes when the Ingress is deleted", async () => {
    const { clock, waiting, outcome } = judge();
    waiting.gone();
    await clock.pass(0);
    expect(outcome()).toBe("deleted");
  });
});

describe("durations", () => {
  it.each([
    ["90s", 90_000],
    ["15m", 900_000],
    ["1h30m", 5_400_000],
    ["0s", 0],
  ])("%s is read", (text, milliseconds) => expect(parseDuration(text)).toBe(milliseconds));

  it.each(["", "15", "m", "1.5h", "-1s", "10s5m", "15 m"])("%j is refused", (text) =>
    expect(parseDuration(text)).toBeUndefined(),
  );
});
