import { describe, expect, test } from "vitest";
import { KindCache } from "../../src/kubernetes/kind-cache.ts";
import { KeyIndex } from "../../src/kubernetes/object-index.ts";
import type { Partition } from "../../src/kubernetes/partition.ts";
import { projectService } from "../../src/kubernetes/projections/service.ts";
import type { Service } from "../../src/model/service.ts";

function entry(namespace: string, name: string, type = "ClusterIP") {
  const object = projectService({ metadata: { namespace, name }, spec: { type } });
  return { namespace, name, object };
}

function setUp() {
  const log: string[] = [];
  let onChange: (change: { before: Service | undefined; after: Service | undefined }) => void = () =>
    undefined;
  const cache = new KindCache("services", {
    changed: (_kind, change) => {
      log.push(
        `${change.before === undefined ? "+" : change.after === undefined ? "-" : "~"}${nameOf(change)}`,
      );
      onChange(change);
    },
    phaseChanged: (_kind, { phase, objects }) => log.push(`${phase} ${objects}`),
    now: () => 1_000,
  });
  const byType = cache.addIndex(new KeyIndex<Service>((service) => service.type));
  const onChanged = (listener: typeof onChange) => {
    onChange = listener;
  };
  return { cache, byType, log, onChanged };
}

function nameOf({ before, after }: { before: Service | undefined; after: Service | undefined }): string {
  return (after ?? before)?.ref.name ?? "";
}

/** Hands over a list as a watch does, keeping what is unchanged. */
function list(partition: Partition<Service>, ...entries: ReturnType<typeof entry>[]): void {
  partition.replace(
    entries.map((one) => ({ ...one, object: partition.reuse(one) })),
    "synced",
  );
}

describe("one partition", () => {
  test("a list reports differences only, and the phase after them", () => {
    const { cache, log } = setUp();
    const partition = cache.addPartition("services", undefined);
    list(partition, entry("x", "a"), entry("x", "b"));
    expect(log).toEqual(["+a", "+b", "synced 2"]);
    log.length = 0;
    list(partition, entry("x", "a"), entry("x", "c"));
    expect(log).toEqual(["+c", "-b"]);
    log.length = 0;
    list(partition, entry("x", "a", "NodePort"), entry("x", "c"));
    expect(log).toEqual(["~a"]);
  });

  test("whoever is told of one change reads the whole new state, through every index", () => {
    const { cache, byType, onChanged } = setUp();
    const partition = cache.addPartition("services", undefined);
    list(partition, entry("x", "a"), entry("x", "b"));
    const seen: unknown[] = [];
    onChanged(() => {
      const readable = cache.observe(undefined, () => [...cache.all()].length);
      seen.push([readable, byType.get("NodePort").length, byType.get("ClusterIP").length]);
    });
    list(partition, entry("x", "a", "NodePort"), entry("x", "b", "NodePort"), entry("x", "c", "NodePort"));
    expect(seen).toEqual(Array.from({ length: 3 }, () => [{ known: true, value: 3 }, 3, 0]));
  });

  test("the objects of a first list are readable when they are reported", () => {
    const { cache, onChanged } = setUp();
    const partition = cache.addPartition("services", undefined);
    const states: string[] = [];
    onChanged(() => states.push(cache.state().phase));
    list(partition, entry("x", "a"));
    expect(states).toEqual(["synced"]);
  });

  test("several changes of one object between two looks come one by one", () => {
    const { cache, log } = setUp();
    const partition = cache.addPartition("services", undefined);
    list(partition, entry("x", "a"));
    log.length = 0;
    const gone = { namespace: "x", name: "a", object: undefined };
    partition.apply([entry("x", "a", "NodePort"), entry("x", "a", "NodePort"), gone, gone, entry("x", "a")]);
    expect(log).toEqual(["~a", "-a", "+a"]);
    expect(cache.state().objects).toBe(1);
  });

  test("an absent type keeps nothing, a forbidden one keeps what it may not show", () => {
    const { cache, log } = setUp();
    const partition = cache.addPartition("services", undefined);
    list(partition, entry("x", "a"));
    log.length = 0;
    partition.enter("forbidden");
    expect(cache.observe("x", () => cache.get("x", "a"))).toMatchObject({
      known: false,
      reason: "forbidden",
    });
    partition.enter("synced");
    expect(cache.observe("x", () => cache.get("x", "a")?.ref.name)).toEqual({ known: true, value: "a" });
    partition.replace([], "absent");
    expect(log).toEqual(["forbidden 1", "synced 1", "-a", "absent 0"]);
  });
});

describe("several partitions", () => {
  test("namespaces are known one by one, the whole only when all are", () => {
    const { cache, log } = setUp();
    const [x, y] = [cache.addPartition("services", "x"), cache.addPartition("services", "y")];
    list(x, entry("x", "a"));
    expect(cache.observe("x", () => cache.inNamespace("x").length)).toEqual({ known: true, value: 1 });
    expect(cache.observe(undefined, () => 0)).toMatchObject({ known: false, reason: "not-synced" });
    expect(log).toEqual(["+a"]);
    list(y, entry("y", "b"));
    expect(cache.observe(undefined, () => [...cache.all()].length)).toEqual({ known: true, value: 2 });
    expect(log).toEqual(["+a", "+b", "synced 2"]);
    x.enter("forbidden");
    expect(cache.observe("y", () => cache.get("y", "b")?.ref.name)).toEqual({ known: true, value: "b" });
    expect(cache.state().phase).toBe("forbidden");
  });

  test("contact is as old as the oldest", () => {
    const { cache } = setUp();
    const [x] = [cache.addPartition("services", "x"), cache.addPartition("services", "y")];
    x.contacted();
    expect(cache.state()).not.toHaveProperty("lastContactAt");
  });
});
