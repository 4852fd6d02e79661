import { beforeEach, describe, expect, it } from "vitest";
import { COLLECTION_NAMES } from "../../src/gcp/collections.ts";
import { ComputeStore } from "../../src/gcp/compute-store.ts";
import { ComputeFailure } from "../../src/gcp/errors.ts";
import { GRACE_MS } from "../../src/gcp/tracked.ts";
import { health } from "../support/load-balancers.ts";

describe("how a collection stands", () => {
  let store: ComputeStore;
  beforeEach(() => {
    store = new ComputeStore(() => "lab-project");
  });

  /** State and time of one collection. */
  function reading(name: string) {
    const found = [...store.readings()].find(({ collection }) => collection === name);
    return found && [found.state, found.lastReadAt];
  }

  it("is not-synced before the first answer, for every collection that is listed", () => {
    expect([...store.readings()].map(({ collection }) => collection)).toEqual(COLLECTION_NAMES);
    expect(reading("urlMaps")).toEqual(["not-synced", undefined]);
  });

  it("is read with the time of the last answer, also where that was the same", () => {
    store.replace("urlMaps", [], 1_000);
    store.replace("urlMaps", [], 2_000);
    expect(reading("urlMaps")).toEqual(["read", 2_000]);
    expect(reading("firewalls")).toEqual(["not-synced", undefined]);
  });

  it("ages through failures that may pass, and then says failed", () => {
    store.replace("urlMaps", [], 1_000);
    const urlMaps = store.collection("urlMaps");
    urlMaps.fail(new ComputeFailure("timeout"), "compute.urlMaps.list", 0);
    expect(reading("urlMaps")).toEqual(["read", 1_000]);
    urlMaps.fail(new ComputeFailure("timeout"), "compute.urlMaps.list", GRACE_MS);
    expect(reading("urlMaps")).toEqual(["failed", 1_000]);
  });

  it("is forbidden at once when the permission is refused", () => {
    store.replace("urlMaps", [], 1_000);
    store.collection("urlMaps").fail(new ComputeFailure("denied"), "compute.urlMaps.list", 0);
    expect(reading("urlMaps")).toEqual(["forbidden", 1_000]);
  });

  it("is that of the oldest answer for health, and a refusal of any of them counts more than one to come", () => {
    expect(reading("health")).toBeUndefined();
    store.health("global/a").succeed([health(1)], 5_000);
    store.health("global/b").succeed([health(2)], 3_000);
    expect(reading("health")).toEqual(["read", 3_000]);
    store.health("global/c");
    expect(reading("health")).toEqual(["not-synced", 3_000]);
    store.health("global/d").fail(new ComputeFailure("denied"), "compute.backendServices.get", 0);
    expect(reading("health")).toEqual(["forbidden", 3_000]);
  });

  it("has the quotas' time, also where none of them is news", () => {
    const quota = { metric: "URL_MAPS", scope: "project", limit: 10, usage: 1 };
    store.replaceQuotas("project", [quota], 1_000);
    store.replaceQuotas("project", [{ ...quota, usage: 2 }], 2_000);
    expect(reading("quotas")).toEqual(["read", 2_000]);
  });
});
