import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { prunedProtos, usedServices } from "../../scripts/build-compute-protos.ts";

vi.setConfig({ testTimeout: 30_000 });

const require = createRequire(import.meta.url);
const { Root } = require("protobufjs") as { readonly Root: { fromJSON(json: object): Description } };

/** What protobuf.js makes of a description, as far as it is used here. */
interface Description {
  /** Throws where a name leads nowhere. */
  resolveAll(): unknown;
  lookupService(name: string): { readonly methods: Readonly<Record<string, object>> };
  lookupType(name: string): { fromObject(value: object): object; toObject(message: object): object };
}

const NAMESPACE = "google.cloud.compute.v1";
const whole: object = require("@google-cloud/compute/build/protos/protos.json");
const clients = readFileSync(join(import.meta.dirname, "../../src/gcp/compute-clients.ts"), "utf8");
const services = usedServices(clients);
const pruned = prunedProtos(whole, services);
const root = Root.fromJSON(pruned);

test("every type that a kept read needs is kept, in a tenth of the size", () => {
  expect(() => root.resolveAll()).not.toThrow();
  expect(JSON.stringify(pruned).length).toBeLessThan(JSON.stringify(whole).length / 10);
});

test("no service could be asked to change anything", () => {
  expect(services).toContain("UrlMaps");
  expect(services.length).toBeGreaterThan(10);
  for (const service of services) {
    const methods = Object.keys(root.lookupService(`${NAMESPACE}.${service}`).methods);
    expect(methods.length, service).toBeGreaterThan(0);
    expect(methods.filter((method) => !/^(?:Get|List|AggregatedList)/.test(method))).toEqual([]);
  }
});

test("what is kept reads as the whole does", () => {
  const service = {
    name: "web",
    backends: [{ group: "neg", balancingMode: "RATE", maxRatePerEndpoint: 5 }],
    healthChecks: ["hc"],
    logConfig: { enable: true, sampleRate: 0.5 },
    iap: { enabled: false },
  };
  const read = (description: Description) => {
    const type = description.lookupType(`${NAMESPACE}.BackendService`);
    return type.toObject(type.fromObject(service));
  };
  expect(read(root)).toEqual(read(Root.fromJSON(whole)));
  expect(read(root)).toMatchObject({ name: "web", backends: [{ group: "neg" }] });
});

test("a client that is not described is noticed while building", () => {
  expect(() => prunedProtos(whole, ["Nothings"])).toThrow("describes no service Nothings");
  expect(() => usedServices("")).toThrow("found no Compute client");
});
