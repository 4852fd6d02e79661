import { describe, expect, it } from "vitest";
import {
  allowHttp,
  frontendConfigName,
  managedCertificateNames,
  preSharedCertificates,
  staticIp,
  suppressXpnError,
} from "../../../src/diagnostics/gke/ingress-annotations.ts";
import { builtObjects, reportedBackends } from "../../../src/diagnostics/gke/status-annotations.ts";
import { stringMap } from "../../../src/model/refs.ts";
import { ingress } from "../../support/builders.ts";

function annotated(annotations: Readonly<Record<string, string>>) {
  return ingress({ annotations: stringMap(annotations) });
}

const GLOBAL = "kubernetes.io/ingress.global-static-ip-name";
const REGIONAL = "kubernetes.io/ingress.regional-static-ip-name";

describe("allow-http", () => {
  const read = (raw: string) => allowHttp(annotated({ "kubernetes.io/ingress.allow-http": raw }));

  it("is true unless the annotation is a readable false", () => {
    expect(allowHttp(annotated({}))).toEqual({ kind: "absent", raw: "", effective: true });
    expect(read("true")).toEqual({ kind: "valid", raw: "true", effective: true });
    expect(read("f")).toEqual({ kind: "valid", raw: "f", effective: false });
    expect(read("no")).toEqual({ kind: "invalid", raw: "no", effective: true });
    expect(read("")).toEqual({ kind: "invalid", raw: "", effective: true });
  });
});

describe("suppress-firewall-xpn-error", () => {
  const read = (raw: string) =>
    suppressXpnError(annotated({ "networking.gke.io/suppress-firewall-xpn-error": raw }));

  it("is false unless the annotation is a readable true", () => {
    expect(suppressXpnError(annotated({}))).toEqual({ kind: "absent", raw: "", effective: false });
    expect(read("true")).toEqual({ kind: "valid", raw: "true", effective: true });
    expect(read("false")).toEqual({ kind: "valid", raw: "false", effective: false });
    expect(read("yes")).toEqual({ kind: "invalid", raw: "yes", effective: false });
  });
});

describe("static addresses", () => {
  it.each([
    [{}, { kind: "none" }],
    [{ [GLOBAL]: "", [REGIONAL]: "" }, { kind: "none" }],
    [{ [GLOBAL]: "a" }, { kind: "named", annotation: GLOBAL, name: "a" }],
    [{ [REGIONAL]: "b" }, { kind: "named", annotation: REGIONAL, name: "b" }],
    [
      { [GLOBAL]: "", [REGIONAL]: "b" },
      { kind: "named", annotation: REGIONAL, name: "b" },
    ],
    [
      { [GLOBAL]: "a", [REGIONAL]: "" },
      { kind: "named", annotation: GLOBAL, name: "a" },
    ],
    [
      { [GLOBAL]: "a", [REGIONAL]: "b" },
      { kind: "both", global: "a", regional: "b" },
    ],
  ])("%j", (annotations: Record<string, string>, choice) => {
    expect(staticIp(annotated(annotations))).toEqual(choice);
  });
});

describe("lists of names", () => {
  it("are split at commas, trimmed, without empty ones, in order", () => {
    const raw = " b ,a,, c\n,";
    const both = annotated({
      "ingress.gcp.kubernetes.io/pre-shared-cert": raw,
      "networking.gke.io/managed-certificates": `x${raw}`,
    });
    expect(preSharedCertificates(both)).toEqual(["b", "a", "c"]);
    expect(managedCertificateNames(both)).toEqual(["x b", "a", "c"]);
    expect(preSharedCertificates(annotated({}))).toEqual([]);
    expect(managedCertificateNames(annotated({}))).toEqual([]);
  });
});

describe("FrontendConfig", () => {
  it("is named, or not", () => {
    const key = "networking.gke.io/v1beta1.FrontendConfig";
    expect(frontendConfigName(annotated({ [key]: "web-fc" }))).toBe("web-fc");
    expect(frontendConfigName(annotated({ [key]: "" }))).toBeUndefined();
    expect(frontendConfigName(annotated({}))).toBeUndefined();
  });
});

describe("status annotations", () => {
  it("name everything that was built", () => {
    const built = annotated({
      "ingress.kubernetes.io/url-map": "um",
      "ingress.kubernetes.io/redirect-url-map": "rm",
      "ingress.kubernetes.io/forwarding-rule": "fr",
      "ingress.kubernetes.io/target-proxy": "tp",
      "ingress.kubernetes.io/https-forwarding-rule": "fs",
      "ingress.kubernetes.io/https-target-proxy": "ts",
      "ingress.kubernetes.io/static-ip": "ip",
      "ingress.kubernetes.io/ssl-cert": "a, b,",
    });
    expect(builtObjects(built)).toEqual({
      urlMap: "um",
      redirectUrlMap: "rm",
      forwardingRule: "fr",
      targetProxy: "tp",
      httpsForwardingRule: "fs",
      httpsTargetProxy: "ts",
      staticIp: "ip",
      sslCertificates: ["a", "b"],
    });
  });

  it("leave out what is absent or empty", () => {
    expect(builtObjects(annotated({ "ingress.kubernetes.io/url-map": "" }))).toEqual({ sslCertificates: [] });
  });

  it("give each backend service its state", () => {
    const read = (raw: string) => reportedBackends(annotated({ "ingress.kubernetes.io/backends": raw }));
    expect(read('{"k8s1-a":"HEALTHY","k8s-be-30000--x":"Unknown","k8s1-b":null}')).toMatchObject({
      kind: "valid",
      value: new Map([
        ["k8s1-a", "HEALTHY"],
        ["k8s-be-30000--x", "Unknown"],
        ["k8s1-b", ""],
      ]),
    });
    expect(read("Unknown")).toMatchObject({ kind: "invalid", raw: "Unknown" });
    expect(reportedBackends(annotated({}))).toEqual({ kind: "absent" });
  });
});
