import type { HealthCheck } from "./health.ts";

/** A run of one key that takes longer hangs: its requests have deadlines of seconds. */
const STUCK_SECONDS = 300;

/** Wall clock and monotonic clock may drift apart this far before nothing that compares times can be trusted. */
const MAX_CLOCK_JUMP_MS = 5 * 60_000;

/** Fails when a key has been running for minutes. The event loop needs no check: it has to run to be asked. */
export function queueCheck(runningSeconds: () => readonly number[]): HealthCheck {
  return {
    name: "queue",
    ask: () => {
      const longest = Math.max(0, ...runningSeconds());
      if (longest < STUCK_SECONDS) return { isGood: true };
      return { isGood: false, detail: `a reconcile has been running for ${Math.round(longest)} s` };
    },
  };
}

/** Fails when the wall clock has jumped since the process started, as after a suspended machine. */
export function clockCheck(clock: { now(): number; monotonic(): number }): HealthCheck {
  const offset = clock.now() - clock.monotonic();
  return {
    name: "clock",
    ask: () => {
      const jump = Math.abs(clock.now() - clock.monotonic() - offset);
      if (jump < MAX_CLOCK_JUMP_MS) return { isGood: true };
      return { isGood: false, detail: `the wall clock has jumped by ${Math.round(jump / 1000)} s` };
    },
  };
}

/** Fails until every kind that a verdict needs has answered once. */
export function cachesCheck(pendingKinds: () => readonly string[]): HealthCheck {
  return {
    name: "caches",
    ask: () => {
      const pending = pendingKinds();
      if (pending.length === 0) return { isGood: true };
      return { isGood: false, detail: `no answer yet for ${pending.join(", ")}` };
    },
  };
}

/** Tells what becomes of IngressDiagnosis; without it there are still Events and metrics, so it never fails. */
export function diagnosesCheck(phase: () => string): HealthCheck {
  return {
    name: "diagnoses",
    ask: () => {
      if (phase() === "synced") return { isGood: true };
      return {
        isGood: true,
        detail: `IngressDiagnosis is ${phase()}; only Events and metrics tell what was found`,
      };
    },
  };
}
