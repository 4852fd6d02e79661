import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ProbeTarget } from "../../src/model/probe.ts";
import { PodProber, type PodProberOptions } from "../../src/probe/pod-prober.ts";
import { planProbes } from "../../src/reconciler/probe-plan.ts";
import { PodNetwork } from "../simulator/pod-network.ts";
import { endpoint, ingress, NOW, node, pod, ref, service, serviceNeg, slice } from "../support/builders.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { MemoryCluster } from "../support/memory-cluster.ts";
import { reportedAs } from "../support/unhealthy.ts";
import { target } from "./targets.ts";

let cluster: MemoryCluster;
let network: PodNetwork;
let clock: FakeClock;
beforeEach(() => {
  cluster = new MemoryCluster();
  network = new PodNetwork();
  clock = new FakeClock();
  cluster.put("services", service());
  cluster.put("endpointSlices", slice());
  cluster.put("pods", pod(1), pod(2));
  cluster.put("nodes", node());
  cluster.put("serviceNegs", serviceNeg());
});
afterEach(() => network.stop());

function prober(
  plan: readonly ProbeTarget[] | PodProberOptions["plan"],
  changes: Partial<PodProberOptions> = {},
): PodProber {
  return new PodProber({
    listers: cluster.listers,
    clock,
    plan: typeof plan === "function" ? plan : () => plan,
    apiServer: ["172.16.0.2"],
    connect: network.connect,
    deadlineMs: 2000,
    ...changes,
  });
}

/** Outcomes, once the first answers are there. */
async function outcomes(of: PodProber) {
  const heard = vi.fn();
  of.subscribe(heard);
  expect(of.results(ingress())).toMatchObject({ known: false, reason: "not-synced" });
  await clock.pass(0);
  await vi.waitFor(() => expect(heard).toHaveBeenCalledWith(["shop/web"]));
  const results = of.results(ingress());
  return results.known ? results.value.map(({ outcome }) => outcome) : [];
}

describe("the prober", () => {
  it("asks what is planned, tells subscribers, and keeps the answers", async () => {
    const server = await network.listen("10.4.0.1", 8080, { otherwise: 404 });
    const probes = prober([target()]);
    expect(await outcomes(probes)).toEqual([{ kind: "answered", status: 404 }]);
    await clock.pass(59_000);
    expect(probes.results(ingress()).known).toBe(true);
    await clock.pass(0);
    expect(server.seen).toHaveLength(1);
  });

  it("asks again after a minute, and tells only what has changed", async () => {
    const server = await network.listen("10.4.0.1", 8080, { otherwise: 404 });
    const probes = prober([target()]);
    const heard = vi.fn();
    await outcomes(probes);
    probes.subscribe(heard);
    for (const [status, calls] of [
      [404, 0],
      [200, 1],
    ] as const) {
      server.behave({ otherwise: status });
      const before = server.seen.length;
      await clock.pass(60_000);
      probes.results(ingress());
      await clock.pass(0);
      await vi.waitFor(() => expect(server.seen.length).toBe(before + 1));
      await vi.waitFor(() =>
        expect(probes.results(ingress())).toMatchObject({ value: [{ outcome: { status } }] }),
      );
      expect(heard).toHaveBeenCalledTimes(calls);
    }
  });

  it("waits no longer than the health check does", async () => {
    await network.listen("10.4.0.1", 8080, { otherwise: "hang" });
    expect(await outcomes(prober([target({ timeoutSec: 0.1 })]))).toEqual([
      { kind: "timeout", waitedMs: 100 },
    ]);
  });

  it("has a few requests under way at a time", async () => {
    await network.listen("10.4.0.1", 8080, { otherwise: { status: 200, delayMs: 5 } });
    let [open, most] = [0, 0];
    const connect = (address: string, port: number) => {
      open += 1;
      most = Math.max(most, open);
      const socket = network.connect(address, port);
      socket.on("close", () => {
        open -= 1;
      });
      return socket;
    };
    const targets = Array.from({ length: 100 }, (_, index) => target({ path: `/${index}` }));
    expect(await outcomes(prober(targets, { connect }))).toHaveLength(60);
    expect(most).toBeLessThanOrEqual(8);
    expect(most).toBeGreaterThan(4);
  });

  it("survives a plan that fails", async () => {
    const failing = () => {
      throw new Error("no plan");
    };
    expect(await outcomes(prober(failing))).toEqual([]);
  });

  it("starts nothing after its end", async () => {
    const probes = prober([target()]);
    probes.results(ingress());
    probes.stop();
    await clock.pass(0);
    expect(network.connections).toEqual([]);
  });
});

describe("an abused prober", () => {
  const METADATA = "169.254.169.254";

  async function refused(targets: readonly ProbeTarget[]) {
    const result = await outcomes(prober(targets));
    expect(network.connections).toEqual([]);
    expect(result).toEqual(targets.map(() => ({ kind: "blocked" })));
  }

  it.each([
    ["the metadata server", METADATA],
    ["loopback", "127.0.0.1"],
    ["the API server it talks to", "172.16.0.2"],
    ["the API server by its EndpointSlice", "172.16.0.3"],
    ["a node", "10.128.0.7"],
  ])("does not ask %s, though a slice and a pod claim the address", async (_name, address) => {
    cluster.put("nodes", node({ addresses: ["10.128.0.7"] }));
    cluster.put(
      "endpointSlices",
      slice({ endpoints: [endpoint(1, { addresses: [address] })] }),
      slice({
        ref: ref("discovery.k8s.io/v1", "EndpointSlice", "kubernetes", "default"),
        service: "kubernetes",
        endpoints: [endpoint(1, { addresses: ["172.16.0.3"] })],
      }),
    );
    cluster.put("pods", pod(1, { ip: address }));
    await refused([target({ address })]);
  });

  it("does not ask a pod of another namespace that a slice names", async () => {
    cluster.put("pods", pod(7, { ref: ref("v1", "Pod", "web-7", "kube-system"), ip: "10.4.0.7" }));
    cluster.put("endpointSlices", slice({ endpoints: [endpoint(7)] }));
    await refused([target({ pod: "web-7", address: "10.4.0.7" })]);
  });

  it("does not ask an address that its pod has lost while the request waited", async () => {
    const probes = prober([target()]);
    const heard = vi.fn();
    probes.subscribe(heard);
    probes.results(ingress());
    cluster.put("pods", pod(1, { ip: "10.4.0.99" }));
    await clock.pass(0);
    await vi.waitFor(() => expect(heard).toHaveBeenCalled());
    expect(network.connections).toEqual([]);
  });

  it("asks nobody while nodes cannot be read", async () => {
    cluster.forbid("nodes");
    await refused([target()]);
  });
});

describe("the plan", () => {
  const plan = (state: string) => {
    const sources = { listers: cluster.listers, sharing: () => [] };
    return planProbes(reportedAs(state), sources, NOW);
  };

  it("asks the pods of an unhealthy backend and nobody else", () => {
    expect(plan("UNHEALTHY")).toEqual([
      target({ timeoutSec: 1 }),
      target({ timeoutSec: 1, pod: "web-2", address: "10.4.0.2" }),
    ]);
    expect(plan("HEALTHY")).toEqual([]);
    expect(plan("Unknown")).toEqual([]);
  });

  it("asks three pods at most", () => {
    const indexes = [1, 2, 3, 4, 5, 6];
    cluster.put("pods", ...indexes.map((index) => pod(index)));
    cluster.put("endpointSlices", slice({ endpoints: indexes.map((index) => endpoint(index)) }));
    expect(plan("UNHEALTHY").map((one) => one.pod)).toEqual(["web-1", "web-2", "web-3"]);
  });
});
