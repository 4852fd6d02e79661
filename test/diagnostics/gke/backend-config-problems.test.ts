import { describe, expect, it } from "vitest";
import { checkBackendConfig } from "../../../src/diagnostics/gke/backend-config-problems.ts";
import type { Product } from "../../../src/diagnostics/gke/ingress-class.ts";
import { lookupIn } from "../../../src/diagnostics/gke/lookup.ts";
import type { BackendConfig, SecretFacts } from "../../../src/model/gke-config.ts";
import { known, type Observed } from "../../../src/model/observed.ts";
import { backendConfig, notRead, ref, snapshot } from "../../support/builders.ts";

function secret(name: string, ...keys: string[]): SecretFacts {
  return { ref: ref("v1", "Secret", name), type: "Opaque", keys };
}

function check(
  changes: Partial<BackendConfig>,
  product: Product = "external",
  secrets: Observed<readonly SecretFacts[]> = known([]),
) {
  return checkBackendConfig(backendConfig(changes), product, lookupIn(snapshot({ secrets })));
}

function problems(...given: Parameters<typeof check>) {
  return check(...given).problems;
}

const cdn = (enabled: boolean, ...signedUrlSecrets: string[]) => ({ enabled, signedUrlSecrets });

describe("a BackendConfig that the controller takes", () => {
  it.each<Partial<BackendConfig>>([
    {},
    { iap: { enabled: true } },
    { iap: { enabled: true }, cdn: cdn(false) },
    { iap: { enabled: false, secretName: "absent" }, cdn: cdn(true) },
    { cdn: cdn(false, "absent") },
    { sessionAffinity: {} },
    { sessionAffinity: { type: "" } },
    { sessionAffinity: { type: "NONE", cookieTtlSec: 0 } },
    { sessionAffinity: { type: "CLIENT_IP", cookieTtlSec: 86_400 } },
    { sessionAffinity: { type: "GENERATED_COOKIE" } },
    { logging: {} },
    { logging: { enable: true, sampleRate: 0 } },
    { logging: { sampleRate: 1 } },
    { timeoutSec: -1, healthCheck: { type: "TCP", port: 0 } },
  ])("%j", (changes) => {
    expect(check(changes)).toEqual({ problems: [], undecided: [] });
  });
});

describe("a BackendConfig that the controller refuses", () => {
  it.each<[Partial<BackendConfig>, object]>([
    [
      { iap: { enabled: true }, cdn: cdn(true) },
      { kind: "iap-with-cdn", field: "spec.cdn.enabled" },
    ],
    [
      { sessionAffinity: { type: "COOKIE" } },
      { kind: "affinity-type", field: "spec.sessionAffinity.affinityType", value: "COOKIE" },
    ],
    [
      { sessionAffinity: { type: "none" } },
      { kind: "affinity-type", field: "spec.sessionAffinity.affinityType", value: "none" },
    ],
    [
      { sessionAffinity: { cookieTtlSec: 86_401 } },
      { kind: "affinity-ttl", field: "spec.sessionAffinity.affinityCookieTtlSec", value: 86_401 },
    ],
    [
      { sessionAffinity: { cookieTtlSec: -1 } },
      { kind: "affinity-ttl", field: "spec.sessionAffinity.affinityCookieTtlSec", value: -1 },
    ],
    [{ logging: { sampleRate: 1.1 } }, { kind: "sample-rate", field: "spec.logging.sampleRate", value: 1.1 }],
    [
      { logging: { enable: false, sampleRate: -0.1 } },
      { kind: "sample-rate", field: "spec.logging.sampleRate", value: -0.1 },
    ],
  ])("%j", (changes, problem) => {
    expect(problems(changes)).toEqual([problem]);
  });

  it.each(["iap", "cdn"] as const)("has %s on a regional external load balancer", (feature) => {
    const changes = { iap: { enabled: feature === "iap" }, cdn: cdn(feature === "cdn") };
    const problem = {
      kind: "unsupported-by-product",
      field: `spec.${feature}.enabled`,
      product: "regional-external",
    };
    expect(problems(changes, "regional-external")).toEqual([problem]);
    expect(problems(changes, "internal")).toEqual([]);
  });

  it("has problems in the controller's order", () => {
    const everything: Partial<BackendConfig> = {
      iap: { enabled: true, secretName: "gone" },
      cdn: cdn(true, "lost"),
      sessionAffinity: { type: "X", cookieTtlSec: -1 },
      logging: { sampleRate: 2 },
    };
    expect(problems(everything, "regional-external").map(({ kind, field }) => `${kind} ${field}`)).toEqual([
      "unsupported-by-product spec.iap.enabled",
      "secret-missing spec.iap.oauthclientCredentials.secretName",
      "iap-with-cdn spec.cdn.enabled",
      "unsupported-by-product spec.cdn.enabled",
      "secret-missing spec.cdn.signedUrlKeys[0].secretName",
      "affinity-type spec.sessionAffinity.affinityType",
      "affinity-ttl spec.sessionAffinity.affinityCookieTtlSec",
      "sample-rate spec.logging.sampleRate",
    ]);
  });
});

describe("Secrets of a BackendConfig", () => {
  const iap = { iap: { enabled: true, secretName: "iap" } };
  const iapField = "spec.iap.oauthclientCredentials.secretName";

  it("have both keys of IAP", () => {
    expect(check(iap, "external", known([secret("iap", "client_id", "client_secret")]))).toEqual({
      problems: [],
      undecided: [],
    });
    expect(problems(iap, "external", known([secret("iap", "client_id")]))).toEqual([
      { kind: "secret-key-missing", field: iapField, secret: "iap", key: "client_secret" },
    ]);
    expect(problems(iap, "external", known([secret("iap", "client_secret")]))).toEqual([
      { kind: "secret-key-missing", field: iapField, secret: "iap", key: "client_id" },
    ]);
  });

  it("exist, in the BackendConfig's namespace", () => {
    const elsewhere = {
      ...secret("iap", "client_id", "client_secret"),
      ref: ref("v1", "Secret", "iap", "x"),
    };
    expect(problems(iap, "external", known([elsewhere]))).toEqual([
      { kind: "secret-missing", field: iapField, secret: "iap" },
    ]);
  });

  it("have the signing key of the CDN, each of them", () => {
    const secrets = known([secret("good", "key_value"), secret("bad", "key")]);
    expect(problems({ cdn: cdn(true, "good", "bad") }, "external", secrets)).toEqual([
      {
        kind: "secret-key-missing",
        field: "spec.cdn.signedUrlKeys[1].secretName",
        secret: "bad",
        key: "key_value",
      },
    ]);
  });

  it("that could not be read leave the question open, and other problems told", () => {
    const unread = notRead("secrets");
    expect(check({ ...iap, logging: { sampleRate: 2 } }, "external", unread)).toEqual({
      problems: [{ kind: "sample-rate", field: "spec.logging.sampleRate", value: 2 }],
      undecided: [unread],
    });
    expect(check({ cdn: cdn(true, "a") }, "external", unread)).toEqual({ problems: [], undecided: [unread] });
  });
});
