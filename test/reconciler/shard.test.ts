import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { keepObjects } from "../../src/kubernetes/kept-objects.ts";
import { watchedKinds } from "../../src/kubernetes/kinds.ts";
import { ordinalOf, ownsKey, ownsNamespace, readsObject, shardOf } from "../../src/reconciler/shard.ts";

const NAMESPACES = Array.from({ length: 10_000 }, (_, index) => `team-${index}`);
const namespace = fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,20}[a-z0-9])?$/);
const count = fc.integer({ min: 1, max: 100 });

function shards(of: number) {
  return Array.from({ length: of }, (_, index) => ({ index, count: of }));
}

describe("the shards of a cluster", () => {
  test("own every namespace, and none of them twice", () => {
    fc.assert(
      fc.property(namespace, count, (name, of) => {
        expect(shards(of).filter((shard) => ownsNamespace(shard, name))).toHaveLength(1);
        expect(shards(of).filter((shard) => ownsKey(shard, `${name}/web`))).toHaveLength(1);
      }),
      { numRuns: 1_000 },
    );
  });

  test("take from the others only what moves to the one that is added", () => {
    fc.assert(
      fc.property(namespace, fc.integer({ min: 1, max: 99 }), (name, of) => {
        const after = shardOf(name, of + 1);
        expect([shardOf(name, of), of]).toContain(after);
      }),
      { numRuns: 1_000 },
    );
  });

  test.each([2, 3, 5, 10])("are of similar size when there are %i", (of) => {
    const sizes = new Array<number>(of).fill(0);
    for (const name of NAMESPACES) sizes[shardOf(name, of)] = (sizes[shardOf(name, of)] ?? 0) + 1;
    const fair = NAMESPACES.length / of;
    expect(Math.min(...sizes)).toBeGreaterThan(fair * 0.9);
    expect(Math.max(...sizes)).toBeLessThan(fair * 1.1);
  });

  test("stay the same from version to version", () => {
    const names = ["default", "shop", "kube-system", "team-a", "team-b", "production"];
    expect(names.map((name) => shardOf(name, 3))).toEqual([0, 2, 0, 2, 2, 2]);
  });
});

describe("what a shard holds", () => {
  const [mine, other] = [0, 1].map((index) => NAMESPACES.find((name) => shardOf(name, 2) === index) ?? "");
  const shard = { index: 0, count: 2 };

  test.each([
    ["pods", mine, true],
    ["pods", other, false],
    ["diagnoses", other, false],
    ["ingresses", other, true],
    ["services", "kube-system", true],
    ["nodes", "", true],
  ] as const)("%s in namespace %j: %j", (kind, name = "", held) => {
    expect(readsObject(shard, kind, name)).toBe(held);
  });

  test("an object of another shard is dropped before it is projected", () => {
    const services = watchedKinds.find(({ plural }) => plural === "services");
    if (services === undefined) throw new Error("services are not watched");
    const kept = keepObjects(services, (kind, name) => readsObject(shard, kind, name));
    const raw = (of = "") => ({ metadata: { name: "web", namespace: of } });
    expect(kept.project(raw(mine))).toMatchObject({ ref: { namespace: mine, name: "web" } });
    expect(kept.project(raw(other))).toBeUndefined();
  });
});

test.each([
  ["ingress-doctor-0", 0],
  ["ingress-doctor-12", 12],
  ["ingress-doctor-3.ingress-doctor.ingress-doctor.svc", 3],
  ["ingress-doctor", undefined],
  ["ingress-doctor-7d9f8b6c5d-x2x4z", undefined],
  ["node7", undefined],
])("the ordinal of %s is %j", (host, ordinal) => {
  expect(ordinalOf(host)).toBe(ordinal);
});
