import { describe, expect, test } from "vitest";
import { admissionOf } from "../../src/diagnostics/admitted-sources.ts";
import type { NetworkPolicyPort, NetworkPolicyRule } from "../../src/model/gke-config.ts";
import { networkPolicy, pod, ref } from "../support/builders.ts";

const HEALTH_CHECKS = "35.191.0.0/16";

function refused(...rules: readonly NetworkPolicyRule[]): boolean {
  return admissionOf([networkPolicy({ ingress: rules })], pod(1), 8080, [HEALTH_CHECKS]).refused.length > 0;
}

function block(cidr: string, ...except: readonly string[]) {
  return [{ cidr, except }];
}

describe("a pod that a policy selects", () => {
  test("is closed until a rule opens it; rules of all its policies add up", () => {
    expect(refused()).toBe(true);
    const open = networkPolicy({ ingress: [{ from: undefined, ports: undefined }] });
    const admission = admissionOf(
      [open, networkPolicy({ ref: ref("networking.k8s.io/v1", "NetworkPolicy", "a") })],
      pod(1),
      8080,
      [HEALTH_CHECKS],
    );
    expect(admission.refused).toEqual([]);
    expect(admission.policies.map((policy) => policy.ref.name)).toEqual(["a", "deny-all"]);
  });

  test("is open to a block only when all of it is admitted", () => {
    expect(refused({ from: block("0.0.0.0/0"), ports: undefined })).toBe(false);
    expect(refused({ from: block("35.191.0.0/17"), ports: undefined })).toBe(true);
    expect(refused({ from: block("0.0.0.0/0", "10.0.0.0/8"), ports: undefined })).toBe(false);
    expect(refused({ from: block("0.0.0.0/0", "35.191.4.0/24"), ports: undefined })).toBe(true);
    expect(refused({ from: block("::/0"), ports: undefined })).toBe(true);
    expect(refused({ from: [], ports: undefined })).toBe(true);
  });

  test.each<[NetworkPolicyPort, boolean]>([
    [{ protocol: "TCP" }, false],
    [{ protocol: "TCP", port: 8080 }, false],
    [{ protocol: "TCP", port: 8000, endPort: 8100 }, false],
    [{ protocol: "TCP", port: 8081, endPort: 8100 }, true],
    [{ protocol: "TCP", port: "http" }, false],
    [{ protocol: "TCP", port: "metrics" }, true],
    [{ protocol: "TCP", port: 80 }, true],
    [{ protocol: "UDP", port: 8080 }, true],
  ])("is open on the port that %j names, or closed", (port, closed) => {
    expect(refused({ from: undefined, ports: [port] })).toBe(closed);
  });
});

describe("a pod that no policy selects is open", () => {
  test.each([
    ["other labels", networkPolicy({ podSelector: { matchLabels: { app: "db" }, matchExpressions: [] } })],
    ["another direction", networkPolicy({ restrictsIngress: false })],
    ["another namespace", networkPolicy({ ref: ref("networking.k8s.io/v1", "NetworkPolicy", "a", "other") })],
  ])("%s", (_, policy) => {
    expect(admissionOf([policy], pod(1), 8080, [HEALTH_CHECKS])).toEqual({ policies: [], refused: [] });
  });
});
