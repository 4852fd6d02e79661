import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { LeaseElection } from "../../../src/kubernetes/lease-election.ts";
import { systemClock } from "../../../src/telemetry/clock.ts";
import { TestClient } from "../../controlplane/client.ts";
import { waitFor } from "../../controlplane/eventually.ts";
import type { KubeObject } from "../../controlplane/kube-object.ts";
import { createNamespace } from "../../controlplane/namespace.ts";
import { silentLogger } from "../../support/silence.ts";
import { TcpProxy } from "../../support/tcp-proxy.ts";
import { configOf, createTransport } from "./harness.ts";

interface Lease extends KubeObject {
  readonly spec: {
    readonly holderIdentity?: string;
    readonly renewTime: string;
    readonly leaseTransitions: number;
  };
}

const connection = inject("controlPlane");
/** A fifteenth of the real times. */
const TIMINGS = { durationMs: 2_000, renewDeadlineMs: 1_200, retryMs: 150, requestTimeoutMs: 400 };

let client: TestClient;
let namespace: string;
let contenders: Contender[];
beforeAll(() => {
  client = new TestClient(connection);
});
afterAll(() => client.close());
beforeEach(async () => {
  namespace = await createNamespace(client, "lease");
  contenders = [];
});
afterEach(() => Promise.all(contenders.map((contender) => contender.end())));

describe("three processes and one Lease of a real API server", () => {
  test("exactly one leads; when it stops another follows; when that is cut off it ends first", async () => {
    for (const identity of ["a", "b", "c"]) contenders.push(await start(identity));
    const first = await waitFor(() => leaders()[0]);
    expect((await lease()).spec.holderIdentity).toBe(first.identity);

    await first.end();
    const second = await waitFor(() => leaders().find((leader) => leader !== first));
    expect((await lease()).spec.leaseTransitions).toBeGreaterThan(0);

    second.proxy.freeze();
    const third = await waitFor(() => leaders().find((leader) => leader !== second));
    expect(second.election.isLeader()).toBe(false);
    expect(second.lostAt).toBeLessThan(third.gainedAt ?? 0);
    expect((await lease()).spec.holderIdentity).toBe(third.identity);
    second.proxy.thaw();
  });
});

interface Contender {
  readonly identity: string;
  readonly election: LeaseElection;
  readonly proxy: TcpProxy;
  gainedAt?: number;
  lostAt?: number;
  end(): Promise<void>;
}

async function start(identity: string): Promise<Contender> {
  const proxy = await TcpProxy.start(connection.url);
  const transport = createTransport(configOf(connection, proxy.url));
  const stop = new AbortController();
  const election = new LeaseElection({
    client: transport,
    clock: systemClock,
    logger: silentLogger,
    namespace,
    name: "leader",
    identity,
    timings: TIMINGS,
    onLost: () => {
      contender.lostAt = performance.now();
    },
  });
  let running: Promise<void> | undefined;
  const contender: Contender = {
    identity,
    election,
    proxy,
    async end() {
      stop.abort();
      await running;
      await transport.close();
      await proxy.stop();
    },
  };
  election.onGained(() => {
    contender.gainedAt = performance.now();
  });
  running = election.run(stop.signal);
  return contender;
}

/** Never more than one, at whatever moment it is asked. */
function leaders(): Contender[] {
  const found = contenders.filter(({ election }) => election.isLeader());
  expect(found.length).toBeLessThanOrEqual(1);
  return found;
}

function lease(): Promise<Lease> {
  return client.get<Lease>("coordination.k8s.io/v1/Lease", "leader", namespace);
}
