import { describe, expect, test } from "vitest";
import { ApiFailure } from "../../src/kubernetes/api-failure.ts";
import { LEASE_TIMINGS, LeaseElection } from "../../src/kubernetes/lease-election.ts";
import type { ApiClient, ApiRequest } from "../../src/kubernetes/transport.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { silentLogger } from "../support/silence.ts";

interface Lease {
  readonly metadata: { readonly name: string; readonly resourceVersion: string };
  readonly spec: {
    readonly holderIdentity: string;
    readonly renewTime: string;
    readonly leaseTransitions: number;
    readonly leaseDurationSeconds: number;
  };
}

/** One Lease with the API server's optimistic lock, and a line to each process that can be cut. */
class LeaseServer {
  stored: Lease | undefined;
  writes = 0;
  readonly #cut = new Set<string>();

  /** Requests of `identity` get no answer until their deadline. */
  cut(identity: string, clock: FakeClock): void {
    this.#cut.add(identity);
    this.#clocks.set(identity, clock);
  }
  restore(identity: string): void {
    this.#cut.delete(identity);
  }
  readonly #clocks = new Map<string, FakeClock>();

  clientOf(identity: string): ApiClient {
    return {
      call: async (call) => {
        const clock = this.#clocks.get(identity);
        if (this.#cut.has(identity) && clock !== undefined) {
          await new Promise<void>((resolve) => void clock.after(call.timeoutMs ?? 10_000, resolve));
          throw new ApiFailure("timeout");
        }
        return this.#answer(call);
      },
      stream: () => Promise.reject(new ApiFailure("invalid")),
    };
  }

  #answer({ method, body }: ApiRequest): unknown {
    if (method === "GET") {
      if (this.stored === undefined) throw new ApiFailure("not-found", { status: 404, reason: "NotFound" });
      return structuredClone(this.stored);
    }
    const lease = body as Lease;
    const expected = method === "POST" ? undefined : lease.metadata.resourceVersion;
    if (this.stored?.metadata.resourceVersion !== expected) throw new ApiFailure("conflict", { status: 409 });
    this.writes += 1;
    this.stored = { ...lease, metadata: { ...lease.metadata, resourceVersion: String(this.writes) } };
    return structuredClone(this.stored);
  }
}

function contender(server: LeaseServer, identity: string, clock: FakeClock) {
  const stop = new AbortController();
  const log: string[] = [];
  const election = new LeaseElection({
    client: server.clientOf(identity),
    clock,
    logger: silentLogger,
    namespace: "system",
    name: "ingress-doctor",
    identity,
    onLost: () => log.push("lost"),
  });
  election.onGained(() => log.push("gained"));
  const running = election.run(stop.signal);
  return { election, log, running, stop: () => stop.abort() };
}

describe("one Lease, two processes", () => {
  test("the first leads and keeps leading, the second waits", async () => {
    const clock = new FakeClock();
    const server = new LeaseServer();
    const a = contender(server, "a", clock);
    await clock.pass(0);
    const b = contender(server, "b", clock);
    await clock.pass(600_000);
    expect([a.election.isLeader(), b.election.isLeader()]).toEqual([true, false]);
    expect(server.stored?.spec).toMatchObject({
      holderIdentity: "a",
      leaseDurationSeconds: 15,
      leaseTransitions: 0,
    });
    expect(server.stored?.spec.renewTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    expect([a.log, b.log]).toEqual([["gained"], []]);
  });

  test("a leader that stops hands over at once", async () => {
    const clock = new FakeClock();
    const server = new LeaseServer();
    const a = contender(server, "a", clock);
    await clock.pass(0);
    const b = contender(server, "b", clock);
    await clock.pass(5_000);
    a.stop();
    await a.running;
    expect([a.election.isLeader(), a.election.signal.aborted, a.log]).toEqual([false, true, ["gained"]]);
    expect(server.stored?.spec.holderIdentity).toBe("");
    // Two looks fall between two renewals, each up to a fifth late.
    await clock.pass((LEASE_TIMINGS.retryMs / 2) * 1.2);
    expect(b.election.isLeader()).toBe(true);
    expect(server.stored?.spec).toMatchObject({ holderIdentity: "b", leaseTransitions: 1 });
  });

  test("a leader that is cut off ends before the other begins", async () => {
    const clock = new FakeClock();
    const server = new LeaseServer();
    const a = contender(server, "a", clock);
    await clock.pass(0);
    const b = contender(server, "b", clock);
    await clock.pass(5_000);
    server.cut("a", clock);
    let endedAt: number | undefined;
    let begunAt: number | undefined;
    for (let passed = 0; passed < 40_000; passed += 100) {
      await clock.pass(100);
      if (!a.election.isLeader()) endedAt ??= passed;
      if (b.election.isLeader()) begunAt ??= passed;
      expect(a.election.isLeader() && b.election.isLeader()).toBe(false);
    }
    expect(endedAt).toBeLessThan(LEASE_TIMINGS.renewDeadlineMs);
    expect(begunAt).toBeGreaterThan(endedAt ?? Number.POSITIVE_INFINITY);
    // It saw the last renewal up to one look late, and looks again at the very end of the duration.
    const late = (LEASE_TIMINGS.retryMs / 2) * 1.2;
    expect(begunAt).toBeLessThanOrEqual(LEASE_TIMINGS.durationMs + late + 100);
    expect(a.log).toEqual(["gained", "lost"]);
    expect(a.election.signal.aborted).toBe(true);
  });

  test("a short silence costs no leadership", async () => {
    const clock = new FakeClock();
    const server = new LeaseServer();
    const a = contender(server, "a", clock);
    const b = contender(server, "b", clock);
    await clock.pass(5_000);
    const leader = a.election.isLeader() ? a : b;
    const identity = leader === a ? "a" : "b";
    server.cut(identity, clock);
    await clock.pass(7_000);
    server.restore(identity);
    await clock.pass(60_000);
    expect(leader.log).toEqual(["gained"]);
    expect(leader.election.isLeader()).toBe(true);
  });

  test("wall clocks that are wrong or jump change nothing", async () => {
    const clock = new FakeClock();
    const server = new LeaseServer();
    const a = contender(server, "a", clock);
    await clock.pass(0);
    const b = contender(server, "b", clock);
    for (const jump of [600_000, -1_200_000, 86_400_000]) {
      clock.wall += jump;
      await clock.pass(30_000);
      expect([a.election.isLeader(), b.election.isLeader()]).toEqual([true, false]);
    }
  });

  test("a leader whose Lease was taken by force ends at its next renewal", async () => {
    const clock = new FakeClock();
    const server = new LeaseServer();
    const a = contender(server, "a", clock);
    await clock.pass(1_000);
    const { stored } = server;
    if (stored === undefined) throw new Error("there is no Lease");
    const metadata = { ...stored.metadata, resourceVersion: "taken" };
    server.stored = { metadata, spec: { ...stored.spec, holderIdentity: "intruder" } };
    await clock.pass(3 * LEASE_TIMINGS.retryMs);
    expect([a.election.isLeader(), a.log]).toEqual([false, ["gained", "lost"]]);
  });

  test("a write whose answer was lost is not mistaken for somebody else's", async () => {
    const clock = new FakeClock();
    const server = new LeaseServer();
    const a = contender(server, "a", clock);
    await clock.pass(1_000);
    const { stored } = server;
    if (stored === undefined) throw new Error("there is no Lease");
    server.stored = { ...stored, metadata: { ...stored.metadata, resourceVersion: "unseen" } };
    await clock.pass(60_000);
    expect([a.election.isLeader(), a.log]).toEqual([true, ["gained"]]);
  });
});
