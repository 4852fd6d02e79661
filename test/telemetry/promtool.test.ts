import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { documentedMetrics, QUERIES } from "../../scripts/generate-metrics-page.ts";
import type { BoundedServer } from "../../src/http/bounded-server.ts";
import { startHealthServer } from "../../src/telemetry/health.ts";
import { createMetrics, type Metrics } from "../../src/telemetry/metrics.ts";
import { renderMetrics } from "../../src/telemetry/render-metrics.ts";
import { locateTool } from "../tools/tools.ts";

let server: BoundedServer;
const metrics: Metrics = createMetrics();

beforeAll(async () => {
  sayEverything(metrics);
  server = await startHealthServer({
    host: "127.0.0.1",
    port: 0,
    live: [],
    ready: [],
    metrics: async () => ({
      contentType: metrics.registry.contentType,
      text: await renderMetrics(metrics.registry),
    }),
  });
});
afterAll(() => server.stop());

/** Makes every metric have a series, with what a cluster may put into a label. */
function sayEverything({ reconcile, queue, adapter, connect }: Metrics): void {
  const google = {
    credentials: "found",
    collections: [{ collection: "urlMaps", state: "read", lastReadAt: 1000 }],
    leftovers: [{ kind: "urlMaps", count: 1 }],
  };
  connect({
    watches: () => [{ kind: "pods", phase: "synced", objects: 7, lastContactAt: 5000 }],
    isLeader: () => true,
    shard: { index: 0, count: 1 },
    runningSeconds: () => [1],
    google: () => google,
  });
  const group = { zone: 'odd"zone\\\n', state: "healthy", count: 1 };
  reconcile.diagnosed("shop/web", {
    verdict: "Broken",
    findings: [{ code: "GID401", severity: "error" }],
    backends: [{ service: "web", port: "http", endpointGroups: [group] }],
    urlMap: { isCurrent: false, changedAt: 0 },
  });
  reconcile.published("shop/web", 1000);
  reconcile.reconciled("done", 0.1);
  reconcile.written("status", "written");
  reconcile.eventSent("written");
  queue.added();
  queue.retried();
  queue.depthChanged(1);
  queue.started(0.1);
  queue.finished(0.1);
  adapter.requestFinished("compute", "urlMaps.aggregatedList", "ok", 0.1);
  adapter.requestDelayed("compute", 1);
  adapter.watchEnded("pods", "closed");
  adapter.listed("pods", 7);
}

async function scrape(): Promise<string> {
  return (await fetch(`http://127.0.0.1:${server.port}/metrics`)).text();
}

function promtool(args: readonly string[], input: string) {
  const { status, stdout, stderr } = spawnSync(locateTool("promtool"), args, { input, encoding: "utf8" });
  return { status, output: `${stdout}${stderr}` };
}

describe("what /metrics serves", () => {
  test("is what promtool calls good metrics", async () => {
    expect(promtool(["check", "metrics"], await scrape())).toEqual({ status: 0, output: "" });
  });

  test("is refused by promtool when a metric is named badly, so that the check above can fail", async () => {
    const bad = "# HELP things_total Things.\n# TYPE things_total gauge\nthings_total 1\n";
    expect(promtool(["check", "metrics"], `${await scrape()}${bad}`).status).not.toBe(0);
  });

  test("has a series of every documented metric", async () => {
    const text = await scrape();
    const missing = documentedMetrics().filter(
      ({ name }) => !new RegExp(`^${name}(_count)?[ {]`, "m").test(text),
    );
    expect(missing.map(({ name }) => name)).toEqual([]);
  });

  test("lists every metric once, as the registry alone would", async () => {
    const names = (text: string) => text.match(/^# TYPE \S+/gm);
    expect(names(await scrape())).toEqual(names(await metrics.registry.metrics()));
  });
});

test("the documented queries are PromQL on metrics that exist", () => {
  const rules = QUERIES.map(({ query }, index) => ({ record: `query:${index}`, expr: query }));
  const folder = mkdtempSync(join(tmpdir(), "ingress-doctor-queries-"));
  const file = join(folder, "queries.json");
  writeFileSync(file, JSON.stringify({ groups: [{ name: "documented", rules }] }));
  const checked = promtool(["check", "rules", file], "");
  rmSync(folder, { recursive: true });
  expect(checked).toMatchObject({ status: 0 });
  const known = documentedMetrics().map(({ name }) => name);
  const used = QUERIES.flatMap(({ query }) => query.match(/\b(?:ingress_doctor|workqueue)_\w+/g) ?? []);
  expect(used.length).toBeGreaterThan(0);
  expect(used.filter((name) => !known.includes(name.replace(/_(count|sum|bucket)$/, "")))).toEqual([]);
});
