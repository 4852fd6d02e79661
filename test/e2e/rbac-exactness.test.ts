import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { shardOf } from "../../src/reconciler/shard.ts";
import type { AuditEntry } from "../controlplane/audit.ts";
import { eventually, waitFor } from "../controlplane/eventually.ts";
import { applyManifests } from "../controlplane/manifests.ts";
import type { Values } from "../deploy/helm.ts";
import { ChartRelease, type Grant, grantsOf, grantText, SHOP } from "./rbac/chart-release.ts";
import { INGRESSES, ORPHAN, shopManifests } from "./rbac/shop.ts";
import { DIAGNOSIS } from "./reconciler/cluster.ts";

const FORBIDDEN = 403;

/** Whether a grant was what a request was let through for. */
function isFor({ namespace, permission }: Grant, entry: AuditEntry): boolean {
  if (entry.group !== permission.group || entry.resource !== permission.resource) return false;
  if (namespace !== undefined && entry.namespace !== namespace) return false;
  if (permission.name !== undefined && entry.name !== permission.name) return false;
  // Server-side apply of an object that does not exist is a patch in the log, and is asked for create as well.
  const isCreating = entry.verb === "patch" && entry.code === 201;
  return entry.verb === permission.verb || (permission.verb === "create" && isCreating);
}

describe.each<[string, Values, ...string[]]>([
  ["of the whole cluster", {}],
  ["of one namespace", { namespaces: [SHOP] }],
  // A pod finds its shard by its name; the test's process is no pod.
  ["of a shard", { sharding: { shards: 2 } }, `--shard=${shardOf(SHOP, 2)}`],
])("the permissions %s", (_name, values, ...more) => {
  let release: ChartRelease;
  let granted: readonly Grant[];
  beforeAll(async () => {
    granted = await grantsOf(values);
    release = await ChartRelease.install(values);
    await applyManifests(release.client, [...shopManifests(), ORPHAN]);
    const controller = await (await release.startController(...more)).ready();
    for (const name of INGRESSES) await eventually(() => release.client.get(DIAGNOSIS, name, SHOP));
    await waitFor(
      async () => (await release.client.find(DIAGNOSIS, ORPHAN.metadata.name, SHOP)) === undefined,
    );
    await controller.idle();
    // Watches are in the log when they end.
    await controller.stop();
  });
  afterAll(() => release?.stop());

  test("are used, every one of them", () => {
    const requests = release.requests().filter(({ code }) => code !== FORBIDDEN);
    const used = granted.filter((grant) => requests.some((entry) => isFor(grant, entry)));
    expect(used.map(grantText)).toEqual(granted.map(grantText));
  });

  test("are enough: nothing was refused", () => {
    const requests = release.requests();
    expect(requests.length).toBeGreaterThan(granted.length);
    expect(requests.filter(({ code }) => code === FORBIDDEN)).toEqual([]);
    expect(requests.filter((entry) => !granted.some((grant) => isFor(grant, entry)))).toEqual([]);
  });
});
