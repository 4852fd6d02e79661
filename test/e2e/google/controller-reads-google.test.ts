import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually } from "../../controlplane/eventually.ts";
import { putHealth } from "../../gcp/compute-resources.ts";
import type { ComputeEmulator } from "../../simulator/compute-api/emulator.ts";
import { type Cluster, DIAGNOSIS } from "../reconciler/cluster.ts";
import type { ControllerUnderTest } from "../reconciler/controller-under-test.ts";
import {
  type EmulatedCluster,
  INGRESS,
  NAMESPACE,
  SERVICE,
  startEmulatedCluster,
} from "./emulated-cluster.ts";

let emulated: EmulatedCluster;
let cluster: Cluster;
let emulator: ComputeEmulator;
let controller: ControllerUnderTest;
let flags: readonly string[];

beforeAll(async () => {
  emulated = await startEmulatedCluster();
  ({ cluster, emulator, flags } = emulated);
  controller = await (await cluster.startController(...flags)).ready();
});
afterAll(() => emulated?.stop());

/** Endpoints of the Service's backend as the published diagnosis counts them. */
async function endpoints() {
  const { backends } = await cluster.status(NAMESPACE, INGRESS);
  return backends?.find(({ service }) => service === SERVICE)?.endpoints;
}

test("the diagnosis says what Google's probes find, and follows when that changes", async () => {
  await eventually(async () => expect(await endpoints()).toMatchObject({ healthy: 0, unhealthy: 1 }));
  putHealth(emulator.resources, 1, { state: "HEALTHY" });
  // Unhealthy endpoints are looked at every 20 seconds.
  await eventually(async () => expect(await endpoints()).toMatchObject({ healthy: 1, unhealthy: 0 }), {
    timeoutMs: 40_000,
  });
}, 60_000);

test("the metrics say the same, and how reading Google stands", async () => {
  const of = `namespace="${NAMESPACE}",ingress="${INGRESS}"`;
  const endpointsIn = (state: string) =>
    `ingress_doctor_endpoints{${of},service="${SERVICE}",port="80",zone="us-central1-a",state="${state}"}`;
  const call = 'client="compute",verb="backendServices.getHealth",code="ok"';
  await eventually(async () => {
    const page = await controller.page("metrics");
    expect(page).toContain(`${endpointsIn("healthy")} 1\n`);
    expect(page).toContain(`${endpointsIn("unhealthy")} 0\n`);
    expect(page).toContain('ingress_doctor_google_credentials{state="not-needed"} 1\n');
    expect(page).toContain('ingress_doctor_google_collection_state{collection="urlMaps",state="read"} 1\n');
    expect(page).toContain(`ingress_doctor_verdict{${of},verdict=`);
  });
  const pending = `ingress_doctor_url_map_pending_seconds{${of}}`;
  expect(await controller.page("metrics")).toContain(`${pending} `);
  expect(await controller.metric(`ingress_doctor_request_duration_seconds_count{${call}}`)).toBeGreaterThan(
    1,
  );
  const age =
    Date.now() / 1000 - (await controller.metric("ingress_doctor_oldest_diagnosis_timestamp_seconds"));
  expect(age).toBeLessThan(600);
}, 60_000);

test("a restart takes nothing back while Google is slow to answer", async () => {
  await controller.idle();
  const before = await standing();
  await controller.kill();
  // The first question for health hangs until it is given up after five seconds, and is asked again.
  emulator.fail({ fault: "hang", rpc: "BackendServices.GetHealth", times: 1 });
  controller = await (await cluster.startController(...flags)).ready();
  const calls = (code: string) =>
    controller.metric(
      `ingress_doctor_request_duration_seconds_count{client="compute",verb="backendServices.getHealth",code="${code}"}`,
    );
  await eventually(async () => expect(await calls("timeout")).toBe(1), { timeoutMs: 20_000 });
  expect(await standing()).toEqual(before);
  await eventually(async () => expect(await calls("ok")).toBeGreaterThan(0), { timeoutMs: 20_000 });
  await controller.idle();
  expect(await standing()).toEqual(before);
}, 90_000);

/** The diagnosis as it is stored, and the Events there are. */
async function standing() {
  const { metadata } = await cluster.client.get(DIAGNOSIS, INGRESS, NAMESPACE);
  const events = await cluster.events(NAMESPACE);
  return { version: metadata.resourceVersion, events: events.map((event) => event.metadata.name).sort() };
}
