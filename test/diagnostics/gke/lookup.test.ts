import { describe, expect, it } from "vitest";
import { lookupIn, SYSTEM_DEFAULT_BACKEND, SYSTEM_DEFAULT_KEY } from "../../../src/diagnostics/gke/lookup.ts";
import { known } from "../../../src/model/observed.ts";
import {
  backendConfig,
  notRead,
  ref,
  service,
  snapshot,
  systemDefaultBackend,
} from "../../support/builders.ts";

const secret = { ref: ref("v1", "Secret", "iap"), type: "Opaque", keys: ["client_id"] };

describe("a lookup in a snapshot", () => {
  const web = service();
  const elsewhere = service({ ref: ref("v1", "Service", "web", "other") });
  const config = backendConfig();
  const lookup = lookupIn(
    snapshot({
      services: known([elsewhere, web]),
      backendConfigs: known([config]),
      secrets: known([secret]),
    }),
  );

  it("finds objects by namespace and name", () => {
    expect(lookup.service("shop/web")).toEqual(known(web));
    expect(lookup.service("other/web")).toEqual(known(elsewhere));
    expect(lookup.backendConfig("shop/web-bc")).toEqual(known(config));
    expect(lookup.secret("shop/iap")).toEqual(known(secret));
  });

  it("knows that an object is not there", () => {
    expect(lookup.service("shop/api")).toEqual(known(undefined));
    expect(lookup.backendConfig("other/web-bc")).toEqual(known(undefined));
    expect(lookup.secret("shop/other")).toEqual(known(undefined));
  });

  it("takes the system default backend from its own place", () => {
    expect(lookup.service("kube-system/default-http-backend")).toEqual(known(systemDefaultBackend()));
    const unread = notRead("systemDefaultBackend");
    const without = lookupIn(snapshot({ systemDefaultBackend: unread }));
    expect(without.service("kube-system/default-http-backend")).toBe(unread);
  });

  it("knows the system default backend by its fixed name", () => {
    expect(SYSTEM_DEFAULT_KEY).toBe("kube-system/default-http-backend");
    expect(SYSTEM_DEFAULT_BACKEND).toEqual({
      namespace: "kube-system",
      service: "default-http-backend",
      port: { name: "http" },
    });
  });

  it("says what could not be read", () => {
    const unread = {
      services: notRead("services"),
      backendConfigs: notRead("backendConfigs"),
      secrets: notRead("secrets"),
    };
    const blind = lookupIn(snapshot(unread));
    expect(blind.service("shop/web")).toBe(unread.services);
    expect(blind.backendConfig("shop/web-bc")).toBe(unread.backendConfigs);
    expect(blind.secret("shop/iap")).toBe(unread.secrets);
  });
});
