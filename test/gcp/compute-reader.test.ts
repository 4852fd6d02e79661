import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { COLLECTION_NAMES, listPermission, READ_PERMISSIONS } from "../../src/gcp/collections.ts";
import { ComputeFailure, type ComputeFailureKind } from "../../src/gcp/errors.ts";
import { CALLS_PER_MINUTE } from "../../src/gcp/google-cloud.ts";
import { ingress, ref } from "../support/builders.ts";
import {
  builtName,
  link,
  PROJECT,
  putBackend,
  putFrontend,
  putHealth,
  putInstanceGroup,
  putNodePortBackend,
  resource,
} from "./compute-resources.ts";
import { ReaderHarness } from "./reader-harness.ts";

const MINUTE = 60_000;

/** Ingress `shop/ing-<index>` as GKE left it. */
function builtIngress(index: number) {
  return ingress({
    name: `ing-${index}`,
    ref: ref("networking.k8s.io/v1", "Ingress", `ing-${index}`),
    annotations: { "ingress.kubernetes.io/url-map": `k8s2-lab-shop-ing-${index}` },
    addresses: [`203.0.113.${index % 250}`],
  });
}

/** A harness with one built Ingress, read until quiet. */
async function quiet(state = "HEALTHY") {
  const harness = new ReaderHarness();
  putBackend(harness.api.resources, 1, { state });
  putFrontend(harness.api.resources, 1);
  const key = harness.add(builtIngress(1), ["shop/web-1"]);
  harness.start();
  await harness.pass(2 * MINUTE);
  return { harness, key, api: harness.api };
}

describe("what a diagnosis is told", () => {
  it("is one unknown until every collection was asked for", () => {
    const harness = new ReaderHarness();
    const key = harness.add(builtIngress(1), ["shop/web-1"]);
    expect(harness.ask(key)).toMatchObject({ known: false, reason: "not-synced" });
  });

  it("is the load balancer with the health of its endpoints", async () => {
    const { harness, key } = await quiet("UNHEALTHY");
    const { forwardingRules, targetProxies, urlMaps, negs, project } = harness.balancer(key);
    expect(project).toBe(PROJECT);
    for (const part of [forwardingRules, targetProxies, urlMaps]) {
      expect(part).toMatchObject({ value: [{ name: "k8s2-lab-shop-ing-1" }] });
    }
    expect(negs).toMatchObject({ value: [{ endpoints: { value: [{ address: "10.4.0.1", port: 8080 }] } }] });
    expect(harness.states(key)).toEqual(["UNHEALTHY"]);
  });

  it("names no load balancer of another Ingress", async () => {
    const { harness, api } = await quiet();
    putFrontend(api.resources, 2, 1);
    const key = harness.add(ingress({ name: "other", annotations: {}, addresses: [] }), []);
    await harness.pass(2 * MINUTE);
    const { forwardingRules, urlMaps, backendServices } = harness.balancer(key);
    for (const part of [forwardingRules, urlMaps, backendServices]) expect(part).toMatchObject({ value: [] });
  });

  it("has the instance groups behind it, and the nodes in them with their health", async () => {
    const harness = new ReaderHarness();
    const { resources } = harness.api;
    putInstanceGroup(resources, { ports: [30080, 30081], size: 1 });
    putInstanceGroup(resources, { zone: "us-central1-b" });
    putNodePortBackend(resources, 1, 30080);
    const key = harness.add(builtIngress(1), ["shop/web-1"]);
    harness.start();
    await harness.pass(MINUTE / 2);
    const { instanceGroups, backendServices } = harness.balancer(key);
    expect(instanceGroups).toMatchObject({
      value: [
        { zone: "us-central1-a", size: 1, namedPorts: [{ name: "port30080", port: 30080 }, { port: 30081 }] },
        { zone: "us-central1-b" },
      ],
    });
    expect(backendServices).toMatchObject({
      value: [{ portName: "port30080", health: { value: [{ instance: "node-a", state: "HEALTHY" }] } }],
    });
    expect(harness.api.count("endpoints")).toBe(0);
  });

  it("knows who else uses the address that an annotation names, and keeps them apart from its own", async () => {
    const harness = new ReaderHarness();
    const { resources } = harness.api;
    putFrontend(resources, 1);
    putFrontend(resources, 2);
    const used = ["203.0.113.2", "k8s2-lab-shop-ing-2"] as const;
    const users = [link("forwardingRules", used[1])];
    resources.put(resource("addresses", "web-ip", { address: used[0], status: "IN_USE", users }));
    // The same address in another network: it does not name the rule as its user.
    resources.put(resource("addresses", "web-ip", { address: used[0] }, "regions/us-central1"));
    const annotations = { "kubernetes.io/ingress.global-static-ip-name": "web-ip" };
    const [own, holder] = [builtIngress(1), builtIngress(2)].map((one) =>
      harness.add({ ...one, annotations: { ...one.annotations, ...annotations } }, []),
    );
    harness.start();
    await harness.pass(MINUTE / 2);
    expect(harness.balancer(own ?? "")).toMatchObject({
      forwardingRules: { value: [{ name: "k8s2-lab-shop-ing-1" }] },
      rivals: { value: [{ name: used[1], port: 80, ingress: "shop/ing-2" }] },
    });
    expect(harness.balancer(holder ?? "")).toMatchObject({
      forwardingRules: { value: [{ name: used[1] }] },
      rivals: { value: [] },
    });
  });

  it("leaves out regions that are not the cluster's, and says when its own is missing", async () => {
    const harness = new ReaderHarness({ region: "us-central1" });
    const name = "k8s2-lab-shop-ing-1";
    for (const region of ["us-central1", "europe-west1"]) {
      harness.api.resources.put(resource("urlMaps", name, {}, `regions/${region}`));
    }
    const key = harness.add(builtIngress(1), []);
    harness.api.unreachable = ["europe-west1"];
    harness.start();
    await harness.pass(MINUTE / 2);
    expect(harness.balancer(key).urlMaps).toMatchObject({ value: [{ name }] });
    harness.api.unreachable = ["us-central1-b"];
    await harness.pass(4 * MINUTE);
    expect(harness.balancer(key).urlMaps).toMatchObject({ known: false, reason: "failed" });
  });

  it("keeps quotas that are far from their limits from being news", async () => {
    const { harness, key, api } = await quiet();
    const quota = (usage: number) =>
      api.resources.setProject(PROJECT, { quotas: [{ metric: "URL_MAPS", limit: 100, usage }] });
    quota(10);
    await harness.pass(2 * MINUTE);
    harness.told.length = 0;
    quota(20);
    await harness.pass(2 * MINUTE);
    expect(harness.told).toEqual([]);
    quota(90);
    await harness.pass(2 * MINUTE);
    expect(harness.told).toEqual([key]);
    expect(harness.balancer(key).quotas).toMatchObject({ value: [{ metric: "URL_MAPS", usage: 90 }] });
  });
});

describe("subscribers", () => {
  it("hear of the Ingresses whose answer changed, and of no other", async () => {
    const { harness, key, api } = await quiet();
    putBackend(api.resources, 2);
    putFrontend(api.resources, 2);
    const other = harness.add(builtIngress(2), ["shop/web-2"]);
    await harness.pass(2 * MINUTE);
    harness.told.length = 0;
    putHealth(api.resources, 2, { state: "UNHEALTHY" });
    await harness.pass(6 * MINUTE);
    expect(new Set(harness.told)).toEqual(new Set([other]));
    api.resources.remove(link("urlMaps", "k8s2-lab-shop-ing-1"));
    harness.told.length = 0;
    await harness.pass(2 * MINUTE);
    expect(new Set(harness.told)).toEqual(new Set([key]));
  });

  it("hear nothing while nothing changes", async () => {
    const { harness } = await quiet();
    harness.told.length = 0;
    await harness.pass(30 * MINUTE);
    expect(harness.told).toEqual([]);
  });

  it("make health of a deleted Ingress' backends no longer read", async () => {
    const { harness, key, api } = await quiet("UNHEALTHY");
    harness.remove(key);
    api.resources.remove(link("urlMaps", "k8s2-lab-shop-ing-1"));
    await harness.pass(2 * MINUTE);
    api.calls.length = 0;
    await harness.pass(10 * MINUTE);
    expect(api.count("health")).toBe(0);
    expect(api.count("list urlMaps")).toBe(10);
  });
});

describe("the pace", () => {
  it("is one list of each collection a minute, whatever the number of Ingresses", async () => {
    const { harness, api } = await quiet();
    for (let index = 2; index < 12; index++) harness.add(builtIngress(index), ["shop/web-1"]);
    await harness.pass(2 * MINUTE);
    api.calls.length = 0;
    await harness.pass(10 * MINUTE);
    expect(api.count("list urlMaps")).toBe(10);
    expect(api.count("list backendServices")).toBe(10);
    expect(api.count("project")).toBe(10);
  });

  it("looks at unhealthy endpoints every 20 seconds, at healthy ones every 5 minutes", async () => {
    const healthy = await quiet();
    healthy.api.calls.length = 0;
    await healthy.harness.pass(30 * MINUTE);
    expect(healthy.api.count("health")).toBe(6);
    const unhealthy = await quiet("UNHEALTHY");
    unhealthy.api.calls.length = 0;
    await unhealthy.harness.pass(10 * MINUTE);
    expect(unhealthy.api.count("health")).toBe(30);
  });

  it("looks soon after somebody asks about an Ingress, and not twice within 20 seconds", async () => {
    const { harness, key, api } = await quiet();
    api.calls.length = 0;
    for (let second = 0; second < 19; second++) {
      harness.ask(key);
      await harness.pass(1_000);
    }
    expect(api.count("health")).toBe(1);
  });

  it("looks when the number of endpoints of a NEG changed", async () => {
    const { harness, key, api } = await quiet();
    putHealth(api.resources, 1, { addresses: ["10.4.0.1", "10.4.0.2"], state: "UNHEALTHY" });
    await harness.pass(MINUTE + 2_000);
    expect(harness.states(key)).toEqual(["UNHEALTHY", "UNHEALTHY"]);
  });

  it("spends no call on a NEG without endpoints, and none on endpoints that the health names", async () => {
    const { harness, key, api } = await quiet();
    expect(api.count("endpoints")).toBe(0);
    putHealth(api.resources, 1, { addresses: [] });
    await harness.pass(2 * MINUTE);
    api.calls.length = 0;
    await harness.pass(10 * MINUTE);
    expect(api.count("health") + api.count("endpoints")).toBe(0);
    expect(harness.balancer(key).negs).toMatchObject({ value: [{ endpoints: { value: [] } }] });
  });

  it("lists endpoints where the health does not name them all", async () => {
    const { harness, key, api } = await quiet();
    const group = link("networkEndpointGroups", builtName(1), "zones/us-central1-a");
    api.resources.setEndpoints(group, [
      { networkEndpoint: { ipAddress: "10.4.0.1", port: 8080 } },
      { networkEndpoint: { ipAddress: "10.4.0.9", port: 8080 } },
    ]);
    await harness.pass(2 * MINUTE);
    expect(harness.balancer(key).negs).toMatchObject({
      value: [{ endpoints: { value: [{ address: "10.4.0.1" }, { address: "10.4.0.9" }] } }],
    });
  });
});

describe("a failing API", () => {
  const reasons: Readonly<Partial<Record<ComputeFailureKind, string>>> = {
    denied: "forbidden",
    "api-disabled": "forbidden",
    unauthorized: "forbidden",
    throttled: "failed",
    unavailable: "failed",
    timeout: "failed",
    malformed: "failed",
  };

  it.each(Object.entries(reasons))("answers %s with reason %s within five minutes", async (kind, reason) => {
    const { harness, key, api } = await quiet();
    api.failure = { kind: kind as ComputeFailureKind };
    await harness.pass(5 * MINUTE);
    const observed = harness.ask(key);
    const part = observed?.known ? observed.value.urlMaps : observed;
    expect(part).toMatchObject({ known: false, reason });
    expect(part).toHaveProperty("needs", expect.stringMatching(/\w/));
  });

  it.each(["unauthorized", "throttled", "unavailable", "timeout", "malformed"] as const)(
    "costs few calls while it answers %s, and is caught up with a minute after",
    async (kind) => {
      const { harness, key, api } = await quiet("UNHEALTHY");
      api.failure = { kind };
      api.calls.length = 0;
      await harness.pass(5 * MINUTE);
      expect(api.calls.length).toBeLessThan(5 * 20);
      api.failure = undefined;
      await harness.pass(MINUTE + 5_000);
      expect(harness.states(key)).toEqual(["UNHEALTHY"]);
    },
  );

  it("keeps what was read through a minute of failures", async () => {
    const { harness, api } = await quiet();
    harness.told.length = 0;
    api.failure = { kind: "unavailable" };
    api.calls.length = 0;
    await harness.pass(MINUTE + 30_000);
    expect(api.calls.length).toBeGreaterThan(0);
    api.failure = undefined;
    await harness.pass(5 * MINUTE);
    expect(harness.told).toEqual([]);
  });

  it("is asked for a denied permission once in ten minutes, for others as ever", async () => {
    const { harness, key, api } = await quiet();
    api.failure = { kind: "denied", of: "list urlMaps" };
    await harness.pass(2 * MINUTE);
    expect(harness.balancer(key).urlMaps).toMatchObject({
      known: false,
      reason: "forbidden",
      needs: "role with compute.urlMaps.list",
    });
    api.calls.length = 0;
    await harness.pass(20 * MINUTE);
    expect(api.count("list urlMaps")).toBe(2);
    expect(api.count("list backendServices")).toBe(20);
  });

  it("names the permission that health takes", async () => {
    const { harness, key, api } = await quiet();
    api.failure = { kind: "denied", of: "health" };
    harness.ask(key);
    await harness.pass(MINUTE);
    expect(harness.balancer(key).backendServices).toMatchObject({
      value: [{ health: { known: false, needs: "role with compute.backendServices.get" } }],
    });
  });

  it("is left alone for as long as it asked", async () => {
    const { harness, api } = await quiet();
    api.failure = { kind: "throttled", retryAfterMs: 3 * MINUTE };
    await harness.pass(MINUTE);
    api.calls.length = 0;
    await harness.pass(MINUTE + 30_000);
    expect(api.calls).toEqual([]);
  });
});

describe("the documentation", () => {
  it("lists every permission that is used, and no other", () => {
    const page = readFileSync(join(import.meta.dirname, "../../docs/google-cloud.md"), "utf8");
    const listed = [...page.matchAll(/^ {2}- (compute\.\S+)$/gm)].map(([, permission]) => permission);
    const used = [...COLLECTION_NAMES.map(listPermission), ...Object.values(READ_PERMISSIONS)];
    expect(listed).toEqual(used.sort());
  });
});

describe("without credentials", () => {
  it("nothing is asked, and one unknown says what is missing", async () => {
    const missing = new ComputeFailure("no-credentials");
    const harness = new ReaderHarness({
      credentials: {
        headers: () => Promise.reject(missing),
        refuse: () => undefined,
        failure: () => missing,
        state: () => "absent",
      },
    });
    const key = harness.add(builtIngress(1), ["shop/web-1"]);
    harness.start();
    await harness.pass(10 * MINUTE);
    expect(harness.api.calls).toEqual([]);
    expect(harness.ask(key)).toEqual({
      known: false,
      source: "loadBalancer",
      reason: "not-configured",
      needs:
        "Google credentials: Workload Identity in a cluster, gcloud auth application-default login elsewhere",
    });
  });
});

describe("1,000 Ingresses on 200 backend services in three zones", () => {
  const zones = ["us-central1-a", "us-central1-b", "us-central1-c"];

  /** Calls per minute over half an hour of quiet, with every `unhealthyEvery`th backend service unhealthy. */
  async function callsPerMinute(unhealthyEvery: number | undefined): Promise<number> {
    const harness = new ReaderHarness({ region: "us-central1" });
    const { resources } = harness.api;
    for (let index = 0; index < 200; index++) {
      const isUnhealthy = unhealthyEvery !== undefined && index % unhealthyEvery === 0;
      putBackend(resources, index, { zones, state: isUnhealthy ? "UNHEALTHY" : "HEALTHY" });
    }
    for (let index = 0; index < 1_000; index++) {
      putFrontend(resources, index, index % 200);
      harness.add(builtIngress(index), [`shop/web-${index % 200}`]);
    }
    harness.start();
    await harness.pass(20 * MINUTE);
    harness.api.calls.length = 0;
    harness.told.length = 0;
    await harness.pass(30 * MINUTE);
    expect(harness.told).toEqual([]);
    return Math.round(harness.api.calls.length / 30);
  }

  it("cost the calls per minute that the documentation says, below the cap of 300", async () => {
    const healthy = await callsPerMinute(undefined);
    const unhealthy = await callsPerMinute(20);
    const page = readFileSync(join(import.meta.dirname, "../../docs/google-cloud.md"), "utf8");
    expect(page).toContain(`| all healthy | ${healthy} |`);
    expect(page).toContain(`| 5 % of the backend services unhealthy | ${unhealthy} |`);
    expect(Math.max(healthy, unhealthy)).toBeLessThan(CALLS_PER_MINUTE);
  }, 120_000);
});
