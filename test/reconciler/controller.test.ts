import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Diagnosis } from "../../src/diagnostics/diagnosis.ts";
import { diagnose } from "../../src/diagnostics/engine.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { Controller } from "../../src/reconciler/controller.ts";
import { EventOutbox } from "../../src/reconciler/event-outbox.ts";
import { KeyIndex } from "../../src/reconciler/key-index.ts";
import type { CachedKind, EventRequest } from "../../src/reconciler/ports.ts";
import { StatusPublisher } from "../../src/reconciler/publisher.ts";
import { WorkQueue } from "../../src/reconciler/queue.ts";
import { Reconciler } from "../../src/reconciler/reconcile.ts";
import { systemClock } from "../../src/telemetry/clock.ts";
import * as build from "../support/builders.ts";
import { broken, diagnosis, finding } from "../support/diagnoses.ts";
import { MemoryCluster } from "../support/memory-cluster.ts";
import { MemoryWriter } from "../support/memory-writer.ts";
import { silentLogger, silentQueueMetrics, silentReconcileMetrics } from "../support/silence.ts";
import { crashingPod } from "../support/troubled-pods.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DEBOUNCE = 60;

beforeEach(() => void vi.useFakeTimers({ now: build.NOW }));
afterEach(() => void vi.useRealTimers());

/** Says that an Ingress is broken when its Service does not exist. */
function serviceDecides({ ingress, services }: Snapshot): Diagnosis {
  const of = { ingress: ingress.ref, uid: ingress.uid, observedGeneration: ingress.generation };
  const exists = services.known && services.value.some(({ ref }) => ref.name === "web");
  return exists ? diagnosis(of) : broken(finding(), of);
}

/** A whole controller on top of a cluster in memory. */
class Rig {
  readonly cluster: MemoryCluster;
  readonly writer: MemoryWriter;
  readonly events: EventRequest[] = [];
  readonly diagnosed: string[] = [];
  readonly forgotten: string[] = [];
  diagnose: (snapshot: Snapshot) => Diagnosis = serviceDecides;
  readonly queue: WorkQueue;
  readonly controller: Controller;
  #lead: (() => void) | undefined;
  #isLeader: boolean;

  constructor(
    options: { cluster?: MemoryCluster; writer?: MemoryWriter; isLeader?: boolean; owns?: string } = {},
  ) {
    this.cluster = options.cluster ?? new MemoryCluster();
    this.writer = options.writer ?? new MemoryWriter(this.cluster);
    this.#isLeader = options.isLeader ?? true;
    const metrics = { ...silentReconcileMetrics, forgotten: (key: string) => void this.forgotten.push(key) };
    const [reads, shared, clock] = [new KeyIndex(), new KeyIndex(), systemClock];
    const publisher = new StatusPublisher({
      diagnoses: this.cluster.diagnoses,
      writer: this.writer,
      metrics,
      isServed: () => this.cluster.state("diagnoses").phase === "synced",
    });
    const sink = {
      create: async (event: EventRequest) => {
        this.events.push(event);
        return { outcome: "written" as const };
      },
    };
    const reconciler = new Reconciler({
      sources: { listers: this.cluster.listers, sharing: (value) => shared.keysOf(value) },
      diagnose: (snapshot) => {
        this.diagnosed.push(snapshot.ingress.ref.name);
        return this.diagnose(snapshot);
      },
      reads,
      publisher,
      outbox: new EventOutbox({ sink, clock, metrics }),
      metrics,
      clock,
      logger: silentLogger,
    });
    const run = (key: string, signal: AbortSignal) => reconciler.reconcile(key, signal);
    this.queue = new WorkQueue({ run, clock, metrics: silentQueueMetrics, concurrency: 4 });
    this.controller = new Controller({
      source: this.cluster,
      leadership: { isLeader: () => this.#isLeader, onGained: (listener) => (this.#lead = listener) },
      queue: this.queue,
      publisher,
      reads,
      shared,
      ...(options.owns === undefined ? {} : { owns: (key: string) => key.startsWith(`${options.owns}/`) }),
      logger: silentLogger,
    });
    this.controller.start();
    // The caches of this cluster are full already; a watch would report that now.
    for (const kind of ["ingresses"] as const) this.#report(kind);
  }

  gainLeadership(): void {
    this.#isLeader = true;
    this.#lead?.();
  }

  /** Lets debounced work happen. */
  async settle(milliseconds = DEBOUNCE): Promise<void> {
    await vi.advanceTimersByTimeAsync(milliseconds);
  }

  /** Status writes so far. */
  get writes(): number {
    return this.writer.requests.filter((request) => request.startsWith("status")).length;
  }

  #report(kind: CachedKind): void {
    if (this.cluster.state(kind).phase !== "synced") return;
    this.cluster.forbid(kind);
    this.cluster.sync(kind);
  }
}

async function runningShop(): Promise<Rig> {
  const rig = new Rig();
  rig.cluster.put("services", build.service(), build.service({ name: "other" }));
  rig.cluster.put("pods", build.pod(1), build.pod(2));
  rig.cluster.put("ingresses", build.ingress());
  await rig.settle(1000);
  return rig;
}

describe("publishing", () => {
  test("an Ingress gets an owned diagnosis with its status", async () => {
    const rig = await runningShop();
    expect(rig.writer.requests).toEqual(["ensure shop/web", "status shop/web"]);
    expect(rig.writer.stored("shop/web")).toMatchObject({ ownerUid: "uid-ingress-web" });
    expect(rig.writer.status("shop/web")).toMatchObject({ verdict: "Healthy" });
  });

  test("nothing is written or said while nothing changes, for a day", async () => {
    const rig = await runningShop();
    await rig.settle(24 * HOUR);
    expect(rig.writer.requests).toHaveLength(2);
    expect(rig.events).toEqual([]);
    // Time alone can change an answer, so it was looked at again.
    expect(rig.diagnosed.length).toBeGreaterThan(100);
  });

  test("a change writes once, and its echo from the watch is not looked at", async () => {
    const rig = await runningShop();
    rig.cluster.remove("services", "shop", "web");
    await rig.settle(1000);
    expect([rig.writes, rig.diagnosed.length]).toEqual([2, 2]);
    expect(rig.writer.status("shop/web")).toMatchObject({ verdict: "Broken", cause: { code: "GID401" } });
  });

  test("a change that changes no diagnosis writes nothing", async () => {
    const rig = await runningShop();
    rig.cluster.put("pods", build.pod(1, { ready: false }));
    await rig.settle(1000);
    expect([rig.writes, rig.diagnosed.length]).toEqual([1, 2]);
  });

  test("what somebody else changes or deletes comes back", async () => {
    const rig = await runningShop();
    rig.writer.tamper("shop/web", { verdict: "Broken" });
    await rig.settle(1000);
    expect(rig.writer.status("shop/web")).toMatchObject({ verdict: "Healthy", routesServed: "1/1" });
    rig.writer.delete("shop/web");
    await rig.settle(1000);
    expect(rig.writer.status("shop/web")).toMatchObject({ verdict: "Healthy" });
  });

  test("a cache that lags behind leads to no second write and to no other time", async () => {
    const rig = await runningShop();
    rig.writer.lagging = true;
    rig.cluster.remove("services", "shop", "web");
    await rig.settle(1000);
    const status = rig.writer.status("shop/web");
    rig.cluster.put("pods", build.pod(1, { ready: false }));
    await rig.settle(1000);
    rig.writer.deliver();
    await rig.settle(1000);
    expect(rig.writes).toBe(2);
    expect(rig.writer.status("shop/web")).toBe(status);
  });

  test("a server that prunes a field gets each status once", async () => {
    const rig = new Rig();
    rig.writer.prune = ({ routesServed: _unknown, ...rest }) => rest;
    rig.cluster.put("services", build.service());
    rig.cluster.put("ingresses", build.ingress());
    await rig.settle(HOUR);
    expect(rig.writes).toBe(1);
  });

  test("a new Ingress of an old name starts over with a new owner", async () => {
    const rig = await runningShop();
    rig.cluster.remove("services", "shop", "web");
    await rig.settle(10 * MINUTE);
    rig.cluster.put("ingresses", build.ingress({ uid: "uid-again" }));
    await rig.settle(1000);
    expect(rig.writer.stored("shop/web")).toMatchObject({ ownerUid: "uid-again" });
    expect(rig.writer.status("shop/web")?.lastTransitionTime).toBe("2026-11-23T12:10:01Z");
  });
});

describe("failures of the API server", () => {
  test("are tried again until the status is there", async () => {
    const rig = await runningShop();
    rig.writer.failures.push(
      { outcome: "failed" },
      { outcome: "throttled", retryAfterMs: 3000 },
      { outcome: "forbidden" },
    );
    rig.cluster.remove("services", "shop", "web");
    await rig.settle(20_000);
    expect(rig.writer.status("shop/web")).toMatchObject({ verdict: "Broken" });
    expect(rig.writes).toBe(5);
  });

  test("a diagnosis that went away meanwhile is created again", async () => {
    const rig = await runningShop();
    rig.writer.failures.push({ outcome: "gone" });
    rig.cluster.remove("services", "shop", "web");
    await rig.settle(20_000);
    expect(rig.writer.status("shop/web")).toMatchObject({ verdict: "Broken" });
  });

  test("a status that is refused is not sent again, but the next one is", async () => {
    const rig = await runningShop();
    rig.writer.failures.push({ outcome: "rejected" });
    rig.cluster.remove("services", "shop", "web");
    await rig.settle(2 * HOUR);
    expect(rig.writes).toBe(2);
    rig.diagnose = () => diagnosis({ summary: "Other words." });
    rig.cluster.put("services", build.service());
    await rig.settle(1000);
    expect(rig.writer.status("shop/web")).toMatchObject({ summary: "Other words." });
  });
});

describe("an engine that throws", () => {
  test("costs only its own Ingress, which keeps the diagnosis it had", async () => {
    const rig = await runningShop();
    rig.cluster.put("ingresses", build.ingress({ name: "good", uid: "uid-good" }));
    await rig.settle(1000);
    rig.diagnose = (snapshot) => {
      if (snapshot.ingress.ref.name === "web") throw new RangeError("poison");
      return serviceDecides(snapshot);
    };
    rig.cluster.remove("services", "shop", "web");
    await rig.settle(5000);
    expect(rig.writer.status("shop/web")).toMatchObject({ verdict: "Healthy" });
    expect(rig.writer.status("shop/good")).toMatchObject({ verdict: "Broken" });
    rig.diagnose = serviceDecides;
    await rig.settle(20_000);
    expect(rig.writer.status("shop/web")).toMatchObject({ verdict: "Broken" });
  });
});

describe("starting", () => {
  test("nothing is diagnosed before every kind has answered", async () => {
    const cluster = new MemoryCluster(["pods", "backendConfigs"]);
    cluster.put("ingresses", build.ingress());
    const rig = new Rig({ cluster });
    await rig.settle(MINUTE);
    expect([rig.diagnosed, rig.controller.pendingKinds()]).toEqual([[], ["pods", "backendConfigs"]]);
    cluster.sync("pods");
    cluster.withdraw("backendConfigs");
    await rig.settle();
    expect(rig.diagnosed).toEqual(["web"]);
  });

  test("a refusal is an answer, but for Ingresses", async () => {
    const cluster = new MemoryCluster(["pods", "ingresses"]);
    const rig = new Rig({ cluster });
    cluster.forbid("pods");
    cluster.forbid("ingresses");
    expect(rig.controller.pendingKinds()).toEqual(["ingresses"]);
  });

  test("a follower diagnoses nothing until it leads", async () => {
    const cluster = new MemoryCluster();
    cluster.put("ingresses", build.ingress());
    const rig = new Rig({ cluster, isLeader: false });
    cluster.put("services", build.service());
    await rig.settle(HOUR);
    expect(rig.diagnosed).toEqual([]);
    rig.gainLeadership();
    await rig.settle();
    expect(rig.writer.status("shop/web")).toMatchObject({ verdict: "Healthy" });
  });

  test("a process that takes over says nothing twice and writes nothing", async () => {
    const rig = await runningShop();
    rig.cluster.remove("services", "shop", "web");
    await rig.settle(10 * MINUTE);
    const [event] = rig.events;
    if (event === undefined) throw new Error("no Event");
    rig.cluster.put("events", build.event({ name: event.name, component: "ingress-doctor" }));
    await rig.queue.shutDown();
    const next = new Rig({ cluster: rig.cluster, writer: rig.writer });
    await next.settle(MINUTE);
    expect([next.diagnosed, next.events, next.writes]).toEqual([["web"], [], rig.writes]);
  });

  test("a kind that becomes readable is taken into account", async () => {
    const rig = await runningShop();
    rig.cluster.forbid("services");
    await rig.settle();
    rig.cluster.sync("services");
    await rig.settle();
    expect(rig.diagnosed).toHaveLength(3);
  });
});

describe("leaving", () => {
  test("an Ingress that goes takes its diagnosis, its metrics and its queue entries with it", async () => {
    const rig = await runningShop();
    expect(rig.queue.has("shop/web")).toBe(true);
    rig.cluster.remove("ingresses", "shop", "web");
    await rig.settle(1000);
    expect(rig.writer.stored("shop/web")).toBeUndefined();
    expect(rig.forgotten).toContain("shop/web");
    expect(rig.queue.has("shop/web")).toBe(false);
    rig.cluster.remove("services", "shop", "web");
    await rig.settle(HOUR);
    expect(rig.diagnosed).toHaveLength(1);
  });

  test("a diagnosis whose Ingress went while nobody looked is removed at the start", async () => {
    const rig = await runningShop();
    await rig.queue.shutDown();
    rig.cluster.remove("ingresses", "shop", "web");
    const next = new Rig({ cluster: rig.cluster, writer: rig.writer });
    await next.settle(1000);
    expect(rig.writer.stored("shop/web")).toBeUndefined();
  });

  test("an Ingress that another controller serves has no diagnosis, and loses the one it had", async () => {
    const rig = await runningShop();
    rig.diagnose = () => diagnosis({ applicable: false });
    rig.cluster.put("ingresses", build.ingress({ className: "nginx" }));
    await rig.settle(1000);
    expect(rig.writer.stored("shop/web")).toBeUndefined();
    const requests = rig.writer.requests.length;
    await rig.settle(HOUR);
    expect(rig.writer.requests).toHaveLength(requests);
  });
});

describe("a shard", () => {
  const elsewhere = build.ingress({
    name: "other",
    ref: build.ref("networking.k8s.io/v1", "Ingress", "other", "far"),
  });

  test("diagnoses its own namespaces only, from the start and on every change", async () => {
    const rig = new Rig({ owns: "shop" });
    rig.cluster.put("ingresses", build.ingress(), elsewhere);
    await rig.settle(1000);
    rig.cluster.forbid("pods");
    rig.cluster.sync("pods");
    rig.cluster.put("ingresses", { ...elsewhere, generation: 2 });
    await rig.settle(1000);
    expect(new Set(rig.diagnosed)).toEqual(new Set(["web"]));
  });

  test("looks again when an Ingress of another shard takes a host that its own one wants", async () => {
    const rig = new Rig({ owns: "shop" });
    rig.cluster.put("ingresses", build.ingress());
    await rig.settle(1000);
    const before = rig.diagnosed.length;
    rig.cluster.put("ingresses", elsewhere);
    await rig.settle(1000);
    expect(rig.diagnosed.slice(before)).toEqual(["web"]);
  });

  test("leaves a diagnosis without Ingress to the shard that owns it", async () => {
    const rig = new Rig();
    rig.cluster.put("ingresses", elsewhere);
    await rig.settle(1000);
    rig.cluster.remove("ingresses", "far", "other");
    await rig.queue.shutDown();
    const next = new Rig({ cluster: rig.cluster, writer: rig.writer, owns: "shop" });
    await next.settle(1000);
    expect(rig.writer.stored("far/other")).toBeDefined();
  });
});

describe("time", () => {
  test("an open window is looked at again when it closes", async () => {
    const rig = new Rig();
    const settlesAt = build.NOW + 4 * MINUTE;
    rig.diagnose = ({ takenAt }) =>
      takenAt < settlesAt
        ? diagnosis({ verdict: "Progressing", settlesAt, lookAgainAt: settlesAt })
        : diagnosis();
    rig.cluster.put("ingresses", build.ingress());
    await rig.settle(4 * MINUTE - 1000);
    expect(rig.writer.status("shop/web")).toMatchObject({
      verdict: "Progressing",
      settlesAt: "2026-11-23T12:04:00Z",
    });
    await rig.settle(3000);
    expect(rig.writer.status("shop/web")).toMatchObject({ verdict: "Healthy" });
  });

  test("a grace period that ends is looked at without a change, and written only where it says something", async () => {
    const rig = await runningShop();
    rig.diagnose = diagnose;
    const crashed = () => rig.writer.status("shop/web")?.findings as { code: string }[];
    const pods = [1, 2].map((number) =>
      crashingPod(number, { reason: "Error", exitCode: 1 }, { createdAt: Date.now() - 1000 }),
    );
    rig.cluster.put("pods", ...pods);
    await rig.settle(20_000);
    expect(crashed().map(({ code }) => code)).not.toContain("GID503");
    await rig.settle(15_000);
    expect(crashed().map(({ code }) => code)).toContain("GID503");
    const [looks, writes] = [rig.diagnosed.length, rig.writes];
    await rig.settle(30 * MINUTE);
    expect(rig.diagnosed.length - looks).toBeGreaterThan(2);
    expect(rig.writes).toBe(writes);
  });

  test("grace periods that end one by one are looked at together", async () => {
    const rig = await runningShop();
    rig.diagnose = (snapshot) => ({ ...serviceDecides(snapshot), lookAgainAt: snapshot.takenAt + 1 });
    rig.cluster.put("pods", build.pod(1, { ready: false }));
    const looks = rig.diagnosed.length;
    await rig.settle(MINUTE);
    expect(rig.diagnosed.length - looks).toBeLessThanOrEqual(13);
    expect(rig.writes).toBe(1);
  });

  test("a lasting cause is said every hour", async () => {
    const rig = await runningShop();
    rig.cluster.remove("services", "shop", "web");
    await rig.settle(5 * HOUR + MINUTE);
    expect(rig.events.map(({ reason }) => reason)).toEqual(Array(6).fill("ServiceMissing"));
    expect(new Set(rig.events.map(({ name }) => name)).size).toBe(6);
  });
});

describe("a resource that is not installed", () => {
  test("is not written to; Events and their times stay as they would be", async () => {
    const rig = new Rig();
    rig.cluster.withdraw("diagnoses");
    rig.cluster.put("ingresses", build.ingress());
    await rig.settle(2 * HOUR + MINUTE);
    expect(rig.writer.requests).toEqual([]);
    expect(rig.events).toHaveLength(3);
    rig.cluster.sync("diagnoses");
    await rig.settle(1000);
    expect(rig.writer.status("shop/web")).toMatchObject({
      verdict: "Broken",
      lastTransitionTime: "2026-11-23T12:00:00Z",
    });
    expect(rig.events).toHaveLength(3);
  });
});

test("a change behind hundreds of Ingresses is spread, and none of them is forgotten", async () => {
  const rig = new Rig();
  rig.cluster.put(
    "ingresses",
    ...Array.from({ length: 500 }, (_, index) =>
      build.ingress({ name: `web-${index}`, uid: `uid-${index}` }),
    ),
  );
  await rig.settle(MINUTE);
  rig.diagnosed.length = 0;
  rig.cluster.put("nodes", build.node());
  await rig.settle(100);
  expect(rig.diagnosed.length).toBeLessThan(200);
  await rig.settle(10_000);
  expect(new Set(rig.diagnosed).size).toBe(500);
});
