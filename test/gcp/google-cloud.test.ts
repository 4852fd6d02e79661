import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Credentials } from "../../src/gcp/credentials.ts";
import { type Endpoint, isEmulator, parseEndpoint } from "../../src/gcp/endpoint.ts";
import { ComputeFailure } from "../../src/gcp/errors.ts";
import { GoogleCloud } from "../../src/gcp/google-cloud.ts";
import { findPlace, isNear } from "../../src/gcp/project.ts";
import { known, unknown } from "../../src/model/observed.ts";
import type { Node } from "../../src/model/pod.ts";
import { systemClock } from "../../src/telemetry/clock.ts";
import { ComputeEmulator } from "../simulator/compute-api/emulator.ts";
import { ingress, ref } from "../support/builders.ts";
import { putBackend, putFrontend } from "./compute-resources.ts";
import { RecordedMetrics } from "./compute-session.ts";

const emulator = new ComputeEmulator({ pageSize: 2, checkAnswers: true });
let endpoint: Endpoint | undefined;

beforeAll(async () => {
  endpoint = parseEndpoint(await emulator.start());
});
afterAll(() => emulator.stop());

const ignore = (): void => undefined;

function node(changes: Partial<Node>): Node {
  return {
    ref: ref("v1", "Node", "node-a"),
    ready: true,
    hasPodCidr: true,
    excluded: false,
    beingDeleted: false,
    addresses: [],
    ...changes,
  };
}

describe("the adapter against the emulator", () => {
  it("finds the project by the nodes and reads a load balancer with few sockets", async () => {
    for (let index = 0; index < 6; index++) {
      putBackend(emulator.resources, index, { zones: ["us-central1-a", "us-central1-b"] });
      putFrontend(emulator.resources, index);
    }
    const asked = ingress({ name: "ing-3", annotations: {} });
    const metrics = new RecordedMetrics();
    const google = new GoogleCloud({
      project: undefined,
      region: undefined,
      endpoint,
      nodes: { all: () => known([node({ project: "lab-project", zone: "us-central1-a" })]) },
      ingresses: { get: () => known(asked) },
      clock: systemClock,
      metrics,
      logger: { debug: ignore, info: ignore, warn: ignore, error: ignore },
      random: () => 0.5,
      callsPerMinute: 1_000_000,
    });
    google.start();
    await google.idle();
    google.reader.observe(asked, ["shop/web-3"]);
    await google.idle();
    google.stop();
    const observed = google.reader.observe(asked, ["shop/web-3"]);
    expect(observed).toMatchObject({
      value: {
        project: "lab-project",
        forwardingRules: { value: [{ name: "k8s2-lab-shop-ing-3", ingress: "shop/ing-3" }] },
        targetProxies: { value: [{ name: "k8s2-lab-shop-ing-3" }] },
        urlMaps: { value: [{ defaultService: "k8s1-lab-shop-web-3" }] },
        backendServices: { value: [{ health: { value: [{ state: "HEALTHY" }, { state: "HEALTHY" }] } }] },
        healthChecks: { value: [{ requestPath: "/" }] },
        negs: { value: [{ zone: "us-central1-a" }, { zone: "us-central1-b" }] },
      },
    });
    expect(emulator.problems).toEqual([]);
    expect(emulator.count("BackendServices.GetHealth")).toBe(2);
    expect(emulator.maxOpen).toBeLessThanOrEqual(4);
    expect(metrics.requests.filter((request) => !request.endsWith(" ok"))).toEqual([
      // The emulator has no regions; quotas of the project are there.
      "compute regions.get not-found",
    ]);
  }, 30_000);
});

describe("a user-set endpoint", () => {
  it.each([
    ["http://127.0.0.1:8085", { protocol: "http", apiEndpoint: "127.0.0.1", port: 8085 }],
    ["https://compute.example.com", { protocol: "https", apiEndpoint: "compute.example.com", port: 443 }],
    [
      "https://compute.example.com:8443/",
      { protocol: "https", apiEndpoint: "compute.example.com", port: 8443 },
    ],
  ])("is read: %s", (text, want) => {
    expect(parseEndpoint(text)).toEqual(want);
  });

  it.each([
    "127.0.0.1:8085",
    "http://compute.example.com",
    "http://127.0.0.1.example.com",
    "http://10.0.0.1:8085",
    "https://user@compute.example.com",
    "https://compute.example.com/path",
    "ftp://127.0.0.1",
    "",
  ])("is refused: %s", (text) => {
    expect(parseEndpoint(text)).toBeUndefined();
  });

  it("needs no identity only where it is an emulator on this machine", () => {
    expect(isEmulator({ protocol: "http", apiEndpoint: "127.0.0.1", port: 1 })).toBe(true);
    expect(isEmulator({ protocol: "https", apiEndpoint: "compute.example.com", port: 443 })).toBe(false);
  });
});

describe("the place of a cluster", () => {
  const metadata = (path: string) =>
    Promise.resolve(path === "instance/zone" ? "projects/1/zones/europe-west1-b" : "metadata-project");
  const nothing = { project: undefined, region: undefined };
  const nodes = () => [node({}), node({ project: "node-project", zone: "us-central1-a" })];

  it("is what the user set, before anything else", async () => {
    const configured = { project: "mine", region: "asia-east1" };
    expect(await findPlace({ configured, nodes, metadata })).toEqual({
      project: "mine",
      region: "asia-east1",
    });
  });

  it("is what the nodes say, before the metadata server", async () => {
    const place = { project: "node-project", region: "us-central1" };
    expect(await findPlace({ configured: nothing, nodes, metadata })).toEqual(place);
  });

  it("is what the metadata server says where no node tells", async () => {
    const place = { project: "metadata-project", region: "europe-west1" };
    expect(await findPlace({ configured: nothing, nodes: () => [], metadata })).toEqual(place);
  });

  it("is not guessed", async () => {
    const silent = () => Promise.resolve(undefined);
    expect(await findPlace({ configured: nothing, nodes: () => [], metadata: silent })).toBeUndefined();
  });

  it("is near its own region and zones and what is global", () => {
    const near = (scope: string) => isNear(scope, "us-central1");
    expect(["global", "us-central1", "us-central1-a"].filter(near)).toHaveLength(3);
    expect(["us-central2", "us-central10-a", "europe-west1"].filter(near)).toEqual([]);
    expect(isNear("europe-west1", undefined)).toBe(true);
  });
});

describe("an adapter that found no credentials", () => {
  it("says so before it reads anything, so that the first diagnosis need not be written twice", async () => {
    const denied = new ComputeFailure("no-credentials");
    let failure: ComputeFailure | undefined;
    const credentials: Credentials = {
      headers: () => {
        failure = denied;
        return Promise.reject(denied);
      },
      refuse: ignore,
      failure: () => failure,
      state: () => "refused",
    };
    const asked = ingress();
    const google = new GoogleCloud({
      project: "lab-project",
      region: undefined,
      endpoint,
      nodes: { all: () => known([]) },
      ingresses: { get: () => known(asked) },
      clock: systemClock,
      metrics: new RecordedMetrics(),
      logger: { debug: ignore, info: ignore, warn: ignore, error: ignore },
      random: () => 0.5,
      credentials,
    });
    expect(google.reader.observe(asked, [])).toMatchObject({ known: false, reason: "not-synced" });
    google.prepare();
    expect(google.reader.observe(asked, [])).toMatchObject({ known: false, reason: "not-configured" });
  });
});

describe("a cluster whose nodes are not listed yet", () => {
  it("is not asked Google about before they are", async () => {
    const before = emulator.count();
    const google = new GoogleCloud({
      project: "lab-project",
      region: undefined,
      endpoint,
      nodes: { all: () => unknown("nodes", "not-synced", "the first list") },
      ingresses: { get: () => known(undefined) },
      clock: { ...systemClock, after: () => ignore },
      metrics: new RecordedMetrics(),
      logger: { debug: ignore, info: ignore, warn: ignore, error: ignore },
      random: () => 0.5,
    });
    google.start();
    await new Promise((resolve) => setImmediate(resolve));
    expect(emulator.count()).toBe(before);
    google.stop();
  });
});
