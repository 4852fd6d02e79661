import type { AddressInfo } from "node:net";
import { createServer, type Server } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { CloudReading } from "../../src/cli/cloud-reading.ts";
import { placeByName } from "../../src/cli/cluster-place.ts";
import { parseEndpoint } from "../../src/gcp/endpoint.ts";
import { known } from "../../src/model/observed.ts";
import { systemClock } from "../../src/telemetry/clock.ts";
import { putBackend, putFrontend } from "../gcp/compute-resources.ts";
import { ComputeEmulator } from "../simulator/compute-api/emulator.ts";
import { ingress } from "../support/builders.ts";
import { FakeClock } from "../support/fake-clock.ts";

const emulator = new ComputeEmulator();
/** Takes connections and says nothing. */
const silent: Server = createServer(() => undefined);
let [emulated, unanswered] = ["", ""];

beforeAll(async () => {
  emulated = await emulator.start();
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  unanswered = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
});
afterEach(() => vi.unstubAllEnvs());
afterAll(async () => {
  await emulator.stop();
  silent.close();
});

const ASKED = ingress({ name: "ing-1", annotations: {} });
const SERVICES = ["shop/web-1"] as const;

function reading(endpoint: string, clock: FakeClock | typeof systemClock, place = placeByName(undefined)) {
  return new CloudReading({
    google: { project: undefined, endpoint: parseEndpoint(endpoint) },
    place,
    nodes: () => known([]),
    clock,
  });
}

describe("a command's reading of Google Cloud", { timeout: 30_000 }, () => {
  test("finds the project by the name that gcloud gave the cluster, and reads to the end", async () => {
    putBackend(emulator.resources, 1);
    putFrontend(emulator.resources, 1);
    const cloud = reading(emulated, systemClock, placeByName("gke_lab-project_us-central1-a_prod"));
    await cloud.readFor(() => void cloud.reader.observe(ASKED, SERVICES));
    cloud.stop();
    expect(cloud.reader.observe(ASKED, SERVICES)).toMatchObject({
      value: { backendServices: { value: [{ health: { value: [{ state: "HEALTHY" }] } }] } },
    });
  });

  test("ends after 20 seconds when nobody answers, and says so", async () => {
    const clock = new FakeClock();
    const cloud = reading(unanswered, clock, { project: "lab-project", region: undefined });
    let hasEnded = false;
    const read = cloud
      .readFor(() => undefined)
      .then(() => {
        hasEnded = true;
      });
    await clock.pass(19_999);
    expect(hasEnded).toBe(false);
    await clock.pass(1);
    await read;
    cloud.stop();
    expect(cloud.reader.observe(ASKED, SERVICES)).toMatchObject({
      known: false,
      reason: "failed",
      needs: "an answer of the Compute Engine API within 20 s",
    });
  });

  test("looks for a metadata server on Google's machines only, unless the user chose otherwise", () => {
    vi.stubEnv("METADATA_SERVER_DETECTION", undefined);
    reading(emulated, systemClock);
    expect(process.env.METADATA_SERVER_DETECTION).toBe("bios-only");
    vi.stubEnv("METADATA_SERVER_DETECTION", "none");
    reading(emulated, systemClock);
    expect(process.env.METADATA_SERVER_DETECTION).toBe("none");
    vi.stubEnv("METADATA_SERVER_DETECTION", undefined);
    vi.stubEnv("GCE_METADATA_HOST", "127.0.0.1:1");
    reading(emulated, systemClock);
    expect(process.env.METADATA_SERVER_DETECTION).toBeUndefined();
  });
});

describe("the place of a cluster by its name in a kubeconfig", () => {
  test.each([
    ["gke_my-project_us-central1_prod", { project: "my-project", region: "us-central1" }],
    ["gke_my-project_europe-west1-b_prod-2", { project: "my-project", region: "europe-west1" }],
    ["gke_example.com:shop_asia-east1-a_x", { project: "example.com:shop", region: "asia-east1" }],
  ])("%s tells", (name, place) => expect(placeByName(name)).toEqual(place));

  test.each([
    "kind-kind",
    "gke_my-project",
    "gke_my-project_somewhere_prod",
    "my_gke_p_us-central1_prod",
    "",
  ])("%j does not", (name) => expect(placeByName(name)).toBeUndefined());
});
