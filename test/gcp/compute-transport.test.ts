import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { callMethod } from "../../src/gcp/call-method.ts";
import { ComputeTransport } from "../../src/gcp/compute-transport.ts";
import type { Credentials } from "../../src/gcp/credentials.ts";
import { ComputeFailure } from "../../src/gcp/errors.ts";
import { CALLS_PER_MINUTE } from "../../src/gcp/google-cloud.ts";
import { systemClock } from "../../src/telemetry/clock.ts";
import { RecordedMetrics } from "./compute-session.ts";

const MINUTE = 60_000;
const URL_MAPS = "https://compute.googleapis.com/compute/v1/projects/p/aggregated/urlMaps";

describe("the rate cap", () => {
  let startedAt: number[];
  let metrics: RecordedMetrics;
  let transport: ComputeTransport;

  beforeEach(() => {
    vi.useFakeTimers();
    startedAt = [];
    metrics = new RecordedMetrics();
    transport = new ComputeTransport({
      credentials: recorded(),
      clock: systemClock,
      metrics,
      callsPerMinute: CALLS_PER_MINUTE,
    });
  });
  afterEach(() => void vi.useRealTimers());

  /** Credentials are the first thing that a request wants when its turn has come; without any it ends there. */
  function recorded(): Credentials {
    return {
      headers: () => {
        startedAt.push(Date.now());
        return Promise.reject(new ComputeFailure("no-credentials"));
      },
      refuse: () => undefined,
      failure: () => undefined,
      state: () => "absent",
    };
  }

  function ask(times: number): void {
    const init = { method: "GET", headers: new Headers(), signal: new AbortController().signal };
    for (let index = 0; index < times; index += 1) transport.fetch(URL_MAPS, init).catch(() => undefined);
  }

  /** Most requests that began within any `milliseconds`. */
  function mostWithin(milliseconds: number): number {
    let [most, first] = [0, 0];
    for (const [index, at] of startedAt.entries()) {
      while ((startedAt[first] ?? 0) <= at - milliseconds) first += 1;
      most = Math.max(most, index - first + 1);
    }
    return most;
  }

  it("is never passed in any minute, wherever it begins, when thousands ask at once", async () => {
    ask(1000);
    await vi.advanceTimersByTimeAsync(5 * MINUTE);
    expect(startedAt).toHaveLength(1000);
    expect(mostWithin(MINUTE)).toBe(CALLS_PER_MINUTE);
  });

  it("is never passed either by bursts that come just before and after a window ends", async () => {
    for (let burst = 0; burst < 60; burst += 1) {
      ask(burst % 3 === 0 ? 70 : 1);
      await vi.advanceTimersByTimeAsync([5_990, 20, 2_400, 11_000][burst % 4] ?? 0);
    }
    await vi.advanceTimersByTimeAsync(10 * MINUTE);
    expect(startedAt).toHaveLength(20 * 70 + 40);
    expect(mostWithin(MINUTE)).toBeLessThanOrEqual(CALLS_PER_MINUTE);
    expect(mostWithin(6_000)).toBeLessThanOrEqual(CALLS_PER_MINUTE / 10);
  });

  it("counts the requests that it made wait, and no other", async () => {
    ask(30);
    await vi.advanceTimersByTimeAsync(10);
    expect(metrics.delayed).toEqual([]);
    ask(5);
    await vi.advanceTimersByTimeAsync(MINUTE);
    expect(metrics.delayed).toHaveLength(5);
    for (const seconds of metrics.delayed) expect(seconds).toBeCloseTo(6, 0);
    ask(3);
    await vi.advanceTimersByTimeAsync(MINUTE);
    expect(metrics.delayed).toHaveLength(5);
  });
});

describe("the name of a call", () => {
  it.each([
    ["/compute/v1/projects/my-project/aggregated/urlMaps", "urlMaps.aggregatedList"],
    ["/compute/v1/projects/my-project/global/firewalls", "firewalls.list"],
    ["/compute/v1/projects/p/global/backendServices/k8s1-x/getHealth", "backendServices.getHealth"],
    ["/compute/v1/projects/p/regions/r1/backendServices/k8s1-x/getHealth", "regionBackendServices.getHealth"],
    [
      "/compute/v1/projects/p/zones/z1/networkEndpointGroups/n/listNetworkEndpoints",
      "networkEndpointGroups.listNetworkEndpoints",
    ],
    ["/compute/v1/projects/p", "projects.get"],
    ["/compute/v1/projects/p/regions/us-central1", "regions.get"],
    ["/compute/v1/projects/p/global/urlMaps/secret-name/more/parts", "other"],
    ["/elsewhere", "other"],
  ])("%s is %s", (path, name) => {
    expect(callMethod(path)).toBe(name);
  });
});
