import { createRequire } from "node:module";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { COLLECTION_NAMES } from "../../src/gcp/collections.ts";
import { ComputeFailure } from "../../src/gcp/errors.ts";
import { ComputeEmulator } from "../simulator/compute-api/emulator.ts";
import { FAULTS, type Fault } from "../simulator/compute-api/faults.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { link, putBackend, putFrontend, putInstanceGroup, resource } from "./compute-resources.ts";
import { computeSession } from "./compute-session.ts";

const emulator = new ComputeEmulator({ pageSize: 2, checkAnswers: true });
let base = "";

beforeAll(async () => {
  base = await emulator.start();
});
afterAll(() => emulator.stop());
beforeEach(() => {
  emulator.resources.clear();
  emulator.fail();
  emulator.calls.clear();
  emulator.problems.length = 0;
});

async function failureKind(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof ComputeFailure ? error.kind : `no failure: ${String(error)}`;
}

describe("reading through the client library", () => {
  it("follows pages across scopes", async () => {
    for (const name of ["a", "b", "c"]) emulator.resources.put(resource("urlMaps", name));
    emulator.resources.put(resource("urlMaps", "d", {}, "regions/us-central1"));
    const { api } = computeSession(base);
    const names: unknown[] = [];
    let token: string | undefined;
    do {
      const page = await api.page("urlMaps", token);
      names.push(...page.items.map((item) => (item as { name: string }).name));
      token = page.nextPageToken;
    } while (token !== undefined);
    expect(names).toEqual(["a", "b", "c", "d"]);
    expect(emulator.count("UrlMaps.AggregatedList")).toBe(2);
    expect(emulator.problems).toEqual([]);
  });

  it("keeps what the projections read: addresses, flags, numbers", async () => {
    putFrontend(emulator.resources, 1);
    putBackend(emulator.resources, 1);
    const { api } = computeSession(base);
    const [rule] = (await api.page("forwardingRules", undefined)).items;
    expect(rule).toMatchObject({ IPAddress: "203.0.113.1", portRange: "80-80" });
    putInstanceGroup(emulator.resources);
    const [instances] = (await api.page("instanceGroups", undefined)).items;
    expect(instances).toMatchObject({ size: 1, namedPorts: [{ name: "port30080", port: 30080 }] });
    const [service] = (await api.page("backendServices", undefined)).items;
    const group = link("networkEndpointGroups", "k8s1-lab-shop-web-1", "zones/us-central1-a");
    expect(service).toMatchObject({ backends: [{ group, capacityScaler: 1 }] });
    expect(await api.health({ backendService: "k8s1-lab-shop-web-1", scope: "global", group })).toMatchObject(
      { healthStatus: [{ ipAddress: "10.4.0.1", port: 8080, healthState: "HEALTHY" }] },
    );
    const endpoints = await api.endpoints({ zone: "us-central1-a", name: "k8s1-lab-shop-web-1" }, undefined);
    expect(endpoints.items).toMatchObject([{ networkEndpoint: { ipAddress: "10.4.0.1", port: 8080 } }]);
    expect(emulator.problems).toEqual([]);
  });

  it("calls a resource that is not there not-found", async () => {
    const { api } = computeSession(base);
    const query = { backendService: "gone", scope: "global", group: "g" };
    expect(await failureKind(api.health(query))).toBe("not-found");
  });

  it("counts every request with what came of it", async () => {
    const { api, metrics } = computeSession(base);
    await api.page("firewalls", undefined);
    emulator.fail({ fault: "forbidden" });
    await failureKind(api.page("firewalls", undefined));
    expect(metrics.requests).toEqual(["compute firewalls.list ok", "compute firewalls.list denied"]);
  });
});

describe("a failing API", () => {
  const want: Readonly<Record<Fault, string>> = {
    forbidden: "denied",
    "rate-limited-403": "throttled",
    "api-disabled": "api-disabled",
    "not-found": "not-found",
    unauthorized: "unauthorized",
    "too-many-requests": "throttled",
    "internal-error": "unavailable",
    unavailable: "unavailable",
    "bad-gateway-page": "unavailable",
    empty: "malformed",
    truncated: "malformed",
    reset: "unavailable",
    hang: "timeout",
    drip: "timeout",
    flood: "malformed",
  };

  it.each(FAULTS)("answers %s with its own kind, and recovers with the next call", async (fault) => {
    emulator.fail({ fault, times: 1 });
    const clock = new FakeClock();
    const { api } = computeSession(base, { clock });
    const failed = failureKind(api.page("urlMaps", undefined));
    await vi.waitFor(() => expect(emulator.count()).toBe(1), { timeout: 10_000 });
    await clock.pass(fault === "hang" || fault === "drip" ? 5_000 : 0);
    expect(await failed).toBe(want[fault]);
    expect(await failureKind(api.page("urlMaps", undefined))).toBe("no failure: undefined");
  });

  it.each(FAULTS.filter((fault) => !["hang", "drip", "flood"].includes(fault)))(
    "answers %s so for every read there is",
    async (fault) => {
      emulator.fail({ fault });
      const { api } = computeSession(base);
      const reads = [
        ...COLLECTION_NAMES.map((name) => api.page(name, undefined)),
        api.health({ backendService: "b", scope: "global", group: "g" }),
        api.health({ backendService: "b", scope: "us-central1", group: "g" }),
        api.endpoints({ zone: "us-central1-a", name: "n" }, undefined),
        api.project(),
        api.region("us-central1"),
      ];
      expect(new Set(await Promise.all(reads.map(failureKind)))).toEqual(new Set([want[fault]]));
    },
  );

  it("is asked once per call: the library does not retry by itself", async () => {
    emulator.fail({ fault: "unavailable" });
    const { api } = computeSession(base);
    await failureKind(api.page("urlMaps", undefined));
    expect(emulator.count()).toBe(1);
  });

  it("says how long it wants to be left alone", async () => {
    emulator.fail({ fault: "too-many-requests", retryAfter: 17 });
    const { api } = computeSession(base);
    const error = await api.page("urlMaps", undefined).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ kind: "throttled", retryAfterMs: 17_000 });
  });

  it("never has its errors decoded by google-gax, which would block the event loop", async () => {
    const gax = createRequire(import.meta.url)("google-gax");
    const parse = vi.spyOn(gax.GoogleError, "parseHttpError");
    emulator.fail({ fault: "forbidden" });
    const { api } = computeSession(base);
    for (let call = 0; call < 20; call++) await failureKind(api.page("urlMaps", undefined));
    expect(parse).not.toHaveBeenCalled();
    parse.mockRestore();
  });
});

describe("the transport", () => {
  it.each(["insert", "delete", "patch"])("refuses to %s", async (method) => {
    const { clients } = computeSession(base);
    const client = await clients.get("urlMaps");
    const call = client.innerApiCalls[method]?.(
      { project: "p", urlMap: "m", urlMapResource: {} },
      { retry: null, timeout: 1_000 },
    );
    const error = await call?.catch((reason: unknown) => reason);
    expect((error as Error).cause).toMatchObject({ kind: "rejected" });
    expect(emulator.count()).toBe(0);
    expect(emulator.problems).toEqual([]);
  });

  it("sends no more than its share in one window", async () => {
    const { transport } = computeSession(base, { callsPerMinute: 30 });
    const giveUp = new AbortController();
    const url = `${base}/compute/v1/projects/p/global/firewalls`;
    const calls = Array.from({ length: 5 }, () =>
      transport.fetch(url, { method: "GET", headers: new Headers(), signal: giveUp.signal }),
    );
    const rest = Promise.allSettled(calls.slice(3));
    await Promise.all(calls.slice(0, 3));
    // Three in six seconds make thirty a minute.
    expect(emulator.count()).toBe(3);
    giveUp.abort();
    expect((await rest).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(emulator.count()).toBe(3);
  });
});
