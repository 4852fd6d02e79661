import { expect, test } from "vitest";
import { frontendNames, instanceGroupBackendName, negName } from "./names.ts";

// Expected values were computed by the real controller's code.
const IDS = { clusterUid: "uid1", kubeSystemUid: "kube-sys-uid" };

test("a NEG is named after its Service port", () => {
  expect(negName(IDS, "namespace", "name", 123)).toBe("k8s1-uid1-namespace-name-123-35a3c5b0");
});

test("a NEG name that would be too long is trimmed evenly and keeps its hash", () => {
  const name = negName(IDS, "namespace".repeat(5), "name".repeat(9), 123);
  expect(name).toBe("k8s1-uid1-namespacenamespacenam-namenamenamename-1-e3670135");
});

test("a frontend is named after its Ingress", () => {
  expect(frontendNames(IDS, "default", "ing").urlMap).toBe("k8s2-um-4l8ta9og-default-ing-qg6cyehl");
});

test("an instance group backend is named after its node port", () => {
  const ids = { ...IDS, clusterUid: "7c1e09d2a4b85f36" };
  expect(instanceGroupBackendName(ids, 30363)).toBe("k8s-be-30363--7c1e09d2a4b85f36");
});
