import { execFile } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Access, type Account, isAllowed } from "../controlplane/access-review.ts";
import { locateBinaries } from "../controlplane/binaries.ts";
import { waitFor } from "../controlplane/eventually.ts";
import { servedResources } from "../controlplane/inventory.ts";
import { RELEASE, type Values } from "../deploy/helm.ts";
import { permissionText } from "../deploy/permissions.ts";
import { ChartRelease, type Grant, grantsOf, SHOP } from "./rbac/chart-release.ts";

const VERBS = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"];

const { kubectl } = await locateBinaries();

/** What every ServiceAccount may do, such as ask what it may do. */
const NOBODY: Account = { namespace: RELEASE.namespace, name: "default" };

const textOf = (access: Access) =>
  `${permissionText(named(access))} in ${access.namespace ?? "all namespaces"}`;

function named({ verb, group, resource, name }: Access) {
  return { verb, group, resource, ...(name === undefined ? {} : { name }) };
}

/** Whether one of the grants covers this. */
function isGranted(grants: readonly Grant[], { verb, group, resource, name, namespace }: Access): boolean {
  return grants.some(
    ({ permission, namespace: where }) =>
      permission.verb === verb &&
      permission.group === group &&
      permission.resource === resource &&
      (where === undefined || where === namespace) &&
      (permission.name === undefined || permission.name === name),
  );
}

describe.each<[string, Values]>([
  ["the whole cluster", {}],
  ["one namespace", { namespaces: [SHOP] }],
])("diagnosing %s", (_name, values) => {
  let release: ChartRelease;
  let grants: readonly Grant[];
  beforeAll(async () => {
    grants = await grantsOf(values);
    release = await ChartRelease.install(values);
  });
  afterAll(() => release?.stop());

  /** Every verb on everything the server serves, of any name and of the release's, here and there. */
  async function questions(): Promise<Access[]> {
    const served = await servedResources(release.client);
    const scopes = [undefined, SHOP, "kube-system", RELEASE.namespace];
    return served.flatMap(({ group, resource }) =>
      VERBS.flatMap((verb) =>
        scopes.flatMap((namespace) =>
          [undefined, RELEASE.name].map((name) => ({ verb, group, resource, namespace, name })),
        ),
      ),
    );
  }

  test("the ServiceAccount may do what the roles say and nothing else", async () => {
    const asked = await questions();
    expect(asked.length).toBeGreaterThan(5_000);
    const allowed: string[] = [];
    for (const access of asked) {
      if (!(await isAllowed(release.client, RELEASE, access))) continue;
      const isEverybodys = !isGranted(grants, access) && (await isAllowed(release.client, NOBODY, access));
      if (!isEverybodys) allowed.push(textOf(access));
    }
    expect(allowed).toEqual(asked.filter((access) => isGranted(grants, access)).map(textOf));
  }, 180_000);

  test("who may view a namespace may read its diagnoses, and not write them", async () => {
    const viewer = { namespace: SHOP, name: "viewer" };
    await release.client.create({
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "RoleBinding",
      metadata: { name: "viewers", namespace: SHOP },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" },
      subjects: [{ kind: "ServiceAccount", ...viewer }],
    });
    const may = (verb: string, namespace: string) =>
      isAllowed(release.client, viewer, {
        verb,
        group: "ingressdoctor.dev",
        resource: "ingressdiagnoses",
        namespace,
      });
    await waitFor(() => may("list", SHOP), { what: "the aggregation of the role" });
    expect([await may("get", SHOP), await may("watch", SHOP)]).toEqual([true, true]);
    expect([await may("patch", SHOP), await may("list", "kube-system")]).toEqual([false, false]);
  });

  test.skipIf(kubectl === undefined).each([
    ["list", "ingresses", "yes"],
    ["watch", "pods", "yes"],
    ["get", "secrets", "no"],
    ["update", "ingresses", "no"],
    ["create", "pods/exec", "no"],
    ["get", "pods/log", "no"],
    ["impersonate", "serviceaccounts", "no"],
  ])("kubectl auth can-i %s %s: %s", async (verb, resource, answer) => {
    const kubeconfig = join(release.controlPlane.directory, "admin.kubeconfig");
    const as = `--as=system:serviceaccount:${RELEASE.namespace}:${RELEASE.name}`;
    const args = ["--kubeconfig", kubeconfig, "auth", "can-i", verb, resource, as, "-n", SHOP];
    const said = await new Promise<string>((resolve) => {
      execFile(kubectl ?? "", args, (_error, stdout) => resolve(stdout));
    });
    expect(said.trim()).toBe(answer);
  });
});
