import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { link, PROJECT, putBackend, resource } from "../gcp/compute-resources.ts";
import { type Recording, readRecordings } from "../recordings/recording.ts";
import { describeWithShared, hasShared, sharedPath } from "../support/shared.ts";
import { RPCS, unknownFields } from "./compute-api/api-description.ts";
import { ComputeEmulator } from "./compute-api/emulator.ts";

const emulator = new ComputeEmulator({ checkAnswers: true });
let base = "";

beforeAll(async () => {
  base = `${await emulator.start()}/compute/v1/projects/${PROJECT}`;
});
afterAll(() => emulator.stop());
beforeEach(() => {
  emulator.resources.clear();
  emulator.fail();
  emulator.problems.length = 0;
});

async function get(path: string) {
  const answer = await fetch(base + path);
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

async function post(path: string, body: object) {
  const answer = await fetch(base + path, { method: "POST", body: JSON.stringify(body) });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

function namesOf(items: unknown): readonly string[] {
  return (items as readonly { readonly name: string }[]).map(({ name }) => name);
}

describe("the emulated API", () => {
  it("has the routes of the API description, reads only", () => {
    expect(RPCS.length).toBeGreaterThan(55);
    expect(RPCS.filter(({ template }) => !template.startsWith("/compute/v1/projects/{project}"))).toEqual([]);
    const posts = RPCS.filter(({ verb }) => verb === "POST").map(({ name }) => name);
    expect(posts.sort()).toEqual([
      "BackendServices.GetHealth",
      "NetworkEndpointGroups.ListNetworkEndpoints",
      "RegionBackendServices.GetHealth",
    ]);
  });

  it("lists a scope, and all scopes together", async () => {
    emulator.resources.put(resource("addresses", "a"));
    emulator.resources.put(resource("addresses", "b", {}, "regions/us-central1"));
    expect(namesOf((await get("/global/addresses")).body.items)).toEqual(["a"]);
    expect(namesOf((await get("/regions/us-central1/addresses")).body.items)).toEqual(["b"]);
    expect((await get("/aggregated/addresses")).body.items).toMatchObject({
      global: { addresses: [{ name: "a" }] },
      "regions/us-central1": { addresses: [{ name: "b" }] },
    });
  });

  it("says which scope has nothing", async () => {
    expect((await get("/aggregated/urlMaps")).body.items).toMatchObject({
      global: { warning: { code: "NO_RESULTS_ON_PAGE" } },
    });
  });

  it("pages as asked", async () => {
    for (const name of ["a", "b", "c"]) emulator.resources.put(resource("firewalls", name));
    const first = (await get("/global/firewalls?maxResults=2")).body;
    expect(namesOf(first.items)).toEqual(["a", "b"]);
    const second = (await get(`/global/firewalls?maxResults=2&pageToken=${first.nextPageToken}`)).body;
    expect(namesOf(second.items)).toEqual(["c"]);
    expect(second.nextPageToken).toBeUndefined();
  });

  it("answers one resource, or that it was not found", async () => {
    emulator.resources.put(resource("urlMaps", "web", { defaultService: "x" }));
    expect((await get("/global/urlMaps/web")).body).toMatchObject({ name: "web", defaultService: "x" });
    expect(await get("/global/urlMaps/gone")).toEqual({
      status: 404,
      body: {
        error: {
          code: 404,
          message: `The resource 'projects/${PROJECT}/global/urlMaps/gone' was not found`,
          errors: [
            {
              message: `The resource 'projects/${PROJECT}/global/urlMaps/gone' was not found`,
              domain: "global",
              reason: "notFound",
            },
          ],
        },
      },
    });
  });

  it("answers health by group, and refuses a group that is not attached", async () => {
    putBackend(emulator.resources, 1);
    const path = "/global/backendServices/k8s1-lab-shop-web-1/getHealth";
    const group = link("networkEndpointGroups", "k8s1-lab-shop-web-1", "zones/us-central1-a");
    expect((await post(path, { group })).body).toMatchObject({
      healthStatus: [{ ipAddress: "10.4.0.1", healthState: "HEALTHY" }],
    });
    expect((await post(path, { group: "other" })).status).toBe(400);
  });

  it("answers quotas of project and region", async () => {
    const quotas = [{ metric: "URL_MAPS", limit: 10, usage: 1 }];
    emulator.resources.setProject(PROJECT, { quotas });
    emulator.resources.put({
      name: "us-central1",
      selfLink: `https://www.googleapis.com/compute/v1/projects/${PROJECT}/regions/us-central1`,
      quotas,
    });
    expect((await get("")).body).toMatchObject({ quotas });
    expect((await get("/regions/us-central1")).body).toMatchObject({ quotas });
    expect(namesOf((await get("/regions")).body.items)).toEqual(["us-central1"]);
  });

  it("knows no writes", async () => {
    const answer = await fetch(`${base}/global/urlMaps/web`, { method: "DELETE" });
    expect(answer.status).toBe(404);
    expect(emulator.problems).toHaveLength(1);
  });

  it("fails only the calls it is told to, as often as it is told", async () => {
    emulator.fail({ fault: "unavailable", rpc: "UrlMaps.List", times: 1 });
    expect((await get("/global/firewalls")).status).toBe(200);
    expect((await get("/global/urlMaps")).status).toBe(503);
    expect((await get("/global/urlMaps")).status).toBe(200);
  });
});

describe("the check of answers", () => {
  it("finds planted fields, in maps and lists too", () => {
    const item = { name: "web", hostrules: [], hostRules: [{ hosts: [], colour: "red" }] };
    const answer = { items: { global: { urlMaps: [item] } } };
    expect(unknownFields("UrlMapsAggregatedList", answer)).toEqual([
      "items.global.urlMaps[0].hostrules",
      "items.global.urlMaps[0].hostRules[0].colour",
    ]);
  });

  it("is made of every answer", async () => {
    emulator.resources.put(resource("urlMaps", "web", { colour: "red" }));
    await get("/global/urlMaps/web");
    expect(emulator.problems).toEqual(["UrlMaps.Get: colour"]);
  });
});

describeWithShared("recorded Compute objects", () => {
  const recordings: readonly Recording[] = hasShared("recordings")
    ? readRecordings(sharedPath("recordings")).filter(({ compute }) => compute !== undefined)
    : [];

  it("have only fields that the API declares, in every recording", async () => {
    const lists = RPCS.filter(({ name }) => /^(?!Region).*\.(AggregatedList|List)$/.test(name));
    const paths = lists
      .map(({ template }) => template.replace("/compute/v1/projects/{project}", ""))
      .filter((path) => !path.includes("{"));
    expect(recordings.length).toBeGreaterThan(50);
    for (const { compute } of recordings) {
      emulator.resources.load(compute ?? {});
      for (const path of paths) await get(path);
    }
    expect([...new Set(emulator.problems)]).toEqual([]);
    expect(emulator.count()).toBeGreaterThan(recordings.length * 15);
  }, 60_000);
});
