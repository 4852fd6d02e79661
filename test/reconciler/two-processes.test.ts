import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Diagnosis } from "../../src/diagnostics/diagnosis.ts";
import type { LoadBalancer } from "../../src/model/load-balancer.ts";
import { known, type Observed, unknown } from "../../src/model/observed.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import * as build from "../support/builders.ts";
import { broken, diagnosis } from "../support/diagnoses.ts";
import { loadBalancer } from "../support/load-balancers.ts";
import { MemoryCluster } from "../support/memory-cluster.ts";
import { MemoryProcess } from "../support/memory-process.ts";
import { MemoryWriter } from "../support/memory-writer.ts";

const KEY = "shop/web";

beforeEach(() => void vi.useFakeTimers({ now: build.NOW }));
afterEach(() => void vi.useRealTimers());

function statusWrites({ requests }: MemoryWriter): number {
  return requests.filter((request) => request.startsWith("status")).length;
}

describe("two processes that both write", () => {
  let cluster: MemoryCluster;
  let writer: MemoryWriter;
  let processes: [MemoryProcess, MemoryProcess];
  beforeEach(() => {
    cluster = new MemoryCluster();
    writer = new MemoryWriter(cluster);
    processes = [new MemoryProcess(cluster, writer), new MemoryProcess(cluster, writer)];
    cluster.put("services", build.service());
    cluster.put("ingresses", build.ingress());
  });

  /** Both see the same, the second without having heard of what the first one writes. */
  async function bothReconcile(): Promise<void> {
    const [first, second] = processes;
    writer.lagging = true;
    expect(await first.reconcile(KEY)).toBe("requeue");
    expect(await second.reconcile(KEY)).toBe("retry");
    writer.lagging = false;
    writer.deliver();
  }

  test("agree on a change: one status stands, and one Event tells of it", async () => {
    const [first, second] = processes;
    await first.reconcile(KEY);
    cluster.remove("services", "shop", "web");
    await bothReconcile();
    const stood = writer.stored(KEY)?.resourceVersion;
    expect(await second.reconcile(KEY)).toBe("requeue");
    expect(writer.stored(KEY)?.resourceVersion).toBe(stood);
    expect(first.events).toHaveLength(1);
    // Under the same name, which the API server refuses the second time.
    expect(second.events).toEqual(first.events);
  });

  test("agree on a first diagnosis", async () => {
    cluster.remove("services", "shop", "web");
    await bothReconcile();
    const written = statusWrites(writer);
    expect(await processes[1].reconcile(KEY)).toBe("requeue");
    expect(statusWrites(writer)).toBe(written);
    expect(processes[1].events).toEqual(processes[0].events);
  });
});

describe("a process that takes over", () => {
  const NOT_READ = unknown("loadBalancer", "not-synced", "the first answer");

  async function takeOver(first: Observed<LoadBalancer>) {
    const cluster = new MemoryCluster();
    const writer = new MemoryWriter(cluster);
    cluster.put("ingresses", build.ingress());
    const before = new MemoryProcess(cluster, writer);
    before.loadBalancer = known(loadBalancer());
    before.diagnose = googleDecides;
    await before.reconcile(KEY);
    expect(writer.status(KEY)).toMatchObject({ verdict: "Broken" });
    const next = new MemoryProcess(cluster, writer);
    next.diagnose = googleDecides;
    next.loadBalancer = first;
    return { cluster, writer, next };
  }

  function googleDecides({ loadBalancer: balancer }: Snapshot): Diagnosis {
    return balancer.known ? broken() : diagnosis();
  }

  test.each([
    ["has not answered at all", NOT_READ],
    ["has not answered in part", known({ ...loadBalancer(), negs: NOT_READ })],
  ])("withdraws nothing while Google %s", async (_, first) => {
    const { writer, next } = await takeOver(first);
    expect(await next.reconcile(KEY)).toBe("requeue");
    expect(statusWrites(writer)).toBe(1);
    next.loadBalancer = known(loadBalancer());
    await next.reconcile(KEY);
    expect(statusWrites(writer)).toBe(1);
    expect(next.events).toHaveLength(1);
  });

  test("waits two minutes for Google and no longer", async () => {
    const { writer, next } = await takeOver(NOT_READ);
    await next.reconcile(KEY);
    await vi.advanceTimersByTimeAsync(120_000);
    await next.reconcile(KEY);
    expect(writer.status(KEY)).toMatchObject({ verdict: "Healthy" });
  });

  test("does not wait with an Ingress that nobody has diagnosed yet", async () => {
    const { cluster, writer, next } = await takeOver(NOT_READ);
    cluster.put("ingresses", build.ingress({ uid: "another" }));
    await next.reconcile(KEY);
    expect(writer.status(KEY)).toMatchObject({ verdict: "Healthy" });
  });
});
