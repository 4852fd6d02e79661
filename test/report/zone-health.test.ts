import { expect, it } from "vitest";
import { known, unknown } from "../../src/model/observed.ts";
import { zoneHealth } from "../../src/report/zone-health.ts";
import { endpoint } from "../support/builders.ts";
import { health } from "../support/load-balancers.ts";
import { entryOf, threeZones } from "./samples.ts";

it("counts what Kubernetes and Google see in each zone", () => {
  const [backend] = entryOf(threeZones()).backends;
  expect(backend?.zones).toEqual([
    { zone: "us-central1-a", ready: 2, notReady: 0, inGroup: 2, healthy: 2, unhealthy: 0 },
    { zone: "us-central1-b", ready: 2, notReady: 0, inGroup: 2, healthy: 0, unhealthy: 2 },
    { zone: "us-central1-c", ready: 2, notReady: 0, inGroup: 2, healthy: 0, unhealthy: 2 },
  ]);
});

it("keeps endpoints without a zone apart, and shows zones that only Google names", () => {
  const { zone: _, ...nowhere } = endpoint(1);
  const endpoints = known({
    slices: [],
    ready: [nowhere],
    notReady: [endpoint(2)],
    terminating: [],
    ports: [],
  });
  const draining = health(3, { zone: "us-central1-f", state: "DRAINING" });
  expect(zoneHealth({ endpoints }, [draining])).toEqual([
    { zone: "", ready: 1, notReady: 0, inGroup: 0, healthy: 0, unhealthy: 0 },
    { zone: "us-central1-a", ready: 0, notReady: 1, inGroup: 0, healthy: 0, unhealthy: 0 },
    { zone: "us-central1-f", ready: 0, notReady: 0, inGroup: 1, healthy: 0, unhealthy: 1 },
  ]);
});

it("counts nothing where nothing was read", () => {
  const endpoints = unknown("endpointSlices", "forbidden", "permission to list endpointslices");
  expect(zoneHealth({ endpoints }, undefined)).toEqual([]);
});
