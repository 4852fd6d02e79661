import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  contentHash,
  firewallRuleName,
  frontendNamesV1,
  frontendNamesV2,
  instanceGroupBackendName,
  instanceGroupName,
  isComputeName,
  negBackendName,
  negName,
  nodePortOfBackendName,
  pathMatcherName,
  trimFieldsEvenly,
} from "../../../src/diagnostics/gke/names.ts";

/** Vectors run with the controller's own code. */
const LONG = { namespace: "namespace".repeat(5), service: "name".repeat(9), port: 123 };

describe("names of backends", () => {
  it.each([
    [{ namespace: "default", service: "np", port: 80 }, "k8s1-uid1-default-np-80-26443c75"],
    [{ namespace: "namespace", service: "name", port: 123 }, "k8s1-uid1-namespace-name-123-35a3c5b0"],
    [LONG, "k8s1-uid1-namespacenamespacenam-namenamenamename-1-e3670135"],
  ])("%j is in NEG %s", (port, name) => {
    expect(negName("uid1", port)).toBe(name);
    expect(negBackendName("uid1", port, "external")).toBe(name);
    expect(negBackendName("uid1", port, "internal")).toBe(name);
  });

  it("have a mark on regional external load balancers, and two characters less for the fields", () => {
    expect(
      negBackendName("uid1", { namespace: "default", service: "np", port: 80 }, "regional-external"),
    ).toBe("k8s1-uid1-e-default-np-80-26443c75");
    expect(negBackendName("uid12345", LONG, "regional-external")).toHaveLength(63);
    expect(negName("uid12345", LONG)).toHaveLength(63);
  });

  it("take the first eight characters of the cluster UID, in the hash, too", () => {
    const port = { namespace: "app-139", service: "web", port: 80 };
    expect(negName("7c1e09d2a4b85f36", port)).toBe(negName("7c1e09d2", port));
    expect(negName("7c1e09d2a4b85f36", port)).toMatch(/^k8s1-7c1e09d2-app-139-web-80-[0-9a-f]{8}$/);
  });

  it("carry the node port of an instance group, readable again", () => {
    expect(instanceGroupBackendName("uid1", 30080)).toBe("k8s-be-30080--uid1");
    expect(instanceGroupBackendName("", 30080)).toBe("k8s-be-30080");
    expect(nodePortOfBackendName("k8s-be-30080--uid1")).toBe(30080);
    expect(nodePortOfBackendName("k8s-be-30080")).toBe(30080);
    for (const other of [
      "k8s-be-x--uid1",
      "k8s-be--uid1",
      "k8s1-be-30080--uid1",
      "k8s-be-30080-uid1",
      "a k8s-be-1",
    ]) {
      expect(nodePortOfBackendName(other)).toBeUndefined();
    }
  });

  it("have an instance group and a firewall rule in common", () => {
    expect(instanceGroupName("uid1")).toBe("k8s-ig--uid1");
    expect(instanceGroupName("")).toBe("k8s-ig");
    expect(firewallRuleName("fw1")).toBe("k8s-fw-l7--fw1");
    expect(firewallRuleName("")).toBe("k8s-fw-l7");
    expect(firewallRuleName("f".repeat(60))).toBe(`k8s-fw-l7--${"f".repeat(58)}0`);
  });
});

describe("names of a frontend, first scheme", () => {
  it("join namespace, Ingress and cluster UID", () => {
    const { sslCertificate, ...names } = frontendNamesV1("uid1", "default", "ing");
    expect(names).toEqual({
      loadBalancer: "default-ing--uid1",
      urlMap: "k8s-um-default-ing--uid1",
      redirectUrlMap: undefined,
      targetHttpProxy: "k8s-tp-default-ing--uid1",
      targetHttpsProxy: "k8s-tps-default-ing--uid1",
      forwardingRule: "k8s-fw-default-ing--uid1",
      httpsForwardingRule: "k8s-fws-default-ing--uid1",
    });
    expect(sslCertificate("cert")).toMatch(/^k8s-ssl-[0-9a-f]{16}-06298432e8066b29--uid1$/);
    expect(sslCertificate("cert").slice(8, 24)).not.toBe(
      frontendNamesV1("uid1", "default", "other").sslCertificate("cert").slice(8, 24),
    );
  });

  it("do without an empty UID, and do not repeat one", () => {
    expect(frontendNamesV1("", "default", "ing").urlMap).toBe("k8s-um-default-ing");
    expect(frontendNamesV1("", "default", "ing").sslCertificate("c")).not.toContain("--");
    expect(frontendNamesV1("uid1", "default", "ing--uid1").urlMap).toBe("k8s-um-default-ing--uid1");
    expect(frontendNamesV1("uid1", "default", "a--b--uid1").urlMap).toBe("k8s-um-default-a--b--uid1");
    expect(frontendNamesV1("uid1", "default", "a--uid1--b").urlMap).toBe("k8s-um-default-a--uid1--b--uid1");
    expect(frontendNamesV1("uid1", "default", "uid1").urlMap).toBe("k8s-um-default-uid1--uid1");
    expect(frontendNamesV1("uid1", "default", "a--b").urlMap).toBe("k8s-um-default-a--b--uid1");
  });

  it("are cut to 62 characters and a zero, the load balancer before its objects", () => {
    const short = frontendNamesV1("uid1", "ns", "x".repeat(53));
    expect(short.loadBalancer).toBe(`ns-${"x".repeat(53)}--uid1`);
    expect(short.loadBalancer).toHaveLength(62);
    const long = frontendNamesV1("uid1", "ns", "x".repeat(54));
    expect(long.loadBalancer).toBe(`ns-${"x".repeat(54)}--uid0`);
    expect(long.urlMap).toBe(`k8s-um-ns-${"x".repeat(52)}0`);
  });
});

describe("names of a frontend, second scheme", () => {
  it("follow the vector", () => {
    const { sslCertificate, ...names } = frontendNamesV2("kube-sys-uid", "default", "ing");
    const loadBalancer = "4l8ta9og-default-ing-qg6cyehl";
    expect(names).toEqual({
      loadBalancer,
      urlMap: `k8s2-um-${loadBalancer}`,
      redirectUrlMap: `k8s2-rm-${loadBalancer}`,
      targetHttpProxy: `k8s2-tp-${loadBalancer}`,
      targetHttpsProxy: `k8s2-ts-${loadBalancer}`,
      forwardingRule: `k8s2-fr-${loadBalancer}`,
      httpsForwardingRule: `k8s2-fs-${loadBalancer}`,
    });
    expect(sslCertificate("cert")).toBe(`k8s2-cr-4l8ta9og-${contentHash(loadBalancer, 16)}-06298432e8066b29`);
  });

  it("trim namespace and Ingress to 36 characters together", () => {
    const { urlMap } = frontendNamesV2("kube-sys-uid", "n".repeat(40), "i".repeat(40));
    expect(urlMap).toMatch(/^k8s2-um-4l8ta9og-n{18}-i{18}-[0-9a-z]{8}$/);
    expect(urlMap).toHaveLength(63);
  });
});

describe("pieces of names", () => {
  it("hash by SHA-256 bytes modulo 36", () => {
    // SHA-256 of the empty text starts e3 b0 c4 42.
    expect(contentHash("", 4)).toBe("bwgu");
    expect(contentHash("", 2)).toBe("bw");
  });

  it("trim longer fields by more, the total being exact", () => {
    expect(trimFieldsEvenly(6, ["abc", "def"])).toEqual(["abc", "def"]);
    expect(trimFieldsEvenly(5, ["abc", "def"])).toEqual(["abc", "de"]);
    expect(trimFieldsEvenly(6, ["abcdefgh", "ij"])).toEqual(["abcde", "i"]);
    expect(trimFieldsEvenly(3, ["ab", "cde"])).toEqual(["ab", "c"]);
  });

  it("trim any fields to the exact length", () => {
    // As long as every field keeps a character: the controller's own limits see to that.
    const field = fc.string({ minLength: 1, maxLength: 63 });
    fc.assert(
      fc.property(fc.tuple(field, field, field), fc.integer({ min: 31, max: 38 }), (fields, max) => {
        const trimmed = trimFieldsEvenly(max, fields);
        const total = fields.join("").length;
        expect(trimmed.join("").length).toBe(Math.min(total, max));
        for (const [index, part] of trimmed.entries()) expect(fields[index]?.startsWith(part)).toBe(true);
      }),
    );
  });

  it("name path matchers by the MD5 of the host", () => {
    expect(pathMatcherName("*")).toBe("host3389dae361af79b04c9c8e7057f60cc6");
  });

  it.each([
    ["k8s-um-default-ing--uid1", true],
    ["a", true],
    ["a".repeat(63), true],
    ["a".repeat(64), false],
    ["k8s-um-default-my.ing", false],
    ["k8s-um-", false],
    ["1a", false],
    ["A", false],
    ["aB", false],
    ["", false],
    ["a\n", false],
  ])("%j is a name for Compute Engine: %s", (name, fits) => {
    expect(isComputeName(name)).toBe(fits);
  });
});
