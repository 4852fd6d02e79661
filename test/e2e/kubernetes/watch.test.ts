import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import type { Service } from "../../../src/model/service.ts";
import { TestClient } from "../../controlplane/client.ts";
import { waitFor } from "../../controlplane/eventually.ts";
import type { Manifest } from "../../controlplane/kube-object.ts";
import { createNamespace } from "../../controlplane/namespace.ts";
import { WatchUnderTest } from "./harness.ts";

const connection = inject("controlPlane");
let client: TestClient;
beforeAll(() => {
  client = new TestClient(connection);
});
afterAll(() => client.close());

describe("a watched namespace", () => {
  let namespace: string;
  let run: WatchUnderTest;
  beforeAll(async () => {
    namespace = await createNamespace(client, "watch");
    await client.create(service("first"));
    run = new WatchUnderTest({
      connection,
      kinds: ["services", "endpointSlices", "pods", "workloads", "events"],
      namespaces: [namespace],
    });
    await waitFor(() => run.watch.state("services").phase === "synced");
  });
  afterAll(() => run.stop());

  test("the first list is reported, then the phase, and one list was enough", () => {
    expect(run.changedNames).toContain("+first");
    expect(run.phases).toContainEqual({ kind: "services", phase: "synced" });
    expect(run.metrics.lists.filter(({ kind }) => kind === "services")).toHaveLength(1);
  });

  test("creation, change and deletion arrive as one change each, projected and frozen", async () => {
    const created = await client.create(service("second"));
    await waitFor(() => get("second"));
    await client.patch(created, { spec: { selector: { app: "other" } } });
    await waitFor(() => get("second")?.selector?.app === "other");
    await client.delete(created);
    await waitFor(() => get("second") === undefined);
    expect(run.changedNames.filter((name) => name.endsWith("second"))).toEqual([
      "+second",
      "~second",
      "-second",
    ]);
    expect(Object.isFrozen(get("first")?.ports)).toBe(true);
  });

  test("a change that alters no projected field is no change", async () => {
    const stored = await client.create(service("third"));
    await waitFor(() => get("third"));
    const condition = { type: "Example", status: "True", reason: "Test", message: "" };
    const conditions = [{ ...condition, lastTransitionTime: "2026-01-01T00:00:00Z" }];
    await client.patchStatus(stored, { status: { conditions } });
    // The marker was written later and seen through the same watch, so the first write was seen too.
    await client.create(service("marker"));
    await waitFor(() => get("marker"));
    expect(run.changedNames.filter((name) => name.endsWith("third"))).toEqual(["+third"]);
  });

  test("slices are found by Service and pods by label", async () => {
    await client.create(pod("a", { app: "web", tier: "front" }));
    await client.create(pod("b", { app: "web", tier: "back" }));
    const { pods, endpointSlices } = run.watch.listers;
    await waitFor(() => run.watch.state("pods").objects === 2);
    const names = (selector: Record<string, string>) => {
      const found = pods.matching(namespace, selector);
      return found.known ? found.value.map(({ ref }) => ref.name).sort() : found;
    };
    expect(names({ app: "web" })).toEqual(["a", "b"]);
    expect(names({ app: "web", tier: "back" })).toEqual(["b"]);
    expect(names({})).toEqual([]);
    expect(names({ constructor: "x" })).toEqual([]);
    await client.delete(pod("b", {}), { gracePeriodSeconds: 0 });
    await waitFor(() => run.watch.state("pods").objects === 1);
    expect(names({ tier: "back" })).toEqual([]);
    await waitFor(() => {
      const slices = endpointSlices.ofService(`${namespace}/first`);
      return slices.known && slices.value.length === 1 && slices.value[0]?.service === "first";
    });
  });

  test("Events about an object are found by kind and name", async () => {
    await client.create({
      apiVersion: "v1",
      kind: "Event",
      metadata: { name: "web.1", namespace },
      involvedObject: { kind: "Ingress", namespace, name: "web" },
      reason: "Sync",
      type: "Warning",
      message: "no backend",
    });
    await waitFor(() => {
      const found = run.watch.listers.events.about({ kind: "Ingress", namespace, name: "web" });
      return found.known && found.value.map(({ message }) => message).includes("no backend");
    });
  });

  test("two API types feed one kind, and a namespace that is not watched is unknown", async () => {
    expect(run.watch.state("workloads").phase).toBe("synced");
    expect(run.watch.listers.services.get("kube-system/x")).toMatchObject({
      known: false,
      reason: "not-configured",
      needs: "namespace kube-system among the watched namespaces",
    });
    expect(run.watch.listers.nodes.all()).toMatchObject({ known: false, reason: "not-configured" });
    expect(run.watch.state("nodes").phase).toBe("off");
  });

  function get(name: string): Service | undefined {
    const found = run.watch.listers.services.get(`${namespace}/${name}`);
    return found.known ? found.value : undefined;
  }

  function service(name: string): Manifest {
    const spec = { selector: { app: "web" }, ports: [{ name: "http", port: 80, targetPort: 8080 }] };
    return { apiVersion: "v1", kind: "Service", metadata: { name, namespace }, spec };
  }

  function pod(name: string, labels: Record<string, string>): Manifest {
    const spec = { containers: [{ name: "web", image: "registry.example.com/web:1" }] };
    return { apiVersion: "v1", kind: "Pod", metadata: { name, namespace, labels }, spec };
  }
});

test("an unreadable cluster is not synced, and stopping ends every attempt at once", async () => {
  const timings = { backoffMinMs: 20, backoffMaxMs: 100 };
  const server = "https://127.0.0.1:1";
  const run = new WatchUnderTest({ connection, server, kinds: ["services", "pods"], timings });
  await waitFor(() => run.metrics.endReasons.includes("reset"));
  expect(run.watch.listers.pods.all()).toEqual({
    known: false,
    source: "pods",
    reason: "not-synced",
    needs: "a first complete list of pods",
  });
  await run.stop();
  const ended = run.metrics.ended.length;
  // Far longer than the longest pause between attempts.
  await new Promise((resolve) => setTimeout(resolve, 600));
  expect(run.metrics.ended.length).toBe(ended);
});
