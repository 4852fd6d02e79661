import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { diagnose } from "../../src/diagnostics/engine.ts";
import type { LoadBalancer } from "../../src/model/load-balancer.ts";
import { known, type Observed, unknown } from "../../src/model/observed.ts";
import * as build from "../support/builders.ts";
import { backendService, health, loadBalancer } from "../support/load-balancers.ts";
import { MemoryCluster } from "../support/memory-cluster.ts";
import { MemoryProcess } from "../support/memory-process.ts";
import { MemoryWriter } from "../support/memory-writer.ts";

const KEY = "shop/web";
const NOT_READ = unknown("loadBalancer", "not-synced", "the first answer");

/** Google, with one of two endpoints unhealthy: a finding that only the live load balancer gives. */
const ANSWERED = known(balancer(known([health(1), health(2, { state: "UNHEALTHY" })])));
/** Google, with everything listed and the health of no backend service read yet. */
const LISTED = known(balancer(NOT_READ));

function balancer(state: LoadBalancerHealth): LoadBalancer {
  return loadBalancer({ backendServices: known([backendService({ health: state })]) });
}
type LoadBalancerHealth = ReturnType<typeof backendService>["health"];

let cluster: MemoryCluster;
let writer: MemoryWriter;

beforeEach(async () => {
  vi.useFakeTimers({ now: build.NOW });
  cluster = new MemoryCluster();
  writer = new MemoryWriter(cluster);
  const { systemDefaultBackend, services, endpointSlices, pods, serviceNegs, nodes, workloads } =
    build.snapshot();
  for (const [kind, list] of Object.entries({
    services,
    endpointSlices,
    pods,
    serviceNegs,
    nodes,
    workloads,
  })) {
    if (list.known) cluster.put(kind as "services", ...(list.value as never[]));
  }
  if (systemDefaultBackend.known && systemDefaultBackend.value) {
    cluster.put("services", systemDefaultBackend.value);
  }
  cluster.put("ingresses", build.ingress());
});
afterEach(() => void vi.useRealTimers());

function start(google: Observed<LoadBalancer>): MemoryProcess {
  const process = new MemoryProcess(cluster, writer);
  process.diagnose = diagnose;
  process.loadBalancer = google;
  return process;
}

/** Codes of the published findings that are no hints. */
function published(): string[] {
  const findings = (writer.status(KEY)?.findings ?? []) as { code: string; severity: string }[];
  return findings.filter(({ severity }) => severity !== "info").map(({ code }) => code);
}

/** A process that knew all, and one that has just started and knows nothing of Google. */
async function restart(): Promise<MemoryProcess> {
  const before = start(ANSWERED);
  await before.reconcile(KEY);
  expect(published()).toEqual(["GID902"]);
  writer.requests.length = 0;
  return start(NOT_READ);
}

describe("a restart with a slow Google", () => {
  test("withdraws no finding, writes nothing and says nothing until all is read, and nothing then", async () => {
    const next = await restart();
    for (const google of [NOT_READ, LISTED, LISTED, ANSWERED, ANSWERED]) {
      next.loadBalancer = google;
      await next.reconcile(KEY);
      await vi.advanceTimersByTimeAsync(15_000);
      expect(published()).toEqual(["GID902"]);
    }
    expect(writer.requests).toEqual([]);
    // The cause of a degraded Ingress is offered under the name it was said by; the API server has it.
    expect(new Set(next.events).size).toBeLessThanOrEqual(1);
  });

  test("exports what is stored meanwhile, so that no alert is resolved by it", async () => {
    const next = await restart();
    await next.reconcile(KEY);
    expect(next.exported.get(KEY)).toMatchObject({
      verdict: "Degraded",
      findings: expect.arrayContaining([expect.objectContaining({ code: "GID902", severity: "warning" })]),
      backends: [],
    });
    next.loadBalancer = ANSWERED;
    await next.reconcile(KEY);
    expect(next.exported.get(KEY)?.backends).toMatchObject([
      {
        service: "web",
        endpointGroups: [
          { zone: "us-central1-a", state: "healthy", count: 1 },
          { zone: "us-central1-a", state: "unhealthy", count: 1 },
        ],
      },
      { service: "default-http-backend", endpointGroups: [] },
    ]);
  });

  test("publishes what Google really says, once it says it", async () => {
    const next = await restart();
    await next.reconcile(KEY);
    next.loadBalancer = known(loadBalancer());
    await next.reconcile(KEY);
    expect(published()).toEqual([]);
    expect(writer.status(KEY)).toMatchObject({ verdict: "Healthy" });
  });

  test("does not keep back a fault of the cluster that is new", async () => {
    const next = await restart();
    await next.reconcile(KEY);
    cluster.remove("services", "shop", "web");
    await next.reconcile(KEY);
    expect(published()).toContain("GID401");
  });

  test("keeps back a fault that Google's word would refute", async () => {
    const before = start(ANSWERED);
    // Without NEGs in Kubernetes only Google tells that the backend has some.
    cluster.remove("serviceNegs", "shop", build.negName("web"));
    await before.reconcile(KEY);
    expect(published()).not.toContain("GID705");
    const version = writer.stored(KEY)?.resourceVersion;
    const next = start(NOT_READ);
    await next.reconcile(KEY);
    expect(writer.stored(KEY)?.resourceVersion).toBe(version);
    await vi.advanceTimersByTimeAsync(120_000);
    await next.reconcile(KEY);
    expect(published()).toContain("GID705");
  });

  test("does not keep back the answer to a changed Ingress", async () => {
    const next = await restart();
    cluster.put("ingresses", build.ingress({ generation: 2 }));
    await next.reconcile(KEY);
    expect(writer.status(KEY)).toMatchObject({ observedGeneration: 2 });
  });

  test("gives up after two minutes and says what cannot be told", async () => {
    const next = await restart();
    await next.reconcile(KEY);
    await vi.advanceTimersByTimeAsync(120_000);
    await next.reconcile(KEY);
    expect(published()).toEqual([]);
    expect(writer.status(KEY)?.undecided).toMatchObject([{ reason: "not-synced" }]);
  });
});

test("a failing Google is no slow one: what it would say is unknown, and that is published", async () => {
  const next = await restart();
  next.loadBalancer = unknown("loadBalancer", "failed", "an answer of the Compute Engine API in time");
  await next.reconcile(KEY);
  expect(writer.requests).toEqual(["status shop/web"]);
});
