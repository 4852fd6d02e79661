import { expect, test } from "vitest";
import { createMetrics, type Metrics } from "../../src/telemetry/metrics.ts";

const HEALTHY = { verdict: "Healthy", findings: [] };
const BROKEN = {
  verdict: "Broken",
  findings: [
    { code: "GID401", severity: "error" },
    { code: "GID601", severity: "warning" },
  ],
};

/** Series of our own with their values. */
async function series(metrics: Metrics, name: string): Promise<string[]> {
  const text = await metrics.registry.metrics();
  return text.split("\n").filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
}

test("an Ingress has one verdict series, and its findings count for its namespace", async () => {
  const metrics = createMetrics();
  metrics.reconcile.diagnosed("shop/web", BROKEN);
  metrics.reconcile.diagnosed("shop/api", BROKEN);
  metrics.reconcile.diagnosed("shop/ok", HEALTHY);
  expect(await series(metrics, "ingress_doctor_verdict")).toEqual([
    'ingress_doctor_verdict{namespace="shop",ingress="web",verdict="Broken"} 1',
    'ingress_doctor_verdict{namespace="shop",ingress="api",verdict="Broken"} 1',
    'ingress_doctor_verdict{namespace="shop",ingress="ok",verdict="Healthy"} 1',
  ]);
  expect(await series(metrics, "ingress_doctor_findings")).toEqual([
    'ingress_doctor_findings{namespace="shop",code="GID401",severity="error"} 2',
    'ingress_doctor_findings{namespace="shop",code="GID601",severity="warning"} 2',
  ]);
});

test("a new diagnosis replaces the old one as a set", async () => {
  const metrics = createMetrics();
  metrics.reconcile.diagnosed("shop/web", BROKEN);
  metrics.reconcile.diagnosed("shop/web", HEALTHY);
  expect(await series(metrics, "ingress_doctor_verdict")).toEqual([
    'ingress_doctor_verdict{namespace="shop",ingress="web",verdict="Healthy"} 1',
  ]);
  expect(await series(metrics, "ingress_doctor_findings")).toEqual([]);
});

test("ten thousand Ingresses that come and go leave no series behind", async () => {
  const metrics = createMetrics();
  const before = (await metrics.registry.metrics()).split("\n").length;
  for (let index = 0; index < 10_000; index += 1) metrics.reconcile.diagnosed(`ns-${index}/web`, BROKEN);
  for (let index = 0; index < 10_000; index += 1) metrics.reconcile.forgotten(`ns-${index}/web`);
  metrics.reconcile.forgotten("ns/never-there");
  expect((await metrics.registry.metrics()).split("\n")).toHaveLength(before);
});

test("beyond ten thousand there are no more series, and how many are missing is said", async () => {
  const metrics = createMetrics();
  for (let index = 0; index < 10_020; index += 1) metrics.reconcile.diagnosed(`ns/web-${index}`, HEALTHY);
  expect(await series(metrics, "ingress_doctor_verdict")).toHaveLength(10_000);
  expect(await series(metrics, "ingress_doctor_unexported_ingresses")).toEqual([
    "ingress_doctor_unexported_ingresses 20",
  ]);
});

test("gauges are read when they are scraped", async () => {
  const metrics = createMetrics();
  let phase = "starting";
  metrics.connect({
    watches: () => [{ kind: "pods", phase, objects: 7, lastContactAt: 5000 }],
    isLeader: () => phase === "synced",
    shard: { index: 1, count: 3 },
    runningSeconds: () => [1, 4],
  });
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
