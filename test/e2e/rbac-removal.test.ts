import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isAllowed } from "../controlplane/access-review.ts";
import { eventually, waitFor } from "../controlplane/eventually.ts";
import type { Manifest } from "../controlplane/kube-object.ts";
import { applyManifests } from "../controlplane/manifests.ts";
import { RELEASE, type Values } from "../deploy/helm.ts";
import { without } from "../deploy/permissions.ts";
import { ChartRelease, type Grant, grantsOf, grantText, SHOP } from "./rbac/chart-release.ts";
import { INGRESSES, ORPHAN, shopManifests } from "./rbac/shop.ts";
import { symptomOf } from "./rbac/symptom.ts";
import { DIAGNOSIS } from "./reconciler/cluster.ts";

const SCOPES: readonly (readonly [string, Values, readonly Grant[]])[] = [
  ["of the whole cluster", {}, await grantsOf({})],
  ["of one namespace", { namespaces: [SHOP] }, await grantsOf({ namespaces: [SHOP] })],
];

describe.each(SCOPES)("the permissions %s", (_name, values, grants) => {
  let release: ChartRelease;
  beforeAll(async () => {
    release = await ChartRelease.install(values);
    await applyManifests(release.client, shopManifests());
  });
  afterAll(() => release?.stop());

  /** Applies a role and waits until the server judges by it. */
  async function applyRole(role: Manifest, grant: Grant, expected: boolean): Promise<void> {
    await release.client.apply(role);
    const access = { ...grant.permission, namespace: grant.namespace };
    await waitFor(async () => (await isAllowed(release.client, RELEASE, access)) === expected);
  }

  /** Leaves a new controller everything to do, and nothing to wait for. */
  async function forgetEverything(): Promise<void> {
    const { client } = release;
    for (const name of INGRESSES) await client.delete({ ...ORPHAN, metadata: { ...ORPHAN.metadata, name } });
    await client.apply(ORPHAN);
    await release.freeLease();
  }

  test("all there, none is missed", async () => {
    await forgetEverything();
    const controller = await (await release.startController()).ready();
    for (const name of INGRESSES) await eventually(() => release.client.get(DIAGNOSIS, name, SHOP));
    await controller.idle();
    for (const { permission } of grants) {
      await expect(symptomOf(permission)(controller, release)).rejects.toThrow();
    }
    await controller.kill();
  });

  test.each(grants.map((grant) => [grantText(grant), grant] as const))("without %s", async (_text, grant) => {
    await forgetEverything();
    await applyRole(without(grant.role, grant.permission), grant, false);
    const controller = await release.startController();
    try {
      await eventually(() => symptomOf(grant.permission)(controller, release));
    } finally {
      await controller.kill();
      await applyRole(grant.role, grant, true);
    }
  });
});
