import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { ApiFailure } from "../../../src/kubernetes/api-failure.ts";
import type { ApiClient } from "../../../src/kubernetes/transport.ts";
import { TestClient } from "../../controlplane/client.ts";
import { eventually, waitFor } from "../../controlplane/eventually.ts";
import type { Manifest } from "../../controlplane/kube-object.ts";
import { createNamespace } from "../../controlplane/namespace.ts";
import { TcpProxy } from "../../support/tcp-proxy.ts";
import { customResource } from "./custom-resource.ts";
import { type WatchSetup, WatchUnderTest } from "./harness.ts";

const connection = inject("controlPlane");
let client: TestClient;
let namespace: string;
let proxy: TcpProxy;
let run: WatchUnderTest;
beforeAll(() => {
  client = new TestClient(connection);
});
afterAll(() => client.close());
beforeEach(async () => {
  namespace = await createNamespace(client, "cut");
  proxy = await TcpProxy.start(connection.url);
});
afterEach(async () => {
  await run.stop();
  await proxy.stop();
});

/** A watch counts as healthy soon and as dead after 1.5 s, so that a test need not wait for bookmarks. */
const QUICK = { healthyAfterMs: 50, backoffMinMs: 50, backoffMaxMs: 400, recheckMs: 200 };

async function watchServices(setup: Partial<WatchSetup> = {}): Promise<void> {
  run = new WatchUnderTest({
    connection,
    server: proxy.url,
    kinds: ["services"],
    namespaces: [namespace],
    timings: QUICK,
    ...setup,
  });
  await waitFor(() => run.watch.state("services").phase === "synced");
}

describe("a watch that is cut loses no change and makes no new list", () => {
  test.each(["reset", "close"] as const)("by %s, 20 times under changes", async (how) => {
    await watchServices();
    for (let round = 0; round < 20; round += 1) {
      await create(`a-${round}`);
      proxy.cut(how);
      await create(`b-${round}`);
      await waitFor(() => names().length === 2 * (round + 1), { intervalMs: 5 });
    }
    await client.delete(service("a-0"));
    proxy.cut(how);
    await waitFor(() => !names().includes("a-0"), { intervalMs: 5 });
    expect(run.changedNames).toHaveLength(41);
    expect(run.metrics.lists).toHaveLength(1);
  });

  test("by a peer that falls silent, while objects come, change and go", async () => {
    await watchServices({ timings: { ...QUICK, idleMs: 1_500 } });
    await create("kept");
    await create("doomed");
    await waitFor(() => names().length === 2);
    proxy.freeze();
    await client.delete(service("doomed"));
    await client.patch(service("kept"), { spec: { selector: { app: "other" } } });
    await create("new");
    expect(names()).toEqual(["doomed", "kept"]);
    proxy.refuse();
    proxy.thaw();
    proxy.accept();
    await waitFor(() => names().join() === "kept,new");
    expect(run.changedNames).toEqual(["+doomed", "+kept", "-doomed", "~kept", "+new"].sort(byFirstSeen(run)));
    expect(run.metrics.lists).toHaveLength(1);
  });

  test("by a peer that never comes back: the idle limit finds it", async () => {
    await watchServices({ timings: { ...QUICK, idleMs: 1_000 } });
    proxy.freeze();
    await create("meanwhile");
    await waitFor(() => run.metrics.endReasons.includes("idle"));
    proxy.thaw();
    await waitFor(() => names().includes("meanwhile"));
    expect(run.metrics.lists).toHaveLength(1);
  });

  test("by a server that is away for a while", async () => {
    await watchServices();
    await create("before");
    await waitFor(() => names().length === 1);
    proxy.refuse();
    await create("during");
    await client.delete(service("before"));
    await waitFor(() => resets() > 3);
    expect(run.watch.state("services").phase).toBe("synced");
    proxy.accept();
    await waitFor(() => names().join() === "during");
    expect(run.metrics.lists).toHaveLength(1);
  });
});

test("a version the server no longer has leads to one new list, of which only differences are reported", async () => {
  // The server keeps no events from before the definition, so version 1 gets a real 410.
  const relic = customResource("Relic");
  await client.create(relic.definition);
  await eventually(() => client.create(relic.object(namespace, "same")));
  await client.create(relic.object(namespace, "doomed"));
  let outdated = false;
  const withOldVersion = (transport: ApiClient): ApiClient => ({
    call: (call) => transport.call(call),
    stream: (call, idleMs) => {
      if (!outdated || call.query?.resourceVersion === undefined) return transport.stream(call, idleMs);
      outdated = false;
      return transport.stream({ ...call, query: { ...call.query, resourceVersion: "1" } }, idleMs);
    },
  });
  run = new WatchUnderTest({
    connection,
    server: proxy.url,
    kinds: [relic.watched],
    namespaces: [namespace],
    timings: QUICK,
    wrap: withOldVersion,
  });
  await waitFor(() => run.watch.state("backendConfigs").phase === "synced");
  proxy.refuse();
  await client.delete(relic.object(namespace, "doomed"));
  await client.create(relic.object(namespace, "new"));
  outdated = true;
  proxy.accept();
  await waitFor(() => run.changes.length >= 4);
  expect(run.metrics.endReasons).toContain("gone");
  expect(run.metrics.lists.map(({ objects }) => objects)).toEqual([2, 2]);
  expect(run.changedNames).toEqual(["+doomed", "+same", "+new", "-doomed"]);
});

describe("a server that does not stream lists", () => {
  /** Refuses as an API server with the WatchList feature off does; everything else is the real server. */
  const withoutStreamedLists = (transport: ApiClient): ApiClient => ({
    call: (call) => transport.call(call),
    stream: (call, idleMs) =>
      call.query?.sendInitialEvents === undefined
        ? transport.stream(call, idleMs)
        : Promise.reject(new ApiFailure("invalid", { status: 422 })),
  });

  test("is listed in pages and then watched", async () => {
    for (let index = 0; index < 7; index += 1) await create(`s-${index}`);
    await watchServices({ wrap: withoutStreamedLists, timings: { ...QUICK, pageSize: 3 } });
    expect(names()).toHaveLength(7);
    expect(run.metrics.requests.filter((request) => request === "GET 2xx").length).toBeGreaterThanOrEqual(3);
    await create("later");
    await waitFor(() => names().includes("later"));
  });

  test("a list that breaks off infers nothing", async () => {
    const padding = "x".repeat(20_000);
    for (let index = 0; index < 7; index += 1) await create(`s-${index}`, { padding });
    let relist = false;
    const forgetful = (transport: ApiClient): ApiClient => {
      const inner = withoutStreamedLists(transport);
      return {
        ...inner,
        stream: (call, idleMs) =>
          relist && call.query?.watch !== undefined
            ? Promise.reject(new ApiFailure("gone"))
            : inner.stream(call, idleMs),
      };
    };
    await watchServices({ wrap: forgetful, timings: { ...QUICK, pageSize: 3 } });
    await waitFor(() => names().length === 7);
    relist = true;
    proxy.cut("reset");
    for (let attempt = 0; attempt < 5; attempt += 1) {
      // Somewhere inside the second page, whatever the connection carried before.
      proxy.cutAfterBytes(90_000 + attempt * 5_000);
      const seen = resets();
      await waitFor(() => resets() > seen);
      expect(names()).toHaveLength(7);
    }
    expect(run.changedNames.filter((name) => !name.startsWith("+"))).toEqual([]);
    relist = false;
    await create("later");
    await waitFor(() => names().includes("later"));
  });
});

function resets(): number {
  return run.metrics.ended.filter(({ reason }) => reason === "reset").length;
}

function names(): string[] {
  const found = run.watch.listers.services.inNamespace(namespace);
  return found.known ? found.value.map(({ ref }) => ref.name).sort() : [];
}

async function create(name: string, annotations: Record<string, string> = {}): Promise<void> {
  const manifest = service(name);
  await client.create({ ...manifest, metadata: { ...manifest.metadata, annotations } });
}

function service(name: string): Manifest {
  const spec = { selector: { app: "web" }, ports: [{ port: 80 }] };
  return { apiVersion: "v1", kind: "Service", metadata: { name, namespace }, spec };
}

/** Orders names as the run saw them, for comparing sets whose order the server decides. */
function byFirstSeen({ changedNames }: WatchUnderTest): (a: string, b: string) => number {
  return (a, b) => changedNames.indexOf(a) - changedNames.indexOf(b);
}
