import { describe, expect, test } from "vitest";
import type { GoogleState } from "../../src/telemetry/google-metrics.ts";
import { createMetrics, type MetricSources, type Metrics } from "../../src/telemetry/metrics.ts";
import { readSeries } from "./read-series.ts";

/** A process with nothing to say. */
const QUIET: MetricSources = {
  watches: () => [],
  isLeader: () => true,
  shard: { index: 0, count: 1 },
  runningSeconds: () => [],
  google: undefined,
};

/** Series of one metric with its name. */
async function series(metrics: Metrics, name: string): Promise<string[]> {
  return (await readSeries(metrics, name)).map((rest) => `${name}${rest}`);
}

test("gauges are read when they are scraped", async () => {
  const metrics = createMetrics();
  let phase = "starting";
  metrics.connect({
    ...QUIET,
    watches: () => [{ kind: "pods", phase, objects: 7, lastContactAt: 5000 }],
    isLeader: () => phase === "synced",
    shard: { index: 1, count: 3 },
    runningSeconds: () => [1, 4],
  });
  expect(await series(metrics, "ingress_doctor_watch_objects")).toEqual([
    'ingress_doctor_watch_objects{kind="pods"} 7',
  ]);
  expect(await series(metrics, "ingress_doctor_leader")).toEqual(["ingress_doctor_leader 0"]);
  phase = "synced";
  expect(await series(metrics, "ingress_doctor_watch_phase")).toEqual([
    'ingress_doctor_watch_phase{kind="pods",phase="synced"} 1',
  ]);
  expect(await series(metrics, "ingress_doctor_watch_objects")).toEqual([
    'ingress_doctor_watch_objects{kind="pods"} 7',
  ]);
  expect(await series(metrics, "ingress_doctor_leader")).toEqual(["ingress_doctor_leader 1"]);
  expect(await series(metrics, "ingress_doctor_shards")).toEqual(["ingress_doctor_shards 3"]);
  expect(await series(metrics, "ingress_doctor_shard_info")).toEqual([
    'ingress_doctor_shard_info{shard="1"} 1',
  ]);
  expect(await series(metrics, "workqueue_longest_running_processor_seconds")).toEqual([
    'workqueue_longest_running_processor_seconds{name="ingresses"} 4',
  ]);
});

test("the work queue has client-go's metrics", async () => {
  const metrics = createMetrics();
  metrics.queue.added();
  metrics.queue.depthChanged(1);
  metrics.queue.started(0.01);
  metrics.queue.finished(0.02);
  metrics.queue.retried();
  const names = ["workqueue_adds_total", "workqueue_depth", "workqueue_retries_total"];
  for (const name of names) expect(await series(metrics, name)).toEqual([`${name}{name="ingresses"} 1`]);
  for (const name of ["workqueue_queue_duration_seconds", "workqueue_work_duration_seconds"]) {
    expect(await series(metrics, `${name}_count`)).toEqual([`${name}_count{name="ingresses"} 1`]);
  }
});

describe("Google", () => {
  test("has no metrics where it is not read", async () => {
    const metrics = createMetrics();
    metrics.connect(QUIET);
    expect(await metrics.registry.metrics()).not.toContain("google");
  });

  test("shows its credentials and each collection as they are at the scrape", async () => {
    const metrics = createMetrics();
    const nothing = { credentials: "absent", collections: [], leftovers: [] };
    const some = {
      credentials: "found",
      collections: [
        { collection: "urlMaps", state: "read", lastReadAt: 7_000 },
        { collection: "firewalls", state: "forbidden", lastReadAt: undefined },
      ],
      leftovers: [],
    };
    let google: GoogleState = some;
    metrics.connect({ ...QUIET, google: () => google });
    expect(await readSeries(metrics, "ingress_doctor_google_credentials")).toEqual(['{state="found"} 1']);
    expect(await readSeries(metrics, "ingress_doctor_google_collection_state")).toEqual([
      '{collection="urlMaps",state="read"} 1',
      '{collection="firewalls",state="forbidden"} 1',
    ]);
    expect(await readSeries(metrics, "ingress_doctor_google_last_read_timestamp_seconds")).toEqual([
      '{collection="urlMaps"} 7',
    ]);
    google = nothing;
    expect(await readSeries(metrics, "ingress_doctor_google_credentials")).toEqual(['{state="absent"} 1']);
    expect(await readSeries(metrics, "ingress_doctor_google_collection_state")).toEqual([]);
  });

  test("calls are counted by method and outcome, and waits for the rate cap with their seconds", async () => {
    const metrics = createMetrics();
    metrics.adapter.requestFinished("compute", "urlMaps.aggregatedList", "ok", 0.2);
    metrics.adapter.requestFinished("compute", "urlMaps.aggregatedList", "denied", 0.1);
    metrics.adapter.requestDelayed("compute", 4);
    metrics.adapter.requestDelayed("compute", 2);
    expect(await readSeries(metrics, "ingress_doctor_request_duration_seconds_count")).toEqual([
      '{client="compute",verb="urlMaps.aggregatedList",code="ok"} 1',
      '{client="compute",verb="urlMaps.aggregatedList",code="denied"} 1',
    ]);
    expect(await readSeries(metrics, "ingress_doctor_rate_limit_wait_seconds_count")).toEqual([
      '{client="compute"} 2',
    ]);
    expect(await readSeries(metrics, "ingress_doctor_rate_limit_wait_seconds_sum")).toEqual([
      '{client="compute"} 6',
    ]);
  });
});
