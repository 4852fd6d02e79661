import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { diagnosisKind, watchedKinds } from "../../src/kubernetes/kinds.ts";

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

const documents = parseAllDocuments(readFileSync("deploy/rbac.yaml", "utf8")).map((document) =>
  document.toJS(),
);

/** Every single permission, e.g. `list pods` or `get leases.coordination.k8s.io/ingress-doctor`. */
function permissions(kind: "ClusterRole" | "Role"): string[] {
  const rules: readonly Rule[] = documents.find((document) => document.kind === kind).rules;
  return rules
    .flatMap(({ apiGroups, resources, verbs, resourceNames = [""] }) =>
      apiGroups.flatMap((group) =>
        resources.flatMap((resource) =>
          verbs.flatMap((verb) =>
            resourceNames.map((name) => `${verb} ${resource}${group && `.${group}`}${name && `/${name}`}`),
          ),
        ),
      ),
    )
    .sort();
}

test("the controller may read what it watches, and write its diagnoses and Events", () => {
  const watched = [...watchedKinds.filter(({ optIn }) => !optIn), diagnosisKind(() => undefined)];
  const reads = watched.flatMap(({ group, plural }) =>
    ["list", "watch"].map((verb) => `${verb} ${plural}${group && `.${group}`}`),
  );
  const writes = [
    ...["create", "patch", "delete"].map((verb) => `${verb} ingressdiagnoses.ingressdoctor.dev`),
    "patch ingressdiagnoses/status.ingressdoctor.dev",
    "create events.events.k8s.io",
  ];
  expect(permissions("ClusterRole")).toEqual([...reads, ...writes].sort());
});

test("of Leases it may touch its own only, but for creating it", () => {
  expect(permissions("Role")).toEqual([
    "create leases.coordination.k8s.io",
    "get leases.coordination.k8s.io/ingress-doctor",
    "update leases.coordination.k8s.io/ingress-doctor",
  ]);
});

test("Secrets are never mentioned", () => {
  expect(JSON.stringify(documents).toLowerCase()).not.toContain("secret");
});
