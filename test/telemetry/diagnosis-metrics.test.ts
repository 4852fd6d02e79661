import { beforeEach, describe, expect, test } from "vitest";
import { createMetrics, type Metrics } from "../../src/telemetry/metrics.ts";
import { readSeries, seriesIn } from "./read-series.ts";

const HEALTHY = { verdict: "Healthy", findings: [], backends: [] };
const BROKEN = {
  verdict: "Broken",
  findings: [
    { code: "GID401", severity: "error" },
    { code: "GID601", severity: "warning" },
  ],
  backends: [],
};

/** Service `web` with healthy and unhealthy endpoints in a zone. */
function backend(healthy: number, unhealthy: number, zone = "us-central1-a") {
  return {
    service: "web",
    port: "80",
    endpointGroups: [
      { zone, state: "healthy", count: healthy },
      { zone, state: "unhealthy", count: unhealthy },
    ],
  };
}

let now: number;
let metrics: Metrics;
const series = (name: string) => readSeries(metrics, name);

beforeEach(() => {
  now = 1_000_000;
  metrics = createMetrics(() => now);
});

describe("verdict and findings", () => {
  test("an Ingress has one verdict, and its findings count for its namespace", async () => {
    metrics.reconcile.diagnosed("shop/web", BROKEN);
    metrics.reconcile.diagnosed("shop/api", BROKEN);
    metrics.reconcile.diagnosed("shop/ok", HEALTHY);
    expect(await series("ingress_doctor_verdict")).toEqual([
      '{namespace="shop",ingress="web",verdict="Broken"} 1',
      '{namespace="shop",ingress="api",verdict="Broken"} 1',
      '{namespace="shop",ingress="ok",verdict="Healthy"} 1',
    ]);
    expect(await series("ingress_doctor_findings")).toEqual([
      '{namespace="shop",code="GID401",severity="error"} 2',
      '{namespace="shop",code="GID601",severity="warning"} 2',
    ]);
  });

  test("a new diagnosis replaces the old one as a set", async () => {
    metrics.reconcile.diagnosed("shop/web", { ...BROKEN, backends: [backend(0, 2)] });
    metrics.reconcile.diagnosed("shop/web", { ...HEALTHY, backends: [backend(2, 0, "us-central1-b")] });
    expect(await series("ingress_doctor_verdict")).toEqual([
      '{namespace="shop",ingress="web",verdict="Healthy"} 1',
    ]);
    expect(await series("ingress_doctor_findings")).toEqual([]);
    expect(await series("ingress_doctor_endpoints")).toEqual([
      '{namespace="shop",ingress="web",service="web",port="80",zone="us-central1-b",state="healthy"} 2',
      '{namespace="shop",ingress="web",service="web",port="80",zone="us-central1-b",state="unhealthy"} 0',
    ]);
  });
});

describe("the age of a URL map", () => {
  const changedAt = 940_000;

  test("grows from the change of the Ingress until the live map carries it, also between diagnoses", async () => {
    metrics.reconcile.diagnosed("shop/web", { ...HEALTHY, urlMap: { isCurrent: false, changedAt } });
    expect(await series("ingress_doctor_url_map_pending_seconds")).toEqual([
      '{namespace="shop",ingress="web"} 60',
    ]);
    now += 30_000;
    expect(await series("ingress_doctor_url_map_pending_seconds")).toEqual([
      '{namespace="shop",ingress="web"} 90',
    ]);
    metrics.reconcile.diagnosed("shop/web", { ...HEALTHY, urlMap: { isCurrent: true, changedAt } });
    now += 30_000;
    expect(await series("ingress_doctor_url_map_pending_seconds")).toEqual([
      '{namespace="shop",ingress="web"} 0',
    ]);
  });

  test("is never negative, and absent where the live map is not known", async () => {
    const ahead = { isCurrent: false, changedAt: now + 5000 };
    metrics.reconcile.diagnosed("shop/web", { ...HEALTHY, urlMap: ahead });
    expect(await series("ingress_doctor_url_map_pending_seconds")).toEqual([
      '{namespace="shop",ingress="web"} 0',
    ]);
    metrics.reconcile.diagnosed("shop/web", HEALTHY);
    expect(await series("ingress_doctor_url_map_pending_seconds")).toEqual([]);
    metrics.reconcile.diagnosed("shop/web", { ...HEALTHY, urlMap: ahead });
    metrics.reconcile.forgotten("shop/web");
    expect(await series("ingress_doctor_url_map_pending_seconds")).toEqual([]);
  });
});

test("the oldest diagnosis is the one that was not published for longest", async () => {
  const name = "ingress_doctor_oldest_diagnosis_timestamp_seconds";
  expect(await series(name)).toEqual([]);
  metrics.reconcile.published("shop/web", 1_000_000);
  metrics.reconcile.published("shop/api", 2_000_000);
  expect(await series(name)).toEqual([" 1000"]);
  metrics.reconcile.published("shop/web", 3_000_000);
  expect(await series(name)).toEqual([" 2000"]);
  metrics.reconcile.forgotten("shop/api");
  metrics.reconcile.forgotten("shop/web");
  expect(await series(name)).toEqual([]);
});

describe("cardinality", () => {
  const FAMILIES = ["verdict", "findings", "endpoints", "url_map_pending_seconds"].map(
    (name) => `ingress_doctor_${name}`,
  );
  const busy = {
    ...BROKEN,
    backends: [backend(1, 1)],
    urlMap: { isCurrent: false, changedAt: 0 },
  };

  test("ten thousand Ingresses that come and go leave no series behind", async () => {
    const lines = async () => (await metrics.registry.metrics()).split("\n").length;
    const before = await lines();
    for (let index = 0; index < 10_000; index += 1) metrics.reconcile.diagnosed(`ns-${index}/web`, busy);
    for (let index = 0; index < 10_000; index += 1) metrics.reconcile.forgotten(`ns-${index}/web`);
    metrics.reconcile.forgotten("ns/never-there");
    expect(await lines()).toBe(before);
  }, 30_000);

  test("beyond ten thousand series a metric leaves whole Ingresses out, and says how many series that are", async () => {
    for (let index = 0; index < 10_020; index += 1) metrics.reconcile.diagnosed(`ns-${index}/web`, busy);
    const scrape = await metrics.registry.metrics();
    const sizes = FAMILIES.map((name) => seriesIn(scrape, name).length);
    expect(sizes).toEqual([10_000, 10_000, 10_000, 10_000]);
    expect(seriesIn(scrape, "ingress_doctor_omitted_series")).toEqual([
      '{metric="ingress_doctor_verdict"} 20',
      '{metric="ingress_doctor_endpoints"} 10040',
      '{metric="ingress_doctor_findings"} 10040',
      '{metric="ingress_doctor_url_map_pending_seconds"} 20',
    ]);
  }, 30_000);

  test("an Ingress that was left out comes in when it is diagnosed again and there is room", async () => {
    for (let index = 0; index < 10_001; index += 1) metrics.reconcile.diagnosed(`ns/web-${index}`, HEALTHY);
    metrics.reconcile.forgotten("ns/web-0");
    metrics.reconcile.diagnosed("ns/web-10000", HEALTHY);
    expect(await series("ingress_doctor_verdict")).toContain(
      '{namespace="ns",ingress="web-10000",verdict="Healthy"} 1',
    );
    expect((await series("ingress_doctor_omitted_series"))[0]).toBe('{metric="ingress_doctor_verdict"} 0');
  });

  test("no label can hold a pod, a host, a path or a message", () => {
    const names = metrics.registry
      .getMetricsAsArray()
      .flatMap((metric) => ("labelNames" in metric ? (metric.labelNames as string[]) : []));
    const bad = ["pod", "host", "path", "message", "url", "address", "node", "instance"];
    expect(names.filter((name) => bad.includes(name))).toEqual([]);
    expect(names).toContain("zone");
  });
});
