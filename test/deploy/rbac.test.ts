import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { diagnosisKind, watchedKinds } from "../../src/kubernetes/kinds.ts";
import { parseManifests } from "../controlplane/manifests.ts";
import { permissionsOf, permissionText } from "./permissions.ts";

const manifests = parseManifests(readFileSync("deploy/rbac.yaml", "utf8"));

function permissions(kind: "ClusterRole" | "Role", name: string): string[] {
  const role = manifests.find((manifest) => manifest.kind === kind && manifest.metadata.name === name);
  if (role === undefined) throw new Error(`deploy/rbac.yaml has no ${kind} ${name}`);
  return permissionsOf(role).map(permissionText).sort();
}

test("the controller may read what it watches, and write its diagnoses and Events", () => {
  const watched = [...watchedKinds.filter(({ optIn }) => !optIn), diagnosisKind(() => undefined)];
  const reads = watched.flatMap(({ group, plural: resource }) =>
    ["list", "watch"].map((verb) => permissionText({ verb, group, resource })),
  );
  const writes = [
    ...["create", "patch", "delete"].map((verb) => `${verb} ingressdiagnoses.ingressdoctor.dev`),
    "patch ingressdiagnoses/status.ingressdoctor.dev",
    "create events.events.k8s.io",
  ];
  expect(permissions("ClusterRole", "ingress-doctor")).toEqual([...reads, ...writes].sort());
});

test("of Leases it may touch its own only, but for creating it", () => {
  expect(permissions("Role", "ingress-doctor-lease")).toEqual([
    "create leases.coordination.k8s.io",
    "get leases.coordination.k8s.io/ingress-doctor",
    "update leases.coordination.k8s.io/ingress-doctor",
  ]);
});

test("whoever may view a namespace may read its diagnoses, and nothing more", () => {
  expect(permissions("ClusterRole", "ingress-doctor-view")).toEqual([
    "get ingressdiagnoses.ingressdoctor.dev",
    "list ingressdiagnoses.ingressdoctor.dev",
    "watch ingressdiagnoses.ingressdoctor.dev",
  ]);
});

test("these are all the roles, and Secrets are never mentioned", () => {
  expect(manifests.filter(({ kind }) => kind.endsWith("Role"))).toHaveLength(3);
  expect(JSON.stringify(manifests).toLowerCase()).not.toContain("secret");
});
