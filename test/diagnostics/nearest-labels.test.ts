import { describe, expect, test } from "vitest";
import { nearestLabels } from "../../src/diagnostics/nearest-labels.ts";
import { stringMap } from "../../src/model/refs.ts";
import { ref } from "../support/builders.ts";

function pod(name: string, labels: Readonly<Record<string, string>>) {
  return { ref: ref("v1", "Pod", name), labels: stringMap(labels) };
}

function deployment(name: string, labels: Readonly<Record<string, string>>) {
  return { ref: ref("apps/v1", "Deployment", name), labels: stringMap(labels) };
}

function near(selector: Readonly<Record<string, string>>, ...candidates: ReturnType<typeof pod>[]) {
  return nearestLabels(stringMap(selector), candidates, "web");
}

describe("the labels that a selector may have been meant for", () => {
  test("differ by a slip of the pen", () => {
    expect(near({ app: "wbe" }, pod("p", { app: "web", "pod-template-hash": "wbe" }))).toMatchObject({
      wanted: { app: "web" },
      changes: { app: "web" },
      sure: true,
    });
  });

  test("stand under another key, the one spelt alike first", () => {
    const found = near({ nam: "front" }, pod("p", { app: "front", name: "front" }));
    expect(found).toMatchObject({
      changes: { nam: null, name: "front" },
      wanted: { name: "front" },
      sure: true,
    });
  });

  test("are no labels that controllers write", () => {
    expect(near({ app: "abc" }, pod("p", { "pod-template-hash": "abc" }))).toBeUndefined();
  });

  test("drop a pair that nothing carries when another one holds, but only as a guess", () => {
    const found = near({ app: "front", tier: "gold" }, pod("p", { app: "front" }));
    expect(found).toMatchObject({ changes: { tier: null }, wanted: { app: "front" }, sure: false });
  });

  test("are those of the workload of the Service's name, if nothing is nearer", () => {
    const named = deployment("web", { run: "web-server" });
    expect(near({ app: "front" }, named)).toBeUndefined();
    expect(near({ run: "front" }, named, deployment("other", { run: "batch" }))).toMatchObject({
      ref: { name: "web" },
      changes: { run: "web-server" },
      sure: true,
    });
    expect(near({ run: "front" }, named, deployment("other", { run: "frnt" }))?.ref.name).toBe("other");
  });

  test("are the workload's rather than its pods', whatever the order", () => {
    const candidates = [pod("a", { app: "web" }), deployment("z", { app: "web" })];
    expect(near({ app: "wbe" }, ...candidates)?.ref.kind).toBe("Deployment");
    expect(near({ app: "wbe" }, ...candidates.reverse())?.ref.kind).toBe("Deployment");
  });

  test("are none where everything differs", () => {
    expect(near({ app: "front" }, pod("p", { app: "database" }))).toBeUndefined();
    expect(near({ app: "front" })).toBeUndefined();
  });
});
